/**
 * Every environment variable of the bridge, read once into one frozen object. A value that cannot be
 * used refuses to start with a sentence, because a gateway that guesses loses messages later.
 */
import { isIP } from "node:net";
import { totalmem } from "node:os";
import { resolve } from "node:path";
import { EXIT, StartupError } from "./errors.js";
import { isLogLevel, LOG_LEVELS, type LogLevel } from "./log-levels.js";

/** Where the sandbox is. Both are set or neither. */
export interface SandboxConfig {
  readonly url: string;
  readonly rootKeyFile: string;
  readonly caFile: string | undefined;
}

/** An internal network that callers may have reached. */
export interface AllowedNetwork {
  readonly network: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** At most so many messages in any minute, hour and day. */
export interface Rate {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
}

/** The pause between two messages. */
export interface Gap {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/** How messages of a number are spaced; docs/limits.md says what for. */
export interface SendingConfig {
  /** For tenants that chose none. */
  readonly profile: "paced" | "conversations" | "unpaced";
  /** paced: messages that are no replies. */
  readonly rate: Rate;
  readonly gap: Gap;
  /** paced: replies. */
  readonly replyRate: Rate;
  readonly replyGap: Gap;
  /** conversations: everything in running chats, groups and channels. */
  readonly conversationsRate: Rate;
  readonly conversationsGap: Gap;
  /** Chats begun with people who have not written; evenly spread over the hour. */
  readonly newChatsPerHour: number;
  readonly newChatsPerDay: number;
  readonly storiesPerDay: number;
  /** paced: messages that are no replies on the first day after linking, and how that grows from day to day. */
  readonly warmUpDays: number;
  readonly warmUpFirstDay: number;
  readonly warmUpGrowth: number;
  /** How long a batch may take when its sender does not say. */
  readonly batchExpiryMs: number;
  /** Messages of one tenant that may wait, and those of batches beside them. */
  readonly queueLimit: number;
  readonly batchQueueLimit: number;
}

/** The bridge's settings. Directories are absolute. */
export interface Config {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly storePath: string;
  readonly lockPath: string;
  readonly masterKeyPath: string;
  /** Base64 of 32 bytes, when the key comes from the environment and not from the file. */
  readonly masterKey: string | undefined;
  /** Base64 of the key before that, while it is being changed. */
  readonly masterKeyPrevious: string | undefined;
  /** Where copies of the store go, and where Baileys folders to be taken over lie. */
  readonly backupDir: string;
  readonly importDir: string;
  /** Files of outgoing messages, put there by control. */
  readonly spoolDir: string;
  /** Where libraries put temporary files. */
  readonly tempDir: string;
  readonly logLevel: LogLevel;
  /** Socket for operators; undefined for none. */
  readonly debugSocketPath: string | undefined;
  /** Where what operators ask for is written: bundles, heap snapshots. */
  readonly debugDir: string;
  /** A connected session on which nothing but answers came for so long counts as silent. */
  readonly silentMs: number;
  readonly maxSessions: number;
  readonly maxParallelConnects: number;
  /** No new session is taken when it would bring the process above this. */
  readonly memoryLimitBytes: number;
  /** A history sync larger than this, as it is downloaded, is left alone. */
  readonly maxHistoryBytes: number;
  /** Series of QR codes, of about three minutes each, shown before an unscanned session is closed. */
  readonly maxQrRounds: number;
  readonly eventRetentionMs: number;
  /** How many numbers a tenant may ask WhatsApp about in a minute. */
  readonly numberChecksPerMinute: number;
  /** How old a list of groups may be. */
  readonly groupListTtlMs: number;
  readonly maxUnackedEvents: number;
  /** How long a message may wait when its sender does not say. */
  readonly sendExpiryMs: number;
  /** How long WhatsApp may leave a message without an answer before it is handed over once more. */
  readonly sendSilenceMs: number;
  /** So long after a session caught up, an answer to a message of before may still come. */
  readonly sendGraceMs: number;
  /** How long messages are kept after they were settled; their idempotency keys and those received as long. */
  readonly messageRetentionMs: number;
  /** So many received messages of a tenant are kept, to be referred to. */
  readonly keptMessages: number;
  readonly sending: SendingConfig;
  /** Where files of received messages are downloaded to, the largest one, what all may take, and for how long. */
  readonly mediaDir: string;
  readonly mediaMaxBytes: number;
  readonly mediaStoreBytes: number;
  readonly mediaRetentionMs: number;
  readonly sandbox: SandboxConfig | undefined;
  /** Internal networks that tenants' proxies may be in; control has the same setting for webhooks and media. */
  readonly outboundAllow: readonly AllowedNetwork[];
}

const MIB = 1024 * 1024;

/** Of the memory this process may use, the share it takes when nothing else is set: Redis and control need theirs. */
const MEMORY_SHARE = 0.6;

/** 60 % of the container's limit or the machine's memory, whichever is smaller. */
function defaultMemoryLimitMb(): number {
  const limits = [totalmem(), process.constrainedMemory()].filter((bytes) => bytes > 0);
  return Math.max(1, Math.floor((Math.min(...limits) * MEMORY_SHARE) / MIB));
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The longest path the kernel takes for a Unix socket is 107 bytes and a terminating zero. */
const MAX_SOCKET_PATH_BYTES = 107;

function refuse(sentence: string): never {
  throw new StartupError(sentence, EXIT.badConfig);
}

function wholeNumber(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    refuse(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

/** Three whole numbers that do not fall, such as 8/200/1000. */
function threeNumbers(env: Environment, name: string, fallback: readonly [number, number, number], min: number): readonly [number, number, number] {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const parts = text.split("/");
  const [a = 0, b = 0, c = 0] = parts.map(Number);
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,8}$/.test(part)) || a < min || b < a || c < b) {
    refuse(`${name} must be three whole numbers from ${min}, none smaller than the one before, such as ${fallback.join("/")}, not "${text}".`);
  }
  return [a, b, c];
}

function rate(env: Environment, name: string, fallback: readonly [number, number, number]): Rate {
  const [minute, hour, day] = threeNumbers(env, name, fallback, 1);
  return Object.freeze({ minute, hour, day });
}

function gap(env: Environment, name: string, fallback: readonly [number, number, number]): Gap {
  const [minMs, medianMs, maxMs] = threeNumbers(env, name, fallback, 0);
  return Object.freeze({ minMs, medianMs, maxMs });
}

const PROFILES = ["paced", "conversations", "unpaced"] as const;

function readSending(env: Environment): SendingConfig {
  const chosen = optional(env, "SEND_PROFILE") ?? "paced";
  const profile = PROFILES.find((name) => name === chosen) ?? refuse(`SEND_PROFILE must be one of ${PROFILES.join(", ")}, not "${chosen}".`);
  const growth = optional(env, "SEND_WARM_UP_GROWTH") ?? "1.8";
  if (!/^\d(\.\d{1,3})?$/.test(growth) || Number(growth) < 1) refuse(`SEND_WARM_UP_GROWTH must be a number from 1 to 9.999, not "${growth}".`);
  return Object.freeze({
    profile,
    rate: rate(env, "SEND_RATE", [8, 200, 1000]),
    gap: gap(env, "SEND_GAP_MS", [1000, 2500, 8000]),
    replyRate: rate(env, "SEND_REPLY_RATE", [60, 1500, 10_000]),
    replyGap: gap(env, "SEND_REPLY_GAP_MS", [200, 400, 1500]),
    conversationsRate: rate(env, "SEND_CONVERSATIONS_RATE", [240, 9000, 200_000]),
    conversationsGap: gap(env, "SEND_CONVERSATIONS_GAP_MS", [50, 150, 500]),
    newChatsPerHour: wholeNumber(env, "SEND_NEW_CHATS_PER_HOUR", 30, 1, 100_000),
    newChatsPerDay: wholeNumber(env, "SEND_NEW_CHATS_PER_DAY", 20, 1, 1_000_000),
    storiesPerDay: wholeNumber(env, "SEND_STORIES_PER_DAY", 30, 1, 10_000),
    warmUpDays: wholeNumber(env, "SEND_WARM_UP_DAYS", 7, 0, 365),
    warmUpFirstDay: wholeNumber(env, "SEND_WARM_UP_FIRST_DAY", 20, 1, 100_000),
    warmUpGrowth: Number(growth),
    batchExpiryMs: wholeNumber(env, "SEND_BATCH_EXPIRY_HOURS", 168, 1, 24 * 365) * 3_600_000,
    queueLimit: wholeNumber(env, "SEND_QUEUE_LIMIT", 1000, 1, 100_000),
    batchQueueLimit: wholeNumber(env, "SEND_BATCH_QUEUE_LIMIT", 10_000, 1000, 1_000_000),
  });
}

function optional(env: Environment, name: string): string | undefined {
  const text = env[name];
  return text === undefined || text === "" ? undefined : text;
}

function readSandbox(env: Environment): SandboxConfig | undefined {
  const url = optional(env, "SANDBOX_URL");
  const rootKeyFile = optional(env, "SANDBOX_ROOT_KEY_FILE");
  const caFile = optional(env, "SANDBOX_CA_FILE");
  if (url === undefined && rootKeyFile === undefined) {
    if (caFile !== undefined) refuse("SANDBOX_CA_FILE is set without SANDBOX_URL and SANDBOX_ROOT_KEY_FILE. Set all of them or none.");
    return undefined;
  }
  if (url === undefined || rootKeyFile === undefined) {
    const missing = url === undefined ? "SANDBOX_URL" : "SANDBOX_ROOT_KEY_FILE";
    refuse(`The sandbox needs both SANDBOX_URL and SANDBOX_ROOT_KEY_FILE, but ${missing} is not set. Set both or neither.`);
  }
  return Object.freeze({ url, rootKeyFile: resolve(rootKeyFile), caFile: caFile === undefined ? undefined : resolve(caFile) });
}

/** Networks such as 10.0.0.0/8 or fd00::1, separated by commas. */
function readNetworks(env: Environment, name: string): readonly AllowedNetwork[] {
  const parts = (optional(env, name) ?? "").split(",").map((part) => part.trim());
  const networks = parts.filter((part) => part !== "").map((part) => {
    const [network = "", length, ...rest] = part.split("/");
    const family = isIP(network);
    const bits = family === 6 ? 128 : 32;
    const prefix = length === undefined ? bits : Number(length);
    if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length ?? "0") || prefix > bits) refuse(`${name} must be networks such as 10.0.0.0/8, separated by commas, not "${part.slice(0, 60)}".`);
    return Object.freeze({ network, prefix, family: family === 6 ? "ipv6" : "ipv4" } as const);
  });
  return Object.freeze(networks);
}

