/** Decrypts a file from WhatsApp's media server piece by piece, and tells at the end whether it is the one that was announced. */
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto";
import { fileKeys, MAC_BYTES, type MediaFamily } from "./sealing.js";

/** What a message says of its file. Without a key the file is not encrypted, as in channels. */
export interface Announced {
  family: MediaFamily;
  mediaKey: Uint8Array | undefined;
  sha256: Uint8Array | undefined;
  encSha256: Uint8Array | undefined;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** The bytes are not those the sender announced. */
export class NotTheFile extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`the file is not the one announced: ${what}`, options);
    this.name = "NotTheFile";
  }
}

export class Unsealer {
  readonly #announced: Announced;
  readonly #whole = createHash("sha256");
  readonly #plain = createHash("sha256");
  readonly #cipher;
  readonly #mac;
  /** The last bytes so far: at the end they are the code the others are checked with. */
  #tail: Buffer = NOTHING;

  constructor(announced: Announced) {
    this.#announced = announced;
    if (announced.mediaKey === undefined) return;
    const { iv, cipherKey, macKey } = fileKeys(announced.mediaKey, announced.family);
    this.#cipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
    this.#mac = createHmac("sha256", macKey).update(iv);
  }

  /** Plain bytes, which nobody may use before `end` has checked them. */
  update(piece: Buffer): Buffer {
    this.#whole.update(piece);
    if (this.#cipher === undefined) {
      this.#plain.update(piece);
      return piece;
    }
    // A small piece joins what was held back; of a large one nothing is copied but its own end.
    if (piece.length < MAC_BYTES) {
      const bytes = Buffer.concat([this.#tail, piece]);
      return this.#take(bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES)), bytes.subarray(Math.max(0, bytes.length - MAC_BYTES)));
    }
    const held = this.#open(this.#tail);
    const plain = this.#take(piece.subarray(0, -MAC_BYTES), piece.subarray(-MAC_BYTES));
    return held.length === 0 ? plain : Buffer.concat([held, plain]);
  }

  #take(sealed: Buffer, tail: Buffer): Buffer {
    this.#tail = Buffer.from(tail);
    return this.#open(sealed);
  }

  #open(sealed: Buffer): Buffer {
    if (this.#cipher === undefined || sealed.length === 0) return NOTHING;
    this.#mac?.update(sealed);
    const plain = this.#cipher.update(sealed);
    this.#plain.update(plain);
    return plain;
  }

  /** The last plain bytes and the digest of all. @throws NotTheFile */
  end(): { rest: Buffer; sha256: string } {
    const rest = this.#rest();
    this.#plain.update(rest);
    const sha256 = this.#plain.digest();
    check("its encrypted form", this.#announced.encSha256, this.#whole.digest());
    check("its digest", this.#announced.sha256, sha256);
    return { rest, sha256: sha256.toString("hex") };
  }

  #rest(): Buffer {
    if (this.#cipher === undefined || this.#mac === undefined) return NOTHING;
    const code = this.#mac.digest().subarray(0, MAC_BYTES);
    if (this.#tail.length !== MAC_BYTES || !timingSafeEqual(code, this.#tail)) throw new NotTheFile("its code");
    try {
      return this.#cipher.final();
    } catch (error) {
      throw new NotTheFile("its end", { cause: error });
    }
  }
}

function check(what: string, announced: Uint8Array | undefined, found: Buffer): void {
  if (announced !== undefined && !found.equals(announced)) throw new NotTheFile(what);
}
