/** The whole bridge, put together: store, journal, sessions and the RPC on top, and taken down in the other order. */
import { createRequire } from "node:module";
import type { Config } from "./config.js";
import { makeCommands } from "./debug/commands.js";
import { DebugServer } from "./debug/debug-server.js";
import { Journal } from "./events/journal.js";
import { Puller } from "./events/pull.js";
import { startUpkeep } from "./events/upkeep.js";
import { BridgeFigures } from "./figures/bridge-figures.js";
import { Engine } from "./figures/engine.js";
import { Traffic } from "./figures/traffic.js";
import type { LogDesk, Logger } from "./log.js";
import { LogLevels } from "./log-levels.js";
import { LogLines } from "./log-lines.js";
import { batchMethods } from "./methods/batch.js";
import { chatMethods } from "./methods/chat.js";
import { eventMethods } from "./methods/event.js";
import { channelMethods } from "./methods/channel.js";
import { contactMethods } from "./methods/contact.js";
import { groupMethods } from "./methods/group.js";
import { labelMethods } from "./methods/label.js";
import { limitsMethods } from "./methods/limits.js";
import { mediaMethods } from "./methods/media.js";
import { messageMethods } from "./methods/message.js";
import { numberMethods } from "./methods/number.js";
import { sessionSetupMethods } from "./methods/session-setup.js";
import { sessionSettingsMethods } from "./methods/session-settings.js";
import { sessionMethods } from "./methods/session.js";
import { storeMethods } from "./methods/store.js";
import { systemMethods } from "./methods/system.js";
import { CONTRACT_HASH } from "./rpc/contract.gen.js";
import { makeDispatch } from "./rpc/dispatch.js";
import { Listener } from "./rpc/listener.js";
import { Dispatcher } from "./sending/dispatcher.js";
import { Intake } from "./sending/intake.js";
import { OutboxView } from "./sending/outbox-view.js";
import { Waiting } from "./sending/waiting.js";
import { BatchIntake } from "./sending/batch-intake.js";
import { Batches } from "./sending/batches.js";
import { PacingGovernor } from "./sending/governor.js";
import { openStore } from "./store/store.js";
import { MessageBuilder } from "./whatsapp/building/builder.js";
import { References } from "./whatsapp/building/references.js";
import { Admission } from "./whatsapp/admission.js";
import { makeBaileysLoggers } from "./whatsapp/baileys-logger.js";
import type { Ringing } from "./whatsapp/call-events.js";
import { Calls } from "./whatsapp/calls.js";
import { Chats } from "./whatsapp/chats.js";
import { ConnectGate } from "./whatsapp/connect-gate.js";
import { Channels } from "./whatsapp/channels.js";
import { Contacts } from "./whatsapp/contacts.js";
import { Deliveries } from "./whatsapp/deliveries.js";
import { GroupLists } from "./whatsapp/group-lists.js";
import { Groups } from "./whatsapp/groups.js";
import { Importer } from "./whatsapp/import/importer.js";
import { MediaFiles } from "./whatsapp/media/media-files.js";
import { MediaHosts } from "./whatsapp/media/media-hosts.js";
import { Prefetch } from "./whatsapp/media/prefetch.js";
import { Spool } from "./whatsapp/media/spool.js";
import { Labels } from "./whatsapp/labels.js";
import { Uploads } from "./whatsapp/media/uploads.js";
import type { Link } from "./whatsapp/link.js";
import { Names } from "./whatsapp/names.js";
import { Numbers } from "./whatsapp/numbers.js";
import { PictureFiles } from "./whatsapp/picture-files.js";
import { Presences } from "./whatsapp/presences.js";
import { RawMessages } from "./whatsapp/raw-messages.js";
import type { RecordedMessage } from "./whatsapp/receiver.js";
import { Questions } from "./whatsapp/questions.js";
import { ProxyGuard } from "./whatsapp/proxy-guard.js";
import { Routes } from "./whatsapp/routes.js";
import { trustSandbox, WHATSAPP } from "./whatsapp/sandbox-trust.js";
import { Sessions } from "./whatsapp/sessions.js";
import { StanzaTaps } from "./whatsapp/stanza-taps.js";

