import { child, el, textOf } from "../wire/stanza.js";
import { ChannelError } from "../service/channeling.js";
import { cappingInfo } from "../service/strike.js";
import type { Faults } from "../world/faults.js";
import type { channelQueries } from "./channelmex.js";
import type { IqHandler } from "./request.js";

/** Asks how many new chats the account may still begin (Baileys Types/Mex.js, QueryIds). */
const CAPPING_QUERY = "24503548349331633";
/** Asks whether the account may begin new chats. */
const TIMELOCK_QUERY = "23983697327930364";

/** GraphQL queries: the account's standing, which is spotless unless a fault says otherwise, and channels. */
export function mexHandler(faults: Faults, channels: ReturnType<typeof channelQueries>): IqHandler {
  return async ({ person }, iq) => {
    const query = child(iq, "query");
    const id = query?.attrs["query_id"] ?? "";
    const standing = standingOf(faults, id, person.number);
    const ask = Object.hasOwn(channels, id) ? channels[id] : undefined;
    let body: object = refusal(501, `not offered by the sandbox: ${textOf(query) ?? ""}`);
    if (standing) body = { data: standing };
    else if (ask) {
      try {
        const [path, value] = await ask(person, variablesOf(textOf(query)));
        body = { data: { [path]: value } };
      } catch (err) {
        if (!(err instanceof ChannelError)) throw err;
        body = refusal(err.code, err.message);
      }
    }
    return { content: [el("result", {}, Buffer.from(JSON.stringify(body)))] };
  };
}

function refusal(code: number, message: string): object {
  return { data: null, errors: [{ message, extensions: { error_code: code } }] };
}

function variablesOf(text: string | undefined): object {
  try {
    const parsed = JSON.parse(text ?? "") as { variables?: unknown } | null;
    return typeof parsed?.variables === "object" && parsed.variables !== null ? parsed.variables : {};
  } catch {
    throw new ChannelError(400, "the query is no JSON");
  }
}

function standingOf(faults: Faults, query: string, number: string): object | undefined {
  if (query === TIMELOCK_QUERY) return { xwa2_fetch_account_reachout_timelock: timelock(faults, number) };
  return query === CAPPING_QUERY ? { xwa2_message_capping_info: cappingInfo(faults.find("capping", number)) } : undefined;
}

function timelock(faults: Faults, number: string): object {
  const fault = faults.find("timelock", number, ({ since, ms }) => ms === undefined || since + ms > Date.now());
  if (!fault) return { is_active: false, time_enforcement_ends: "0", enforcement_type: "DEFAULT" };
  const ends = fault.ms === undefined ? "0" : String(Math.ceil((fault.since + fault.ms) / 1000));
  return { is_active: true, time_enforcement_ends: ends, enforcement_type: "WEB_COMPANION_ONLY" };
}
