/** `WA`, protocol 6, dictionary 3 (Baileys: NOISE_WA_HEADER). Only these bytes go into the handshake hash. */
export const HEADER = Buffer.from([0x57, 0x41, 6, 3]);
const ROUTING_PREFIX = Buffer.from([0x45, 0x44, 0, 1]);
/** A frame's length field has three bytes. */
export const MAX_FRAME_BYTES = (1 << 24) - 1;

/** Puts the three-byte length in front of a frame. Throws above 16 MiB. */
export function frame(body: Uint8Array): Buffer {
  if (body.length > MAX_FRAME_BYTES) throw new Error(`frame of ${body.length} bytes is too long`);
  const result = Buffer.allocUnsafe(3 + body.length);
  result.writeUIntBE(body.length, 0, 3);
  result.set(body, 3);
  return result;
}

/**
 * Cuts the byte stream into frames. Frames may be split and merged over WebSocket messages, and the first one is
 * preceded by an optional routing prefix (`ED 00 01 len24 bytes`) and the header.
 */
export class FrameReader {
  private buffer: Buffer = Buffer.alloc(0);
  private introduced = false;

  /** Throws when the stream does not begin with the header. */
  push(data: Buffer): Buffer[] {
    this.buffer = this.buffer.length ? Buffer.concat([this.buffer, data]) : data;
    if (!this.introduced && !this.readIntro()) return [];
    const frames: Buffer[] = [];
    while (this.buffer.length >= 3) {
      const size = this.buffer.readUIntBE(0, 3);
      if (this.buffer.length < 3 + size) break;
      frames.push(this.buffer.subarray(3, 3 + size));
      this.buffer = this.buffer.subarray(3 + size);
    }
    return frames;
  }

  private readIntro(): boolean {
    let offset = 0;
    if (this.buffer.length >= 4 && this.buffer.subarray(0, 4).equals(ROUTING_PREFIX)) {
      if (this.buffer.length < 7) return false;
      offset = 7 + this.buffer.readUIntBE(4, 3);
    }
    if (this.buffer.length < offset + HEADER.length) return false;
    if (!this.buffer.subarray(offset, offset + HEADER.length).equals(HEADER)) throw new Error("unknown protocol header");
    this.buffer = this.buffer.subarray(offset + HEADER.length);
    this.introduced = true;
    return true;
  }
}
