/** Files in a bridge's spool, as control puts them there. */
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";

/** What a file is announced as. */
export function announce(bytes: Buffer, mimeType: string, name: string = randomBytes(24).toString("base64url")): SpoolFile {
  return { name, mimeType, sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Puts a file there. */
export function putFile(dataDir: string, bytes: Buffer, mimeType: string): SpoolFile {
  const file = announce(bytes, mimeType);
  writeFileSync(join(dataDir, "spool", file.name), bytes, { mode: 0o600 });
  return file;
}
