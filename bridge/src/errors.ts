/**
 * The errors a caller of the bridge can see. Their names, codes and sentences are the contract's
 * (`contract.gen.ts`); nothing of a library, a path or a stack ever leaves through them.
 */
import { ERRORS, type ErrorName } from "./rpc/contract.gen.js";

/** What stands in `data` beside `name` and `retryable`, such as `{whatsappError: 463}`. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** An error of the contract's table. Throw it anywhere below a method: the caller gets its code and sentence. */
export class BridgeError extends Error {
  readonly errorName: ErrorName;
  readonly details: ErrorDetails;

  constructor(name: ErrorName, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(ERRORS[name].message, options);
    this.name = "BridgeError";
    this.errorName = name;
    this.details = details;
  }
}

/** The error object of a JSON-RPC answer. */
export interface RpcErrorObject {
  code: number;
  message: string;
  data: { name: ErrorName; retryable: boolean; [detail: string]: string | number | boolean };
}

/** Turns anything thrown into what a caller may see: a BridgeError as it is, everything else as `bridge_error`. */
export function toRpcError(error: unknown): RpcErrorObject {
  const known = error instanceof BridgeError ? error : new BridgeError("bridge_error");
  const { code, retryable, message } = ERRORS[known.errorName];
  return { code, message, data: { ...known.details, name: known.errorName, retryable } };
}

/** Exit codes of the process, so that a supervisor and a person can tell the reasons apart. */
export const EXIT = {
  ok: 0,
  internal: 70,
  storeUnusable: 74,
  anotherBridge: 75,
  badConfig: 78,
} as const;

/** A reason not to start. Its message is a sentence for the operator. */
export class StartupError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartupError";
    this.exitCode = exitCode;
  }
}
