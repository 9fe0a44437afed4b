/** Speaks to a debug socket as socat does: bytes in, bytes out. */
import { connect, type Socket } from "node:net";
import { waitFor } from "./wait.js";

export class DebugClient {
  readonly socket: Socket;
  text = "";
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      this.text += chunk;
    });
    socket.on("error", () => undefined);
    for (const end of ["end", "close"]) {
      socket.on(end, () => {
        this.closed = true;
        socket.end();
      });
    }
  }

  static async open(path: string): Promise<DebugClient> {
    const socket = connect({ path, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new DebugClient(socket);
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Asks one thing and waits for the end of the answer. */
  async ask(line: string): Promise<string> {
    const from = this.text.length;
    this.write(`${line}\n`);
    await this.until("\n\n", from);
    return this.text.slice(from).trimEnd();
  }

  /** Asks one thing as a program does. */
  async askJson<T = Record<string, unknown>>(line: string): Promise<T> {
    const from = this.text.length;
    this.write(`${line} --json\n`);
    await this.until("\n", from);
    return JSON.parse(this.text.slice(from)) as T;
  }

  /** Waits until something was shown. */
  async until(what: string | RegExp, from = 0): Promise<string> {
    const found = (text: string): boolean => (typeof what === "string" ? text.includes(what) : what.test(text));
    await waitFor(`${String(what)} in the answer`, () => found(this.text.slice(from)));
    return this.text.slice(from);
  }

  async untilClosed(): Promise<void> {
    await waitFor("the connection to close", () => this.closed);
  }

  close(): void {
    this.socket.destroy();
  }
}
