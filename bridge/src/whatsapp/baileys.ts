/**
/**
 * The only door to Baileys: whoever needs it imports it from here, so that the console is silent, slow cryptography
 * replaced, transactions and libsignal repaired and signatures are really verified before Baileys is loaded. The order of
 * these imports matters.
 */
import "./quiet-console.js";
import "./fast-crypto.js";
import "./ended-transactions.js";
import "./curve.js";
import "./signal-fixes.js";
import "./signatures.js";
import "./sender-keys.js";
export {
  addTransactionCapability,
  BufferJSON,
  decodeMessageNode,
  decryptMediaRetryData,
  DEFAULT_CONNECTION_CONFIG,
  DisconnectReason,
  encryptMediaRetryRequest,
  generateMessageIDV2,
  generateWAMessageContent,
  getContentType,
  initAuthCreds,
  jidDecode,
  jidNormalizedUser,
  makeWASocket,
  normalizeMessageContent,
  proto,
  QueryIds,
  unpadRandomMax16,
  WA_CERT_DETAILS,
  WAMessageAddressingMode,
} from "baileys";
export type {
  AuthenticationCreds,
  BinaryNode,
  CacheStore,
  ConnectionState,
  GroupMetadata,
  SignalDataSet,
  SignalDataTypeMap,
  SignalKeyStore,
  SignalRepositoryWithLIDStore,
  SocketConfig,
  UserFacingSocketConfig,
  WAMessage,
  WASocket,
} from "baileys";
