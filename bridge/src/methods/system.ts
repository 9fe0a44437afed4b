/** system.*: who answers, and how it is doing. */
import { BridgeError } from "../errors.js";
import type { Journal } from "../events/journal.js";
import type { BridgeFigures } from "../figures/bridge-figures.js";
import { LoopWatch } from "../figures/engine.js";
import { CONTRACT_HASH, MAX_LINE_BYTES } from "../rpc/contract.gen.js";
import type { Handlers } from "../rpc/dispatch.js";
import type { Sessions } from "../whatsapp/sessions.js";

export interface SystemDeps {
  journal: Journal;
  figures: BridgeFigures;
  sessions: Sessions;
  sandbox: boolean;
  bridgeVersion: string;
  baileysVersion: string;
  memoryLimitBytes: number;
}

export function systemMethods(deps: SystemDeps): Pick<Handlers, "system.hello" | "system.health" | "system.metrics"> {
  const [ofHealth, ofMetrics] = [new LoopWatch(), new LoopWatch()];
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
    "system.health": () => ({
      uptimeMs: Math.round(process.uptime() * 1000),
      sandbox: deps.sandbox,
      store: deps.figures.storeStatus,
      whatsapp: deps.sessions.reachability,
      sessions: deps.sessions.countByState(),
      connections: deps.sessions.connectionHealth(Date.now()),
      journal: deps.journal.health(),
      memoryRssBytes: process.memoryUsage.rss(),
      memoryLimitBytes: deps.memoryLimitBytes,
      eventLoopDelayMs: Math.round(ofHealth.take().delay.p99),
    }),
    "system.metrics": ({ maxTenants }) => deps.figures.view(ofMetrics, maxTenants),
  };
}
