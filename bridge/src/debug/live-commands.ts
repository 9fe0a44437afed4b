/** events, stanzas: what happens to one tenant, as it happens. */
import { once } from "node:events";
import type { Answer, Call, Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import type { EventFeed } from "./event-feed.js";
import { shownEvent } from "./event-redaction.js";
import { shownStanza } from "./stanza-redaction.js";

/** Shows what `open` tells until the caller has enough. */
async function watch(call: Call, what: string, open: () => () => void): Promise<Answer> {
  const close = open();
  call.show({ text: `Watching ${what}. Any line ends it.`, json: { watching: what } });
  try {
    if (!call.stopped.aborted) await once(call.stopped, "abort");
  } finally {
    close();
  }
  return { text: "No longer watching.", json: { watching: null } };
}

function events(deps: DebugDeps, feed: EventFeed, call: Call): Promise<Answer> {
  const { tenantId } = deps.sessions.get(call.args[0] ?? "");
  const unredacted = call.flag("unredacted") !== undefined;
  if (unredacted) deps.log.warn({ tenantId }, "an operator watches a tenant's events unredacted");
  return watch(call, `the events of ${tenantId}`, () =>
    feed.open(tenantId, (occurredAtMs, data) => {
      const event = shownEvent(data, unredacted);
      call.show({ text: `${new Date(occurredAtMs).toISOString()} ${JSON.stringify(event)}`, json: { occurredAtMs, event } });
    }),
  );
}

function stanzas(deps: DebugDeps, call: Call): Promise<Answer> {
  const { tenantId } = deps.sessions.get(call.args[0] ?? "");
  const unredacted = call.flag("unredacted") !== undefined;
  if (unredacted) deps.log.warn({ tenantId }, "an operator watches a tenant's stanzas unredacted");
  return watch(call, `the stanzas of ${tenantId}`, () =>
    deps.taps.open(tenantId, ({ direction, xml }) => {
      const stanza = shownStanza(xml, unredacted);
      const atMs = Date.now();
      call.show({ text: `${new Date(atMs).toISOString()} ${direction === "in" ? "←" : "→"}\n${stanza}`, json: { atMs, direction, stanza } });
    }),
  );
}

export function liveCommands(deps: DebugDeps, feed: EventFeed): Command[] {
  const shared = { usage: "<tenant> [--unredacted]", changes: false, live: true, args: { min: 1, max: 1 }, flags: { unredacted: "switch" } } as const;
  return [
    {
      name: "events",
      ...shared,
      says: "A tenant's events as they are recorded, without texts and names unless --unredacted says otherwise.",
      run: (call) => events(deps, feed, call),
    },
    {
      name: "stanzas",
      ...shared,
      says: "What goes over a tenant's connection, both ways, without contents and names unless --unredacted says otherwise.",
      run: (call) => stanzas(deps, call),
    },
  ];
}