/** A running bridge. */
export interface Bridge {
  /** Stops intake, closes sockets without logging out, writes what waits. Done within about three seconds. */
  stop(): Promise<void>;
}

const DRAIN_MS = 1000;

/** A list of groups this young is not asked for again, whoever wants it fresh: WhatsApp bears few such questions. */
const GROUP_REFRESH_MS = 30_000;

/** The version a package file names. Baileys exports none, and ours is three folders above the compiled file. */
function versionIn(packageFile: "baileys/package.json" | "../../../package.json"): string {
  return (createRequire(import.meta.url)(packageFile) as { version: string }).version;
}

/** Where the level of a log is changed that was made without a desk of its own. */
function newDesk(config: Config, log: Logger): LogDesk {
  const levels = new LogLevels(config.logLevel);
  levels.attach(log);
  return { levels, lines: new LogLines() };
}

/** Opens the socket for operators. Messages flow without it, so nothing about it keeps the bridge from starting. */
async function openDebug(config: Config, log: Logger, commands: () => ReturnType<typeof makeCommands>): Promise<DebugServer | undefined> {
  if (config.debugSocketPath === undefined) return undefined;
  try {
    return await DebugServer.open(config.debugSocketPath, commands(), log);
  } catch (error) {
    log.error({ err: error }, "the debug socket cannot be opened");
    return undefined;
  }
}

/**
 * Starts a bridge.
 * @param tuning desk: of this log. For tests: how long a QR code is shown, in milliseconds.
 * @throws StartupError when the configuration, the store or the socket cannot be used.
 */
