import { child, el, textOf } from "../wire/stanza.js";
import type { IqHandler } from "./request.js";

/** Answers by query id (Baileys Types/Mex.js, QueryIds). */
const ANSWERS: Partial<Record<string, object>> = {
  "23983697327930364": { xwa2_fetch_account_reachout_timelock: { is_active: false, time_enforcement_ends: "0", enforcement_type: "DEFAULT" } },
  "24503548349331633": {
    xwa2_message_capping_info: {
      total_quota: 1000, used_quota: 0, cycle_start_timestamp: "0", cycle_end_timestamp: "0", server_sent_timestamp: "0",
      ote_status: "NOT_ELIGIBLE", mv_status: "NOT_ELIGIBLE", capping_status: "NONE",
    },
  },
};

/** GraphQL queries: the account's standing is spotless; everything else is not offered. */
export const mexHandler: IqHandler = (_session, iq) => {
  const query = child(iq, "query");
  const data = ANSWERS[query?.attrs["query_id"] ?? ""];
  const body = data
    ? { data }
    : { data: null, errors: [{ message: `not offered by the sandbox: ${textOf(query) ?? ""}`, extensions: { error_code: 501 } }] };
  return { content: [el("result", {}, Buffer.from(JSON.stringify(body)))] };
};
