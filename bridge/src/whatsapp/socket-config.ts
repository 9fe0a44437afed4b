/** How a Baileys socket is set up: nothing kept in memory that the store holds, nothing retried that the session retries. */
import type { AuthStore } from "./auth-store.js";
import { proto, type CacheStore, type GroupMetadata, type SocketConfig, type UserFacingSocketConfig } from "./baileys.js";
import type { Route } from "./routes.js";
import type { AskedFor } from "./second-copy.js";
import { SmallCache } from "./small-cache.js";

const CONNECT_TIMEOUT_MS = 10_000;
/** How long WhatsApp may take to answer. Baileys then goes on as if it had answered with nothing. */
export const QUERY_TIMEOUT_MS = 30_000;

const INITIAL_HISTORY: number = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP;

const COUNTER_LIMIT = 500;
const COUNTER_TTL_MS = 60 * 60_000;

/** What a socket is made of. */
export interface SocketParts {
  auth: AuthStore;
  route: Route;
  logger: SocketConfig["logger"];
  makeSignalRepository: SocketConfig["makeSignalRepository"];
  placeholderResendCache: CacheStore;
  /** Which devices a person has. */
  userDevicesCache: CacheStore;
  /** What a device that could not read a message of ours gets again. */
  secondCopy: (key: AskedFor) => proto.IMessage | undefined;
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
    getMessage: (key) => Promise.resolve(parts.secondCopy(key)),
    cachedGroupMetadata: parts.groupMetadata,
    userDevicesCache: parts.userDevicesCache,
    msgRetryCounterCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
    callOfferCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
    placeholderResendCache: parts.placeholderResendCache,
  };
}