export async function startBridge(config: Config, log: Logger, { desk = newDesk(config, log), ...tuning }: { desk?: LogDesk; qrTimeoutMs?: number } = {}): Promise<Bridge> {
  const endpoint = config.sandbox === undefined ? WHATSAPP : trustSandbox(config.sandbox);
  if (endpoint.sandbox) log.warn({ url: endpoint.url }, "this bridge talks to a sandbox and not to WhatsApp");
  const store = openStore(config);
  try {
    const journal = new Journal(store.events, store.writer, { maxUnacked: config.maxUnackedEvents, retentionMs: config.eventRetentionMs });
    const traffic = new Traffic();
    const deliveries = new Deliveries(store, journal, traffic);
    const questions = new Questions();
    const numbers = new Numbers(store, questions, config.numberChecksPerMinute);
    const groupLists = new GroupLists(questions, { ttlMs: config.groupListTtlMs, refreshMs: GROUP_REFRESH_MS });
    const names = new Names(store, journal, log);
    const presences = new Presences(store, journal, log);
    const contacts = new Contacts(questions, numbers, names);
    const labels = new Labels(store, questions, log);
    const onLink = (link: Link): void => {
      for (const listener of [groupLists, names, contacts, labels, presences]) listener.listen(link);
    };
    const spool = new Spool(config.spoolDir, store, log);
    const hosts = new MediaHosts();
    const uploads = new Uploads(store, spool, hosts);
    const builder = new MessageBuilder({ store, references: new References(store), numbers, spool, uploads });
    const routes = new Routes(store, endpoint, new ProxyGuard(config.outboundAllow), log);
    const governor = new PacingGovernor({ store, log, config: config.sending, random: Math.random });
    const channels = new Channels(questions);
    const dispatcher = new Dispatcher({ store, deliveries, channels, numbers, builder, governor, log, traffic, timing: { silenceMs: config.sendSilenceMs, graceMs: config.sendGraceMs } });
    const files = new MediaFiles({
      directory: config.mediaDir,
      store,
      log,
      hosts,
      limits: { maxBytes: config.mediaMaxBytes, storeBytes: config.mediaStoreBytes, retentionMs: config.mediaRetentionMs },
      link: (tenantId) => sessions.link(tenantId),
    });
    const prefetch = new Prefetch(store, files, log);
    const onMessage = (link: Link, { chatId, fromMe, media }: RecordedMessage): void => {
      if (!fromMe) {
        traffic.received();
        presences.wrote(link, chatId);
      }
      if (media !== undefined) prefetch.note(link.pairing.tenantId, media);
    };
    const onErased = (tenantId: string, spooled: readonly string[]): void => {
      presences.forget(tenantId);
      Promise.all([spool.abandon(spooled), files.sweep(Date.now())]).catch((error: unknown) => {
        log.warn({ tenantId, err: error }, "files of a deleted tenant were not deleted yet");
      });
    };
    const calls = new Calls({ store, journal, log, send: (params) => intake.send(params, new AbortController().signal) });
    const onRinging = (link: Link, call: Ringing): void => {
      calls.ring(link, call);
    };
    const taps = new StanzaTaps();
    const sessions = new Sessions(
      { store, journal, signals: governor, deliveries, routes, questions, onLink, onMessage, onRinging, onErased, log, baileysLogger: makeBaileysLoggers(log, taps), traffic, silentMs: config.silentMs, gate: new ConnectGate(config.maxParallelConnects), outbound: dispatcher, ...tuning },
      { admission: new Admission(config), maxQrRounds: config.maxQrRounds, maxHistoryBytes: config.maxHistoryBytes },
    );
    const intake = new Intake({ store, sessions, deliveries, numbers, builder, governor, dispatcher, expiryMs: config.sendExpiryMs });
    governor.connect({
      nudge: (tenantId) => {
        dispatcher.nudge(tenantId);
      },
      wake: (tenantId) => {
        dispatcher.wake(tenantId);
      },
      askWhatsApp: (tenantId) => {
        sessions.get(tenantId).connectedLink?.askStanding();
      },
    });
    const view = new OutboxView(store, dispatcher, governor);
    const batches = new Batches({ store, dispatcher, governor, view, log });
    const engine = new Engine(config.memoryLimitBytes);
    const figures = new BridgeFigures({ store, journal, sessions, traffic, engine, sandbox: endpoint.sandbox });
    const versions = { bridge: versionIn("../../../package.json"), baileys: versionIn("baileys/package.json"), contract: CONTRACT_HASH };
    const dispatch = makeDispatch({
      ...systemMethods({ journal, figures, sessions, sandbox: endpoint.sandbox, bridgeVersion: versions.bridge, baileysVersion: versions.baileys, memoryLimitBytes: config.memoryLimitBytes }),
      ...sessionMethods(sessions),
      ...sessionSetupMethods(sessions, new Importer(store, journal, config.importDir), routes),
      ...storeMethods(store, spool),
      ...mediaMethods(files),
      ...sessionSettingsMethods(sessions, store),
      ...messageMethods(intake, view, new RawMessages(store)),
      ...batchMethods(new BatchIntake({ store, sessions, builder, governor, batches, traffic, expiryMs: config.sending.batchExpiryMs }), batches),
      ...numberMethods(sessions, numbers),
      ...channelMethods(sessions, channels),
      ...labelMethods(sessions, labels),
      ...contactMethods(sessions, contacts),
      ...groupMethods(sessions, new Groups(questions, numbers, groupLists), new PictureFiles(spool)),
      ...limitsMethods(sessions, governor, new Waiting(store)),
      ...chatMethods(sessions, new Chats(store, numbers), numbers, presences),
      ...eventMethods(journal, new Puller(journal)),
    });
    const listener = await Listener.open(config.socketPath, dispatch, log);
    const debug = await openDebug(config, log, () => makeCommands({ config, log, desk, store, journal, sessions, dispatcher, taps, figures, engine, versions }));
    const isUnbuilt = (tenantId: string, messageId: string): boolean => {
      const row = store.outbox.get(tenantId, messageId);
      return row?.status === "accepted" && row.built === undefined;
    };
    const sweepFiles = async (nowMs: number): Promise<void> => {
      await spool.sweep(nowMs, isUnbuilt);
      await files.sweep(nowMs);
    };
    const stopUpkeep = startUpkeep(store, journal, config, sweepFiles, log);
    await sessions.finishDeletions();
    await deliveries.tellStranded();
    for (const pairingId of store.outbox.endedPairings()) dispatcher.ended(pairingId);
    dispatcher.start();
    await batches.recover();
    sessions.resumeAll();
    log.info({ socket: config.socketPath, sandbox: endpoint.sandbox }, "bridge ready");
    return {
      stop: async () => {
        debug?.close();
        engine.stop();
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
