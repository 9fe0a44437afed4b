// What the page asks of the gateway. The link's token is in the address behind the #, which browsers send nowhere; it
// goes into a header once, for the token of this visit, and a reload goes on with the visit instead of using the link up.

const SILENCE_MS = 20_000;
const KEPT = "connect";

/** An answer that is no success. over: the link opens nothing any more. */
export class Refusal extends Error {
  /** @param {string} code @param {boolean} over */
  constructor(code, over) {
    super(code);
    this.code = code;
    this.over = over;
  }
}

const OVER = ["unauthorized", "tenant_suspended", "tenant_not_found"];

/** Open the link in the address. Returns {visit, method, language, brand, returnUrl, expiresAt}; throws Refusal, TypeError. */
export async function open(token) {
  if (token === "") throw new Refusal("unauthorized", true);
  const kept = recall();
  if (kept?.token === token) return kept.opened;
  const opened = await ask(token, "POST", "visits");
  keep({ token, opened });
  return opened;
}

/** One request; returns its answer's object, throws Refusal, or TypeError where nobody answers. */
export async function ask(token, method, name, body = undefined) {
  const answer = await fetch(address(name), {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(40_000),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw refusal(answer.status, said.code);
  return said;
}

/**
 * Call `tell` with each state until the link is over; returns the code that says why, null when the stream just ended.
 * Throws Refusal, TypeError.
 */
export async function watch(token, tell, signal) {
  const stop = new AbortController();
  const leave = () => stop.abort();
  signal.addEventListener("abort", leave);
  let timer = setTimeout(leave, SILENCE_MS);
  try {
    const answer = await fetch(address("events"), {
      headers: { Authorization: `Bearer ${token}` },
      cache: "no-store",
      credentials: "omit",
      signal: stop.signal,
    });
    if (!answer.ok) throw refusal(answer.status, (await answer.json().catch(() => ({}))).code);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return null;
      clearTimeout(timer);
      timer = setTimeout(leave, SILENCE_MS);
      const frames = (waiting + value).split("\n\n");
      waiting = frames.pop();
      for (const frame of frames) {
        const { event, data } = parsed(frame);
        if (event === "state") tell(JSON.parse(data));
        if (event === "ended") return JSON.parse(data).code;
      }
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
    stop.abort();
  }
}

function parsed(frame) {
  const fields = { event: "", data: "" };
  for (const line of frame.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return fields;
}

function refusal(status, code = "other") {
  return new Refusal(code, status === 401 || status === 410 || OVER.includes(code));
}

function address(name) {
  // Beside the page, wherever a proxy has put it.
  return new URL(`api/v1/connect/${name}`, document.baseURI);
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    return null; // Storage is forbidden in some windows; a reload then opens the link once more.
  }
}

function keep(value) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(value));
  } catch {
    // As above.
  }
}
