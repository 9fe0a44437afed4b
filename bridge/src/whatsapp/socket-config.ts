/** How a Baileys socket is set up: nothing kept in memory that the store holds, nothing retried that the session retries. */
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { AuthStore } from "./auth-store.js";
import { proto, type CacheStore, type GroupMetadata, type SocketConfig, type UserFacingSocketConfig } from "./baileys.js";
import type { Route } from "./routes.js";
import { SmallCache } from "./small-cache.js";

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 30_000;

const INITIAL_HISTORY: number = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP;

const DEVICE_LIMIT = 500;
const DEVICE_TTL_MS = 5 * 60_000;
const COUNTER_LIMIT = 500;
const COUNTER_TTL_MS = 60 * 60_000;

/** What a socket is made of. */
export interface SocketParts {
  store: Store;
  pairing: Pairing;
  auth: AuthStore;
  route: Route;
  logger: SocketConfig["logger"];
  makeSignalRepository: SocketConfig["makeSignalRepository"];
  placeholderResendCache: CacheStore;
  groupMetadata: (jid: string) => Promise<GroupMetadata | undefined>;
  /** How long each QR code is shown, in milliseconds; undefined for Baileys' 60 s, then 20 s. */
  qrTimeoutMs: number | undefined;
  /** True when a history sync of so many bytes, as it is downloaded, may be read into memory now. */
  mayReadHistory: (bytes: number) => boolean;
}

/** Baileys downloads with fetch. What that takes to go through a proxy is only made when something is downloaded. */
function downloadsBy(route: Route): RequestInit {
  return {
    get dispatcher() {
      return route.dispatcher;
    },
  } as RequestInit;
}

/** The configuration of one connection. */
export function socketConfig(parts: SocketParts): UserFacingSocketConfig {
  const { auth, route, qrTimeoutMs } = parts;
  const { url, agent } = route;
  return {
    auth: { creds: auth.creds, keys: auth.keys },
    logger: parts.logger,
    makeSignalRepository: parts.makeSignalRepository,
    ...(url === undefined ? {} : { waWebSocketUrl: url }),
    ...(agent === undefined ? {} : { agent, fetchAgent: agent }),
    ...(route.proxied ? { options: downloadsBy(route) } : {}),
    ...(qrTimeoutMs === undefined ? {} : { qrTimeout: qrTimeoutMs }),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    defaultQueryTimeoutMs: QUERY_TIMEOUT_MS,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    emitOwnEvents: false,
    markOnlineOnConnect: false,
    syncFullHistory: false,
    // Of the history only the first part is looked at, for the addresses in it. The later ones, which may have gigabytes, are
    // not even downloaded.
    shouldSyncHistoryMessage: (history) =>
      (history.syncType as number | null | undefined) === INITIAL_HISTORY && parts.mayReadHistory(Number(history.fileLength ?? 0)),
    enableRecentMessageCache: false,
    getMessage: (key) => Promise.resolve(sentMessage(parts, key.id)),
    cachedGroupMetadata: parts.groupMetadata,
    userDevicesCache: new SmallCache(DEVICE_LIMIT, DEVICE_TTL_MS),
    msgRetryCounterCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
    callOfferCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
    placeholderResendCache: parts.placeholderResendCache,
  };
}

/** What a device that could not read a message of ours gets again. */
function sentMessage({ store, pairing }: SocketParts, id: string | null | undefined): proto.IMessage | undefined {
  const row = id === null || id === undefined ? undefined : store.outbox.get(pairing.tenantId, id);
  return row === undefined ? undefined : proto.Message.decode(row.encoded);
}
