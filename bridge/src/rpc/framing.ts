/**
 * One JSON object a line, UTF-8, with a maximum. Whatever is not that is an error of the peer, and the caller
 * closes it: after garbage nobody knows where the next line begins.
 */

/** What came was too long or not UTF-8. */
export class FramingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FramingError";
  }
}

const NEWLINE = 0x0a;

/** Splits a stream of bytes into lines. Holds at most one unfinished line. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #parts: Buffer[] = [];
  #held = 0;

  /** @param maxBytes the longest line, without its newline. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that a chunk completes; empty ones are left out.
   * @throws FramingError when a line is too long or not UTF-8.
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      const piece = chunk.subarray(start, end === -1 ? undefined : end);
      this.#held += piece.length;
      if (this.#held > this.#maxBytes) throw new FramingError(`a line is longer than ${this.#maxBytes} bytes`);
      if (piece.length > 0) this.#parts.push(piece);
      if (end === -1) return lines;
      start = end + 1;
      const line = this.#take();
      if (line.length > 0) lines.push(this.#decode(line));
    }
  }

  #take(): Buffer {
    const [only] = this.#parts;
    const line = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    return line;
  }

  #decode(line: Buffer): string {
    try {
      return this.#decoder.decode(line);
    } catch {
      throw new FramingError("a line is not UTF-8");
    }
  }
}

/** A message as it goes on the wire. @throws FramingError when it would be longer than the maximum. */
export function toLine(message: object, maxBytes: number): Buffer {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  if (line.length - 1 > maxBytes) throw new FramingError(`an answer is longer than ${maxBytes} bytes`);
  return line;
}
