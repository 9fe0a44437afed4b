/**
 * One connection of the RPC socket, the server's end of JSON-RPC 2.0. Guarantees: every call is answered once or
 * the connection is closed; a slow method holds up no other call; a peer that sends garbage, asks too much at
 * once or does not read its answers harms only itself.
 */
import type { Socket } from "node:net";
import { BridgeError, toRpcError, type RpcErrorObject } from "../errors.js";
import type { Logger } from "../log.js";
import { MAX_LINE_BYTES } from "./contract.gen.js";
import type { Dispatch } from "./dispatch.js";
import { FramingError, LineReader, toLine } from "./framing.js";

/** Bounds of one connection. */
export interface PeerLimits {
  /** Calls under way at once; more are answered with `overloaded`. */
  maxCalls: number;
  /** Answers the peer has not read yet; past it the connection is closed. */
  maxUnreadBytes: number;
  /** Until when system.hello must have come. */
  helloWithinMs: number;
}

export const DEFAULT_LIMITS: PeerLimits = { maxCalls: 1024, maxUnreadBytes: 16 * MAX_LINE_BYTES, helloWithinMs: 10_000 };

type CallId = string | number;

interface Request {
  id: CallId;
  method: string;
  params: unknown;
}

const MAX_ID_LENGTH = 128;

function isCallId(id: unknown): id is CallId {
  return typeof id === "number" ? Number.isSafeInteger(id) : typeof id === "string" && id.length <= MAX_ID_LENGTH;
}

function readRequest(value: unknown): Request | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { jsonrpc, id, method, params, ...rest } = value as Record<string, unknown>;
  if (jsonrpc !== "2.0" || !isCallId(id) || typeof method !== "string" || Object.keys(rest).length > 0) return undefined;
  return { id, method, params: params ?? {} };
}

export class Peer {
  readonly #socket: Socket;
  readonly #dispatch: Dispatch;
  readonly #log: Logger;
  readonly #limits: PeerLimits;
  readonly #lines = new LineReader(MAX_LINE_BYTES);
  readonly #calls = new Map<CallId, AbortController>();
  readonly #helloTimer: NodeJS.Timeout;
  #greeted = false;
  #draining = false;

  constructor(socket: Socket, dispatch: Dispatch, log: Logger, limits: PeerLimits = DEFAULT_LIMITS) {
    this.#socket = socket;
    this.#dispatch = dispatch;
    this.#log = log;
    this.#limits = limits;
    this.#helloTimer = setTimeout(() => {
      this.#close("no system.hello in time");
    }, limits.helloWithinMs);
    socket.on("data", (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on("error", (error) => {
      this.#log.debug({ err: error }, "rpc connection failed");
    });
    socket.on("close", () => {
      clearTimeout(this.#helloTimer);
      // Whoever asked is gone: what waits on its behalf need not.
      for (const call of this.#calls.values()) call.abort();
      this.#calls.clear();
    });
  }

  /** Answers new calls with `shutting_down` and lets those that wait for something end now. */
  drain(): void {
    this.#draining = true;
    for (const call of this.#calls.values()) call.abort();
  }

  /** Sends what is still to be sent, then closes. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) {
        if (this.#socket.destroyed || this.#socket.writableEnded) return;
        this.#take(line);
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#refuse(new BridgeError("parse_error"), error.message);
    }
  }

  #take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#refuse(new BridgeError("parse_error"), "a line is not JSON");
      return;
    }
    const request = readRequest(value);
    if (request === undefined || this.#calls.has(request.id)) {
      this.#refuse(new BridgeError("invalid_rpc_request"), "a line is not a JSON-RPC request with an id of its own");
      return;
    }
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      this.#send({ jsonrpc: "2.0", id: request.id, error: toRpcError(refusal) });
      return;
    }
    const call = new AbortController();
    this.#calls.set(request.id, call);
    // The reader goes on with the next line before any handler runs.
    setImmediate(() => void this.#answer(request, call));
  }

  #refusalOf(request: Request): BridgeError | undefined {
    if (this.#draining) return new BridgeError("shutting_down");
    if (!this.#greeted && request.method !== "system.hello") return new BridgeError("hello_required");
    if (this.#calls.size >= this.#limits.maxCalls) return new BridgeError("overloaded");
    return undefined;
  }

  async #answer(request: Request, call: AbortController): Promise<void> {
    let answer: { result: unknown } | { error: RpcErrorObject };
    try {
      answer = { result: await this.#dispatch(request.method, request.params, this, call) };
      if (request.method === "system.hello") {
        this.#greeted = true;
        clearTimeout(this.#helloTimer);
      }
    } catch (error) {
      if (!(error instanceof BridgeError) || error.errorName === "bridge_error" || error.cause !== undefined) {
        this.#log.error({ method: request.method, err: error }, "a call failed");
      }
      answer = { error: toRpcError(error) };
    }
    // A closed connection has forgotten its calls.
    if (this.#calls.delete(request.id)) this.#send({ jsonrpc: "2.0", id: request.id, ...answer });
  }

  #send(message: { jsonrpc: "2.0"; id: CallId | null } & ({ result: unknown } | { error: RpcErrorObject })): void {
    if (!this.#socket.writable) return;
    let line: Buffer;
    try {
      line = toLine(message, MAX_LINE_BYTES);
    } catch (error) {
      this.#log.error({ err: error }, "an answer is too long to be sent");
      line = toLine({ jsonrpc: "2.0", id: message.id, error: toRpcError(new BridgeError("bridge_error", { reason: "answer_too_long" })) }, MAX_LINE_BYTES);
    }
    this.#socket.write(line);
    if (this.#socket.writableLength > this.#limits.maxUnreadBytes) this.#close("it does not read its answers");
  }

  /** Tells the peer what was wrong with its line and closes: after garbage nobody knows where a line begins. */
  #refuse(error: BridgeError, reason: string): void {
    this.#log.warn({ reason }, "rpc connection refused");
    this.#send({ jsonrpc: "2.0", id: null, error: toRpcError(error) });
    this.#socket.end();
    // A peer that does not close its side after that is not waited for.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  #close(reason: string): void {
    this.#log.warn({ reason }, "rpc connection closed");
    this.#socket.destroy();
  }
}
