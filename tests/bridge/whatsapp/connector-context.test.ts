import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { ConnectGate } from "../../../bridge/src/whatsapp/connect-gate.js";
import { Connector, type ConnectorDeps } from "../../../bridge/src/whatsapp/connector.js";
import type { SessionRecord } from "../../../bridge/src/whatsapp/session-record.js";

/** Stands for what tells on whose behalf code runs. */
const behalf = new AsyncLocalStorage<string>();

const BEHALF = "a connection that ended";

/** A connector, and in whose context it opens its connection. */
function connector(gate: ConnectGate): { connector: Connector; opened: Promise<string | undefined> } {
  let resolve: (found: string | undefined) => void = () => undefined;
  const opened = new Promise<string | undefined>((found) => (resolve = found));
  const deps = {
    gate,
    journal: { full: false },
    store: { writer: { probe: () => true } },
    outbound: { offline: () => undefined },
    openLink: () => {
      resolve(behalf.getStore());
      return { ended: Promise.resolve() };
    },
  } as unknown as ConnectorDeps;
  const record = { row: { tenantId: "acme", shouldRun: true, state: "reconnecting" }, pairing: {}, dropCodes: () => undefined } as unknown as SessionRecord;
  return { connector: new Connector(deps, record), opened };
}

// Whatever is made in a context holds it, and with it the connection that ended, its keys and its caches.
test("a connection that follows on another one's end is opened on nobody's behalf", async () => {
  const { connector: session, opened } = connector(new ConnectGate(1));
  behalf.run(BEHALF, () => {
    session.connect();
  });
  assert.equal(await opened, undefined);
  session.drop();
});

test("so is one that another session's end lets in", async () => {
  const gate = new ConnectGate(1);
  const leave = gate.request(() => undefined);
  const { connector: session, opened } = connector(gate);
  session.connect();
  await new Promise((resolve) => setImmediate(resolve));
  behalf.run(BEHALF, leave);
  assert.equal(await opened, undefined);
  session.drop();
});
