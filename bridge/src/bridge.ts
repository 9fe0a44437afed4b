/** The whole bridge, put together: store, journal, sessions and the RPC on top, and taken down in the other order. */
import { createRequire } from "node:module";
import type { Config } from "./config.js";
import { Journal } from "./events/journal.js";
import { Puller } from "./events/pull.js";
import { startUpkeep } from "./events/upkeep.js";
import type { Logger } from "./log.js";
import { eventMethods } from "./methods/event.js";
import { messageMethods } from "./methods/message.js";
import { pendingMethods } from "./methods/pending.js";
import { sessionSetupMethods } from "./methods/session-setup.js";
import { sessionMethods } from "./methods/session.js";
import { storeMethods } from "./methods/store.js";
import { systemMethods } from "./methods/system.js";
import { makeDispatch } from "./rpc/dispatch.js";
import { Listener } from "./rpc/listener.js";
import { Dispatcher } from "./sending/dispatcher.js";
import { Intake } from "./sending/intake.js";
import { OutboxView } from "./sending/outbox-view.js";
import { Ungoverned } from "./sending/ungoverned.js";
import { openStore } from "./store/store.js";
import { Admission } from "./whatsapp/admission.js";
import { makeBaileysLogger } from "./whatsapp/baileys-logger.js";
import { ConnectGate } from "./whatsapp/connect-gate.js";
import { Deliveries } from "./whatsapp/deliveries.js";
import { Importer } from "./whatsapp/import/importer.js";
import { Numbers } from "./whatsapp/numbers.js";
import { Routes } from "./whatsapp/routes.js";
import { trustSandbox, WHATSAPP } from "./whatsapp/sandbox-trust.js";
import { Sessions } from "./whatsapp/sessions.js";
import { TextBuilder } from "./whatsapp/text-builder.js";

/** A running bridge. */
export interface Bridge {
  /** Stops intake, closes sockets without logging out, writes what waits. Done within about three seconds. */
  stop(): Promise<void>;
}

const DRAIN_MS = 1000;

/** The version a package file names. Baileys exports none, and ours is three folders above the compiled file. */
function versionIn(packageFile: "baileys/package.json" | "../../../package.json"): string {
  return (createRequire(import.meta.url)(packageFile) as { version: string }).version;
}

/**
 * Starts a bridge.
 * @param tuning for tests: how long a QR code is shown, in milliseconds.
 * @throws StartupError when the configuration, the store or the socket cannot be used.
 */
export async function startBridge(config: Config, log: Logger, tuning: { qrTimeoutMs?: number } = {}): Promise<Bridge> {
  const endpoint = config.sandbox === undefined ? WHATSAPP : trustSandbox(config.sandbox);
  if (endpoint.sandbox) log.warn({ url: endpoint.url }, "this bridge talks to a sandbox and not to WhatsApp");
  const store = openStore(config);
  try {
    const journal = new Journal(store.events, store.writer, { maxUnacked: config.maxUnackedEvents, retentionMs: config.eventRetentionMs });
    const deliveries = new Deliveries(store, journal);
    const numbers = new Numbers();
    const builder = new TextBuilder();
    const governor = new Ungoverned();
    const dispatcher = new Dispatcher({ store, deliveries, numbers, builder, governor, log, timing: { silenceMs: config.sendSilenceMs, graceMs: config.sendGraceMs } });
    const routes = new Routes(store, endpoint, log);
    const sessions = new Sessions(
      { store, journal, deliveries, routes, log, baileysLogger: makeBaileysLogger(log), gate: new ConnectGate(config.maxParallelConnects), outbound: dispatcher, ...tuning },
      { admission: new Admission(config), maxQrRounds: config.maxQrRounds, maxHistoryBytes: config.maxHistoryBytes },
    );
    const dispatch = makeDispatch({
      ...systemMethods({ journal, writer: store.writer, sessions, sandbox: endpoint.sandbox, bridgeVersion: versionIn("../../../package.json"), baileysVersion: versionIn("baileys/package.json"), memoryLimitBytes: config.memoryLimitBytes }),
      ...sessionMethods(sessions),
      ...sessionSetupMethods(sessions, new Importer(store, journal, config.importDir), routes),
      ...storeMethods(store),
      ...messageMethods(new Intake({ store, sessions, deliveries, numbers, builder, governor, dispatcher, expiryMs: config.sendExpiryMs }), new OutboxView(store, dispatcher)),
      ...pendingMethods,
      ...eventMethods(journal, new Puller(journal)),
    });
    const listener = await Listener.open(config.socketPath, dispatch, log);
    const stopUpkeep = startUpkeep(store, journal, config, log);
    await sessions.finishDeletions();
    await deliveries.tellStranded();
    for (const pairingId of store.outbox.endedPairings()) dispatcher.ended(pairingId);
    dispatcher.start();
    sessions.resumeAll();
    log.info({ socket: config.socketPath, sandbox: endpoint.sandbox }, "bridge ready");
    return {
      stop: async () => {
        stopUpkeep();
        listener.drain();
        dispatcher.stop();
        await sessions.shutdown();
        await listener.close(DRAIN_MS);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
