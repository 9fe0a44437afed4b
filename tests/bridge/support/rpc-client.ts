/** A JSON-RPC client written for the tests, so that the server is not tested with its own code. */
import { connect, type Socket } from "node:net";
import { CONTRACT_HASH, type Event, type ErrorName, type EventPullResult, type MethodName, type Methods } from "../../../bridge/src/rpc/contract.gen.js";

/** What the bridge answered instead of a result. */
export class RpcFailure extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data: { name: ErrorName; retryable: boolean } & Record<string, unknown>,
  ) {
    super(`${data.name}: ${message}`);
  }
}

/** For assert.rejects: the call was refused by this name, and with this reason when one is given. */
export function refused(name: ErrorName, reason?: string): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof RpcFailure)) throw error;
    if (error.data.name !== name || (reason !== undefined && error.data["reason"] !== reason)) throw new Error(`refused otherwise: ${JSON.stringify(error.data)}`);
    return true;
  };
}

interface Answer {
  id: number | string | null;
  result?: unknown;
  error?: { code: number; message: string; data: RpcFailure["data"] };
}

export class RpcClient {
  readonly socket: Socket;
  /** Every line that answered no call of ours. */
  readonly strays: Answer[] = [];
  closed = false;
  readonly #pending = new Map<number | string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;
  #text = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      this.#read(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.closed = true;
      for (const { reject } of this.#pending.values()) reject(new Error("the connection closed"));
      this.#pending.clear();
    });
  }

  static async open(path: string, hello = true): Promise<RpcClient> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const client = new RpcClient(socket);
    if (hello) await client.call("system.hello", { contractHash: CONTRACT_HASH, clientName: "test" });
    return client;
  }

  call<M extends MethodName>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    return this.request(method, params) as Promise<Methods[M]["result"]>;
  }

  request(method: string, params?: unknown, id: number | string = this.#next++): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
    this.raw(`${JSON.stringify({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) })}\n`);
    return answer;
  }

  raw(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) {
      const answer = JSON.parse(line) as Answer;
      const pending = answer.id === null ? undefined : this.#pending.get(answer.id);
      if (answer.id === null || pending === undefined) {
        this.strays.push(answer);
        continue;
      }
      this.#pending.delete(answer.id);
      if (answer.error === undefined) pending.resolve(answer.result);
      else pending.reject(new RpcFailure(answer.error.code, answer.error.message, answer.error.data));
    }
  }
}

/** Follows the journal over a connection of its own and keeps every event, acking as it goes when asked to. */
export class Follower {
  readonly events: Event[] = [];
  readonly #client: RpcClient;
  #stopped = false;

  private constructor(client: RpcClient) {
    this.#client = client;
  }

  static async open(path: string, options: { ack?: boolean; after?: number } = {}): Promise<Follower> {
    const follower = new Follower(await RpcClient.open(path));
    void follower.#run(options.ack ?? false, options.after ?? 0);
    return follower;
  }

  of<T extends Event["data"]["type"]>(type: T): (Event & { data: Extract<Event["data"], { type: T }> })[] {
    return this.events.filter((event) => event.data.type === type) as (Event & { data: Extract<Event["data"], { type: T }> })[];
  }

  texts(tenantId?: string): string[] {
    return this.of("message").flatMap((event) => (event.data.content.type === "text" && (tenantId === undefined || event.tenantId === tenantId) ? [event.data.content.text] : []));
  }

  stop(): void {
    this.#stopped = true;
    this.#client.close();
  }

  async #run(ack: boolean, start: number): Promise<void> {
    let after = start;
    try {
      while (!this.#stopped) {
        const page: EventPullResult = await this.#client.call("event.pull", { after, max: 500, waitMs: 5000 });
        this.events.push(...page.events);
        after = page.events.at(-1)?.position ?? after;
        if (ack && page.events.length > 0) await this.#client.call("event.ack", { position: after });
      }
    } catch {
      // The bridge went away, as tests make it do.
    }
  }
}
