/** Pictures of groups, which control hands over in the spool as it does the files of messages. */
import { createHash } from "node:crypto";
import { BridgeError } from "../errors.js";
import type { SpoolFile } from "../rpc/contract.gen.js";
import { NotPossible } from "./media/not-possible.js";
import type { Spool } from "./media/spool.js";

/** WhatsApp's own pictures of groups have a tenth of that. */
const MAX_BYTES = 2 * 1024 * 1024;

export class PictureFiles {
  readonly #spool: Spool;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Reads a JPEG and gives it to `work`; afterwards the file is gone. @throws BridgeError media_missing, and what `work` throws */
  async use<T>(file: SpoolFile, work: (jpeg: Uint8Array) => Promise<T>): Promise<T> {
    const jpeg = await this.#read(file);
    try {
      return await work(jpeg);
    } finally {
      await this.#spool.discard(file);
    }
  }

  async #read(file: SpoolFile): Promise<Uint8Array> {
    if (file.mimeType !== "image/jpeg" || file.sizeBytes > MAX_BYTES) throw new BridgeError("media_missing");
    try {
      const handle = await this.#spool.open(file);
      try {
        const bytes = await handle.readFile();
        if (createHash("sha256").update(bytes).digest("hex") === file.sha256) return bytes;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
    }
    throw new BridgeError("media_missing");
  }
}
