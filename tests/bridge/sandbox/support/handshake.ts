import { proto } from "baileys";
import { WebSocket } from "ws";
import { FrameReader, frame, HEADER } from "../../../../bridge/sandbox/wire/frames.js";
import { agree, generateKeyPair, hkdf, verify } from "../../../../bridge/sandbox/wire/curve.js";
import { createDecipheriv, createHash } from "node:crypto";
import type { SandboxAddress } from "./client.js";

export interface ChainCheck {
  /** The intermediate is signed by the root key. */
  root: boolean;
  /** The leaf is signed by the intermediate's key. */
  leaf: boolean;
  /** The leaf carries the key of this very handshake. */
  bound: boolean;
  issuerSerial: number;
}

/** The first half of a client's handshake, checking what Baileys does not check. */
export async function verifyChain(sandbox: SandboxAddress, rootKey: Buffer): Promise<ChainCheck> {
  const ephemeral = generateKeyPair();
  const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.public } }).finish();
  const answer = proto.HandshakeMessage.decode(await exchange(sandbox, Buffer.concat([HEADER, frame(hello)])));
  const server = answer.serverHello;
  if (!server?.ephemeral || !server.static || !server.payload) throw new Error("no server hello");
  let hash = Buffer.from("Noise_XX_25519_AESGCM_SHA256\0\0\0\0", "latin1");
  const mix = (data: Uint8Array): void => { hash = createHash("sha256").update(hash).update(data).digest(); };
  for (const data of [HEADER, ephemeral.public, server.ephemeral]) mix(data);
  const first = hkdf(agree(ephemeral.private, server.ephemeral), 64, "", Buffer.from("Noise_XX_25519_AESGCM_SHA256\0\0\0\0", "latin1"));
  const staticKey = open(first.subarray(32), server.static, hash);
  mix(server.static);
  const second = hkdf(agree(ephemeral.private, staticKey), 64, "", first.subarray(0, 32));
  const { intermediate, leaf } = proto.CertChain.decode(open(second.subarray(32), server.payload, hash));
  if (!intermediate?.details || !intermediate.signature || !leaf?.details || !leaf.signature) throw new Error("incomplete chain");
  const Details = proto.CertChain.NoiseCertificate.Details;
  const above = Details.decode(intermediate.details);
  const below = Details.decode(leaf.details);
  if (!above.key || !below.key) throw new Error("no keys in the chain");
  return {
    root: verify(rootKey, intermediate.details, intermediate.signature),
    leaf: verify(above.key, leaf.details, leaf.signature),
    bound: staticKey.equals(below.key),
    issuerSerial: above.issuerSerial ?? -1,
  };
}

function open(key: Buffer, sealed: Uint8Array, aad: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.alloc(12));
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

/** Sends bytes and returns the first frame of the answer. */
function exchange(sandbox: SandboxAddress, data: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(sandbox.url, { ca: sandbox.ca });
    const reader = new FrameReader();
    // The server's direction has no header.
    reader.push(HEADER);
    socket.on("open", () => { socket.send(data); });
    socket.on("message", (chunk: Buffer) => {
      const [body] = reader.push(chunk);
      if (!body) return;
      socket.close();
      resolve(body);
    });
    socket.on("error", reject);
  });
}