function readSocketPath(given: string, setting: string): string {
  const path = resolve(given);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    refuse(`The socket path ${path} is longer than the ${MAX_SOCKET_PATH_BYTES} bytes a Unix socket can have. Set RUN_DIR or ${setting} to something shorter.`);
  }
  return path;
}

/**
 * Reads the settings.
 * @throws StartupError with exit code 78 when a value cannot be used.
 */
export function readConfig(env: Environment): Config {
  const dataDir = resolve(optional(env, "DATA_DIR") ?? "./data");
  const runDir = resolve(optional(env, "RUN_DIR") ?? `${dataDir}/run`);
  const socketPath = readSocketPath(optional(env, "BRIDGE_SOCKET") ?? `${runDir}/bridge.sock`, "BRIDGE_SOCKET");
  const debugSocket = optional(env, "BRIDGE_DEBUG_SOCKET") ?? `${runDir}/bridge-debug.sock`;
  const logLevel = optional(env, "LOG_LEVEL")?.toLowerCase() ?? "info";
  if (!isLogLevel(logLevel)) refuse(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}, not "${logLevel}".`);
  return Object.freeze({
    dataDir,
    socketPath,
    debugSocketPath: debugSocket === "off" ? undefined : readSocketPath(debugSocket, "BRIDGE_DEBUG_SOCKET"),
    debugDir: `${dataDir}/debug`,
    storePath: `${dataDir}/bridge/store.sqlite`,
    lockPath: `${dataDir}/bridge/bridge.lock`,
    masterKeyPath: `${dataDir}/secrets/master.key`,
    masterKey: optional(env, "MASTER_KEY"),
    masterKeyPrevious: optional(env, "MASTER_KEY_PREVIOUS"),
    backupDir: `${dataDir}/backup`,
    importDir: `${dataDir}/import`,
    spoolDir: `${dataDir}/spool`,
    tempDir: `${runDir}/tmp`,
    logLevel,
    maxSessions: wholeNumber(env, "MAX_SESSIONS", 500, 1, 100_000),
    maxParallelConnects: wholeNumber(env, "MAX_PARALLEL_CONNECTS", 8, 1, 1000),
    memoryLimitBytes: wholeNumber(env, "MEMORY_LIMIT_MB", defaultMemoryLimitMb(), 1, 1_048_576) * MIB,
    maxHistoryBytes: wholeNumber(env, "HISTORY_MAX_MB", 4, 0, 64) * MIB,
    silentMs: wholeNumber(env, "SESSION_SILENT_MINUTES", 360, 5, 7 * 24 * 60) * 60_000,
    maxQrRounds: wholeNumber(env, "QR_MAX_ROUNDS", 5, 1, 1000),
    eventRetentionMs: wholeNumber(env, "EVENT_RETENTION_HOURS", 168, 1, 24 * 365) * 3_600_000,
    numberChecksPerMinute: wholeNumber(env, "NUMBER_CHECKS_PER_MINUTE", 120, 1, 60_000),
    groupListTtlMs: wholeNumber(env, "GROUP_LIST_TTL_MINUTES", 10, 1, 24 * 60) * 60_000,
    maxUnackedEvents: wholeNumber(env, "EVENT_JOURNAL_MAX_EVENTS", 200_000, 10, 100_000_000),
    sendExpiryMs: wholeNumber(env, "SEND_EXPIRY_HOURS", 24, 1, 24 * 365) * 3_600_000,
    sendSilenceMs: wholeNumber(env, "SEND_ANSWER_TIMEOUT_SECONDS", 30, 1, 600) * 1000,
    sendGraceMs: wholeNumber(env, "SEND_RECONNECT_GRACE_SECONDS", 3, 0, 60) * 1000,
    messageRetentionMs: wholeNumber(env, "MESSAGE_RETENTION_DAYS", 30, 7, 3650) * 86_400_000,
    keptMessages: wholeNumber(env, "MESSAGE_RETENTION_MAX", 20_000, 100, 10_000_000),
    sending: readSending(env),
    mediaDir: `${dataDir}/media`,
    mediaMaxBytes: wholeNumber(env, "MEDIA_DOWNLOAD_MAX_MB", 100, 1, 2048) * MIB,
    mediaStoreBytes: wholeNumber(env, "MEDIA_STORE_MAX_MB", 5120, 1, 10_000_000) * MIB,
    mediaRetentionMs: wholeNumber(env, "MEDIA_RETENTION_HOURS", 72, 1, 24 * 365) * 3_600_000,
    sandbox: readSandbox(env),
    outboundAllow: readNetworks(env, "OUTBOUND_ALLOW_CIDRS"),
  });
}
