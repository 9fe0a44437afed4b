/**
 * From the name of a method to its handler, checked on both sides and bounded in time. A method of the contract
 * without a handler, or a handler the contract does not know, fails when the process starts.
 */
import { BridgeError } from "../errors.js";
import { METHOD_NAMES, type MethodName, type Methods } from "./contract.gen.js";
import { checkParams, checkResult, timeoutOf } from "./validate.js";

/** Whom a call comes from. */
export interface Caller {
  /** Stays the same object for all calls of one connection. */
  readonly connection: object;
  /** Fires when the caller is gone or the call ran out of time: stop waiting. */
  readonly signal: AbortSignal;
}

export type Handler<M extends MethodName> = (params: Methods[M]["params"], caller: Caller) => Promise<Methods[M]["result"]> | Methods[M]["result"];

/** One handler for each method of the contract. */
export type Handlers = { [M in MethodName]: Handler<M> };

/** Calls a method by name with unchecked parameters. Aborts `call` when it runs out of time. */
export type Dispatch = (method: string, params: unknown, connection: object, call: AbortController) => Promise<unknown>;

function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name);
}

/** @throws Error when handlers and contract are not the same set. */
export function makeDispatch(handlers: Handlers, timeoutFor: (method: MethodName) => number = timeoutOf): Dispatch {
  const missing = METHOD_NAMES.filter((name) => !Object.hasOwn(handlers, name));
  const unknown = Object.keys(handlers).filter((name) => !isMethodName(name));
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(`handlers and contract differ: missing ${missing.join(", ") || "none"}, unknown ${unknown.join(", ") || "none"}`);
  }

  async function run(method: MethodName, params: unknown, connection: object, call: AbortController): Promise<unknown> {
    const checked = checkParams(method, params);
    // checkParams has just made sure of what the types cannot follow: parameters and handler belong to the same method.
    const handler = handlers[method] as (params: unknown, caller: Caller) => unknown;
    let timer: NodeJS.Timeout | undefined;
    const outOfTime = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        call.abort();
        reject(new BridgeError("bridge_error", { reason: "timeout" }));
      }, timeoutFor(method));
      timer.unref();
    });
    try {
      return checkResult(method, await Promise.race([handler(checked, { connection, signal: call.signal }), outOfTime]));
    } finally {
      clearTimeout(timer);
    }
  }

  return (method, params, connection, call) =>
    isMethodName(method) ? run(method, params, connection, call) : Promise.reject(new BridgeError("method_not_found"));
}
