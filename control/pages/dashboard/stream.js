// Server-sent events read with fetch and not with EventSource, which can send no header and drops kinds it was not told of.

import { ApiError } from "./api.js";

const QUIET_MS = 40_000; // The gateway says something every 15 seconds.
const AGAIN_MS = [500, 1000, 2000, 5000, 10_000];

/**
 * Follow a stream for as long as a view lives, again after every break.
 * @param {{api: any, lifetime: any, address: (lastId: string | null) => string, took: (name: string, data: any) => void,
 *   state?: (state: string, error?: any) => void, nudge?: EventTarget}} what
 *   state: open, broken; `broken` with the error that broke it. nudge: its event `go` says that trying again is worth it now
 */
export async function follow({ api, lifetime, address, took, state = () => {}, nudge }) {
  let lastId = null;
  let failures = 0;
  while (!lifetime.over) {
    const link = new AbortController();
    const end = () => link.abort();
    lifetime.signal.addEventListener("abort", end);
    try {
      const response = await api.open(address(lastId), link.signal);
      state("open");
      for await (const event of read(response.body, link)) {
        failures = 0;
        if (event.id !== null) lastId = event.id;
        took(event.name, JSON.parse(event.data));
      }
      // Ended in order, as it is when its token is over: it is broken if it cannot be opened again.
    } catch (error) {
      if (lifetime.over) return;
      if (!(error instanceof ApiError) && !(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
      state("broken", error);
    } finally {
      lifetime.signal.removeEventListener("abort", end);
      link.abort();
    }
    await lifetime.sleep(AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)], nudge);
    failures += 1;
  }
}

async function* read(body, link) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const timer = setTimeout(() => link.abort(), QUIET_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block) {
  const event = { id: null, name: "message", data: "" };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") event.id = value;
    else if (name === "event") event.name = value;
    else if (name === "data") event.data += value;
  }
  return event.data === "" ? null : event;
}
