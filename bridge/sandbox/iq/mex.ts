import { child, el, textOf } from "../wire/stanza.js";
import { cappingInfo } from "../service/strike.js";
import type { Faults } from "../world/faults.js";
import type { IqHandler } from "./request.js";

/** Asks how many new chats the account may still begin (Baileys Types/Mex.js, QueryIds). */
const CAPPING_QUERY = "24503548349331633";
/** Asks whether the account may begin new chats. */
const TIMELOCK_QUERY = "23983697327930364";

/** GraphQL queries: the account's standing is spotless unless a fault says otherwise; everything else is not offered. */
export const mexHandler = (faults: Faults): IqHandler => ({ person }, iq) => {
  const query = child(iq, "query");
  const id = query?.attrs["query_id"] ?? "";
  const data = standing(faults, id, person.number);
  const body = data
    ? { data }
    : { data: null, errors: [{ message: `not offered by the sandbox: ${textOf(query) ?? ""}`, extensions: { error_code: 501 } }] };
  return { content: [el("result", {}, Buffer.from(JSON.stringify(body)))] };
};

function standing(faults: Faults, query: string, number: string): object | undefined {
  if (query === TIMELOCK_QUERY) return { xwa2_fetch_account_reachout_timelock: timelock(faults, number) };
  return query === CAPPING_QUERY ? { xwa2_message_capping_info: cappingInfo(faults.find("capping", number)) } : undefined;
}

function timelock(faults: Faults, number: string): object {
  const fault = faults.find("timelock", number, ({ since, ms }) => ms === undefined || since + ms > Date.now());
  if (!fault) return { is_active: false, time_enforcement_ends: "0", enforcement_type: "DEFAULT" };
  const ends = fault.ms === undefined ? "0" : String(Math.ceil((fault.since + fault.ms) / 1000));
  return { is_active: true, time_enforcement_ends: ends, enforcement_type: "WEB_COMPANION_ONLY" };
}
