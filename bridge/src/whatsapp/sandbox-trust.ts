/**
 * Makes the bridge trust a sandbox in place of WhatsApp, only when it is told to. Refuses any host of WhatsApp
 * itself and anything that is not on this machine or in a private network, because whoever holds the sandbox's root
 * key could otherwise read along.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { isIP } from "node:net";
import type { SandboxConfig } from "../config.js";
import { EXIT, StartupError } from "../errors.js";
import { WA_CERT_DETAILS } from "./baileys.js";

/** Where sockets connect to and whom they trust. */
export interface Endpoint {
  /** Undefined for WhatsApp itself. */
  url: string | undefined;
  agent: Agent | undefined;
  /** Certificate authority in place of the system's; undefined for those. */
  ca: Buffer | undefined;
  sandbox: boolean;
}

export const WHATSAPP: Endpoint = { url: undefined, agent: undefined, ca: undefined, sandbox: false };

const KEY_BYTES = 32;

function refuse(sentence: string): never {
  throw new StartupError(sentence, EXIT.badConfig);
}

function isPrivateIPv4(ip: string): boolean {
  const [a = 0, b = 0] = ip.split(".").map(Number);
  return a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

/** True for this machine, a private network (RFC 1918, RFC 4193) or a name without dots, such as a compose service. */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  const family = isIP(name);
  if (family === 4) return isPrivateIPv4(name);
  if (family === 6) return name === "::1" || /^f[cd]/.test(name);
  return name === "localhost" || /^[a-z0-9_-]+$/.test(name);
}

function checkUrl(text: string): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    refuse(`SANDBOX_URL is not a URL: "${text}". It looks like wss://127.0.0.1:8443/ws/chat.`);
  }
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  if (url.protocol !== "wss:" && url.protocol !== "ws:") refuse(`SANDBOX_URL must begin with wss:// or ws://, not ${url.protocol}//.`);
  if (/(^|\.)whatsapp\.(com|net)$/.test(host)) refuse(`SANDBOX_URL names ${host}, which is WhatsApp itself. Leave SANDBOX_URL and SANDBOX_ROOT_KEY_FILE unset to use WhatsApp.`);
  if (!isPrivateHost(host)) refuse(`SANDBOX_URL names ${host}, but a sandbox must be on this machine, in a private network or a compose service.`);
}

/** A public key as 32 raw bytes, hex or base64. */
function readRootKey(path: string): Buffer<ArrayBuffer> {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new StartupError(`SANDBOX_ROOT_KEY_FILE ${path} cannot be read. The sandbox writes it when it starts.`, EXIT.badConfig, { cause: error });
  }
  const text = file.toString("latin1").trim();
  const key = file.length === KEY_BYTES ? Buffer.from(file) : Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
  if (key.length !== KEY_BYTES) refuse(`SANDBOX_ROOT_KEY_FILE ${path} does not hold a public key of ${KEY_BYTES} bytes.`);
  return key;
}

/**
 * Points this process at a sandbox.
 * @throws StartupError when the sandbox is not one that may be trusted.
 */
export function trustSandbox(config: SandboxConfig): Endpoint {
  checkUrl(config.url);
  WA_CERT_DETAILS.PUBLIC_KEY = readRootKey(config.rootKeyFile);
  let ca: Buffer | undefined;
  if (config.caFile !== undefined) {
    try {
      ca = readFileSync(config.caFile);
    } catch (error) {
      throw new StartupError(`SANDBOX_CA_FILE ${config.caFile} cannot be read.`, EXIT.badConfig, { cause: error });
    }
  }
  // An https agent makes a plain ws:// connection throw.
  const agent = config.url.startsWith("wss:") ? new Agent(ca === undefined ? {} : { ca }) : undefined;
  return { url: config.url, agent, ca, sandbox: true };
}
