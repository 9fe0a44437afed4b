/** The RPC server inside the test's own process, with handlers the test chooses. */
import { join } from "node:path";
import { pino } from "pino";
import { METHOD_NAMES, CONTRACT_HASH, type MethodName, type Methods } from "../../../bridge/src/rpc/contract.gen.js";
import { makeDispatch, type Handlers } from "../../../bridge/src/rpc/dispatch.js";
import { Listener } from "../../../bridge/src/rpc/listener.js";
import { DEFAULT_LIMITS, type PeerLimits } from "../../../bridge/src/rpc/peer.js";
import { makeDirectory } from "./places.js";

export const SILENT = pino({ level: "silent" });

export const HELLO: Methods["system.hello"]["result"] = {
  contractHash: CONTRACT_HASH,
  bridgeVersion: "1",
  baileysVersion: "7",
  nodeVersion: "24",
  journalId: "jrn_01M84BFQ2BMDR33G0QZ6DB1GSY",
  maxLineBytes: 1_048_576,
  sandbox: true,
};

/** Handlers for all methods; those not given fail. */
export function handlers(some: Partial<Handlers>): Handlers {
  const all = Object.fromEntries(METHOD_NAMES.map((name) => [name, () => Promise.reject(new Error(`${name} is not part of this test`))]));
  return { ...all, "system.hello": () => HELLO, ...some } as Handlers;
}

export interface Served {
  path: string;
  listener: Listener;
}

/** Serves handlers on a socket of its own. */
export async function serve(some: Partial<Handlers>, limits: Partial<PeerLimits> = {}, timeoutFor?: (method: MethodName) => number): Promise<Served> {
  const path = join(makeDirectory(), "run", "bridge.sock");
  const listener = await Listener.open(path, makeDispatch(handlers(some), timeoutFor), SILENT, { ...DEFAULT_LIMITS, ...limits });
  return { path, listener };
}

/** Stops serving. */
export async function unserve({ listener }: Served): Promise<void> {
  listener.drain();
  await listener.close(200);
}
