import { child, el, textOf } from "../wire/stanza.js";
import { cappingInfo } from "../service/strike.js";
import type { Channels } from "../world/channels.js";
import type { Faults } from "../world/faults.js";
import { channelQuery, MexError } from "./newsletter.js";
import type { IqHandler } from "./request.js";

/** Asks how many new chats the account may still begin (Baileys Types/Mex.js, QueryIds). */
const CAPPING_QUERY = "24503548349331633";
/** Asks whether the account may begin new chats. */
const TIMELOCK_QUERY = "23983697327930364";

/** GraphQL queries: the account's standing is spotless unless a fault says otherwise; channels; everything else is not offered. */
export const mexHandler = (faults: Faults, channels: Channels): IqHandler => ({ person }, iq) => {
  const query = child(iq, "query");
  const id = query?.attrs["query_id"] ?? "";
  const body = answer(() => {
    const { variables = {} } = JSON.parse(textOf(query) ?? "{}") as { variables?: unknown };
    const data = standing(faults, id, person.number) ?? channelQuery(channels, id, person.number, variables);
    if (!data) throw new MexError(501, `not offered by the sandbox: ${textOf(query) ?? ""}`);
    return data;
  });
  return { content: [el("result", {}, Buffer.from(JSON.stringify(body)))] };
};

function answer(find: () => object): object {
  try {
    return { data: find() };
  } catch (err) {
    const { code, message } = err instanceof MexError ? err : new MexError(400, "not understood");
    return { data: null, errors: [{ message, extensions: { error_code: code } }] };
  }
}

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
