import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { generateKeyPair, type KeyPair } from "./curve.js";

/** The keys that make this sandbox this sandbox. */
export interface SandboxKeys {
  /** Signs the certificate chain of the handshake; clients may pin its public half. */
  root: KeyPair;
  /** The server's side of the handshake. */
  static: KeyPair;
  tls: { key: string; cert: string };
}

const TEN_YEARS_MS = 10 * 365 * 86_400_000;

/** Fresh keys and a certificate for this machine and the given names. */
export async function makeKeys(tlsNames: string[]): Promise<SandboxKeys> {
  return { root: generateKeyPair(), static: generateKeyPair(), tls: await makeCertificate(tlsNames) };
}

/**
 * Keys of a state directory, made if it has none. Writes `ca.pem` (what clients trust) and `root-key.hex` beside the
 * secrets in `keys.json`. A certificate that lacks one of the names is made anew.
 */
export async function loadKeys(dir: string, tlsNames: string[]): Promise<SandboxKeys> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const file = join(dir, "keys.json");
  const saved = await readFile(file, "utf8").catch(() => undefined);
  const keys = saved === undefined ? { ...(await makeKeys(tlsNames)), names: tlsNames } : parse(saved);
  const complete = tlsNames.every((name) => keys.names.includes(name));
  if (!complete) {
    keys.names = [...new Set([...keys.names, ...tlsNames])];
    keys.tls = await makeCertificate(keys.names);
  }
  if (saved === undefined || !complete) {
    const pair = ({ public: open, private: secret }: KeyPair): object => ({ public: open.toString("hex"), private: secret.toString("hex") });
    const { root, static: handshake, tls, names } = keys;
    await replace(file, JSON.stringify({ root: pair(root), static: pair(handshake), tls, names }));
  }
  await replace(join(dir, "ca.pem"), keys.tls.cert);
  await replace(join(dir, "root-key.hex"), `${keys.root.public.toString("hex")}\n`);
  return keys;
}

/** Writes a file that is either the old one or the new one, whatever happens meanwhile. */
export async function replace(file: string, content: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, content, { mode: 0o600 });
  await rename(temporary, file);
}

function parse(saved: string): SandboxKeys & { names: string[] } {
  type Hex = Record<"public" | "private", string>;
  const { root, static: handshake, tls, names } = JSON.parse(saved) as {
    root: Hex; static: Hex; tls: SandboxKeys["tls"]; names: string[];
  };
  const pair = (hex: Hex): KeyPair => ({ public: Buffer.from(hex.public, "hex"), private: Buffer.from(hex.private, "hex") });
  return { root: pair(root), static: pair(handshake), tls, names };
}

/** A self-signed certificate that is its own authority, for this machine and the given names. */
async function makeCertificate(names: string[]): Promise<SandboxKeys["tls"]> {
  const all = ["localhost", "127.0.0.1", "::1", ...names];
  const altNames = all.map((name) => (isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name }));
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: "commonName", value: "WhatsApp sandbox" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now - 86_400_000),
    notAfterDate: new Date(now + TEN_YEARS_MS),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { key, cert };
}
