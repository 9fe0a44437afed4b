/** Everything there is to count and to measure in a bridge, put together for system.metrics and for operators. */
import type { Journal } from "../events/journal.js";
import type { JournalFigures, MetricsResult, OutboxFigures, TenantFigures } from "../rpc/contract.gen.js";
import type { Store } from "../store/store.js";
import type { Sessions } from "../whatsapp/sessions.js";
import type { Engine, LoopWatch } from "./engine.js";
import type { Traffic } from "./traffic.js";

export interface FiguresDeps {
  store: Store;
  journal: Journal;
  sessions: Sessions;
  traffic: Traffic;
  engine: Engine;
  sandbox: boolean;
}

/** Memory by and for sessions. */
export interface MemoryShare {
  /** Resident memory of the process before it had a session. */
  baselineBytes: number;
  /** What a session takes on average: all that came on top of that, by the sessions that have a connection. Undefined without one. */
  perSessionBytes: number | undefined;
}

function since(nowMs: number, thenMs: number | undefined): number | undefined {
  return thenMs === undefined ? undefined : Math.max(0, nowMs - thenMs);
}

export class BridgeFigures {
  readonly #deps: FiguresDeps;
  readonly #baselineBytes = process.memoryUsage.rss();

  /** Make it before the first session runs: what the process takes then is nobody's. */
  constructor(deps: FiguresDeps) {
    this.#deps = deps;
  }

  /** @param watch the asker's own look at the event loop. @param maxTenants how many tenants to tell apart. */
  view(watch: LoopWatch, maxTenants: number): MetricsResult {
    const { sessions, traffic, engine, store, sandbox } = this.#deps;
    const nowMs = Date.now();
    const files = store.depths.files();
    return {
      uptimeMs: Math.round(process.uptime() * 1000),
      sandbox,
      whatsapp: sessions.reachability,
      sessions: sessions.countByState(),
      connections: sessions.connectionHealth(nowMs),
      ...traffic.connections,
      received: traffic.receivedMessages,
      sends: traffic.sends,
      outbox: this.outbox(nowMs),
      journal: this.journal(nowMs),
      process: engine.figures(watch),
      store: { status: this.storeStatus, databaseBytes: files.database, logBytes: files.log },
      tenants: maxTenants === 0 ? [] : this.#tenants(maxTenants, nowMs),
    };
  }

  /** failing while nothing can be written, or nothing may be because control takes no events. */
  get storeStatus(): "ok" | "failing" {
    return this.#deps.store.writer.probe() && !this.#deps.journal.full ? "ok" : "failing";
  }

  outbox(nowMs: number): OutboxFigures {
    const { depths } = this.#deps.store;
    const { single, batched } = depths.waiting();
    const [ready, handed, stranded] = [depths.at("ready"), depths.at("handed"), depths.at("stranded")];
    const oldestReadyMs = since(nowMs, ready.oldestMs);
    const oldest = [handed.oldestMs, stranded.oldestMs].filter((ms) => ms !== undefined);
    return {
      waiting: single,
      batched,
      ready: ready.count,
      parked: depths.at("parked").count,
      unanswered: handed.count + stranded.count,
      ...(oldestReadyMs === undefined ? {} : { oldestReadyMs }),
      ...(oldest.length === 0 ? {} : { oldestUnansweredMs: Math.max(0, nowMs - Math.min(...oldest)) }),
    };
  }

  journal(nowMs: number): JournalFigures {
    const { unackedEvents, maxUnackedEvents, ackedPosition } = this.#deps.journal.depth;
    const oldestUnackedMs = unackedEvents === 0 ? undefined : since(nowMs, this.#deps.store.depths.eventAfter(ackedPosition));
    return { unackedEvents, maxUnackedEvents, ...(oldestUnackedMs === undefined ? {} : { oldestUnackedMs }) };
  }

  /** What V8 and the kernel cannot tell: nobody accounts memory to a session, so this is an even share. */
  memoryShare(): MemoryShare {
    const { connected } = this.#deps.sessions.connectionHealth(Date.now());
    const grown = Math.max(0, process.memoryUsage.rss() - this.#baselineBytes);
    return { baselineBytes: this.#baselineBytes, perSessionBytes: connected === 0 ? undefined : Math.round(grown / connected) };
  }

  #tenants(limit: number, nowMs: number): TenantFigures[] {
    return this.#deps.store.depths.tenants(limit).map(({ tenantId, state, waiting }) => {
      const held = this.#deps.sessions.held(tenantId);
      const pulse = held?.pulse;
      return {
        tenantId,
        state: held?.state ?? state,
        waiting,
        ...(pulse === undefined ? {} : { heardMs: Math.max(0, nowMs - pulse.heardMs), stirredMs: Math.max(0, nowMs - pulse.stirredMs) }),
      };
    });
  }
}
