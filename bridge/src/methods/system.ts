/** system.*: who answers, and how it is doing. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { BridgeError } from "../errors.js";
import type { Journal } from "../events/journal.js";
import { CONTRACT_HASH, MAX_LINE_BYTES } from "../rpc/contract.gen.js";
import type { Handlers } from "../rpc/dispatch.js";
import type { Writer } from "../store/writer.js";
import type { Sessions } from "../whatsapp/sessions.js";

export interface SystemDeps {
  journal: Journal;
  writer: Writer;
  sessions: Sessions;
  sandbox: boolean;
  bridgeVersion: string;
  baileysVersion: string;
  memoryLimitBytes: number;
}

const RESOLUTION_MS = 20;

export function systemMethods(deps: SystemDeps): Pick<Handlers, "system.hello" | "system.health"> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    "system.hello": (params) => {
      if (params.contractHash !== CONTRACT_HASH) {
        throw new BridgeError("contract_mismatch", { bridgeHash: CONTRACT_HASH, clientHash: params.contractHash });
      }
      return {
        contractHash: CONTRACT_HASH,
        bridgeVersion: deps.bridgeVersion,
        baileysVersion: deps.baileysVersion,
        nodeVersion: process.versions.node,
        journalId: deps.journal.journalId,
        maxLineBytes: MAX_LINE_BYTES,
        sandbox: deps.sandbox,
      };
    },
    "system.health": () => {
      // The histogram holds the time between two of its own ticks, so what is beyond one tick is delay.
      const behindMs = delay.percentile(99) / 1e6 - RESOLUTION_MS;
      delay.reset();
      return {
        uptimeMs: Math.round(process.uptime() * 1000),
        sandbox: deps.sandbox,
        store: deps.writer.probe() && !deps.journal.full ? "ok" : "failing",
        whatsapp: deps.sessions.reachability,
        sessions: deps.sessions.countByState(),
        journal: deps.journal.health(),
        memoryRssBytes: process.memoryUsage.rss(),
        memoryLimitBytes: deps.memoryLimitBytes,
        eventLoopDelayMs: Math.max(0, Math.round(behindMs)),
      };
    },
  };
}
