/** Calls the bridge over its socket, as the control plane does, with nothing between. */
import { connect, type Socket } from "node:net";
import { CONTRACT_HASH, type MethodName, type Methods } from "../../bridge/src/rpc/contract.gen.js";

interface Answer {
  id: number | null;
  result?: unknown;
  error?: { message: string; data?: { name?: string } };
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class Rpc {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #rest = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      this.#read(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const { reject } of this.#pending.values()) reject(new Error("the bridge closed the connection"));
      this.#pending.clear();
    });
  }

  static async open(path: string): Promise<Rpc> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const rpc = new Rpc(socket);
    await rpc.call("system.hello", { contractHash: CONTRACT_HASH, clientName: "bench" });
    return rpc;
  }

  /** @throws Error that names what the bridge refused the call with. */
  call<M extends MethodName>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    const id = this.#next++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
    this.#socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return answer as Promise<Methods[M]["result"]>;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const { id, result, error } = JSON.parse(line) as Answer;
      const pending = id === null ? undefined : this.#pending.get(id);
      if (id === null || pending === undefined) continue;
      this.#pending.delete(id);
      if (error === undefined) pending.resolve(result);
      else pending.reject(new Error(`${error.data?.name ?? "error"}: ${error.message}`));
    }
  }
}
