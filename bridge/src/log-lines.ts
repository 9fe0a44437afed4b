/** The last lines that were logged, as they were: masked already. For the diagnostic bundle, which has no log file to read. */

const MAX_LINES = 500;
const MAX_LINE_CHARACTERS = 4096;

export class LogLines {
  #lines: string[] = [];

  push(line: string): void {
    this.#lines.push(line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)}…\n` : line);
    // In steps, so that not every line moves all others.
    if (this.#lines.length >= 2 * MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES);
  }

  /** The last 500, oldest first, each with its newline. */
  last(): string[] {
    return this.#lines.slice(-MAX_LINES);
  }
}
