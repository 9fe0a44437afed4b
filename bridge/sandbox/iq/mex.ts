import { child, el, textOf } from "../wire/stanza.js";
import type { Faults } from "../world/faults.js";
import type { IqHandler } from "./request.js";

/** Answers by query id (Baileys Types/Mex.js, QueryIds). */
const ANSWERS: Partial<Record<string, object>> = {
  "24503548349331633": {
    xwa2_message_capping_info: {
      total_quota: 1000, used_quota: 0, cycle_start_timestamp: "0", cycle_end_timestamp: "0", server_sent_timestamp: "0",
      ote_status: "NOT_ELIGIBLE", mv_status: "NOT_ELIGIBLE", capping_status: "NONE",
    },
  },
};

/** Asks whether the account may begin new chats. */
const TIMELOCK_QUERY = "23983697327930364";

/** GraphQL queries: the account's standing is spotless unless a fault says otherwise; everything else is not offered. */
export const mexHandler = (faults: Faults): IqHandler => ({ person }, iq) => {
  const query = child(iq, "query");
  const id = query?.attrs["query_id"] ?? "";
  const data = id === TIMELOCK_QUERY ? { xwa2_fetch_account_reachout_timelock: timelock(faults, person.number) } : ANSWERS[id];
  const body = data
    ? { data }
    : { data: null, errors: [{ message: `not offered by the sandbox: ${textOf(query) ?? ""}`, extensions: { error_code: 501 } }] };
  return { content: [el("result", {}, Buffer.from(JSON.stringify(body)))] };
};

function timelock(faults: Faults, number: string): object {
  const fault = faults.find("timelock", number);
  if (!fault) return { is_active: false, time_enforcement_ends: "0", enforcement_type: "DEFAULT" };
  const ends = fault.ms === undefined ? "0" : String(Math.ceil((Date.now() + fault.ms) / 1000));
  return { is_active: true, time_enforcement_ends: ends, enforcement_type: "WEB_COMPANION_ONLY" };
}
