/**
 * Which lines are logged, changed while the process runs: a level for everything and others for single tenants, each for a
 * while. pino drops what is below the lowest of them before it is made; what is left is looked at here.
 */
import type { Logger } from "pino";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Levels of tenants at a time: they are for looking at one session. */
const MAX_TENANTS = 16;

/** pino's numbers. */
const NUMBER_OF: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Infinity };

/** A level that differs from the configured one, and until when. */
export interface ChangedLevel {
  level: LogLevel;
  untilMs: number;
}

interface Change extends ChangedLevel {
  timer: NodeJS.Timeout;
  onEnd: () => void;
}

export function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text);
}

export class LogLevels {
  readonly configured: LogLevel;
  readonly #tenants = new Map<string, Change>();
  #whole: Change | undefined;
  #log: Pick<Logger, "level"> | undefined;

  constructor(configured: LogLevel) {
    this.configured = configured;
  }

  /** The logger whose level this decides. */
  attach(log: Pick<Logger, "level">): void {
    this.#log = log;
    this.#apply();
  }

  /** True when a line is logged. @param level pino's number of it. */
  passes(tenantId: unknown, level: number): boolean {
    const own = typeof tenantId === "string" ? this.#tenants.get(tenantId) : undefined;
    return level >= NUMBER_OF[own?.level ?? this.current];
  }

  /** The level of everything that has none of its own. */
  get current(): LogLevel {
    return this.#whole?.level ?? this.configured;
  }

  /** What is changed now. */
  get changes(): { whole: ChangedLevel | undefined; tenants: Record<string, ChangedLevel> } {
    const shown = ({ level, untilMs }: Change): ChangedLevel => ({ level, untilMs });
    return {
      whole: this.#whole === undefined ? undefined : shown(this.#whole),
      tenants: Object.fromEntries([...this.#tenants].map(([tenantId, change]) => [tenantId, shown(change)])),
    };
  }

  /** Changes the level of everything for a while. */
  set(level: LogLevel, forMs: number): void {
    this.reset();
    this.#whole = this.#change(level, forMs, () => undefined, () => {
      this.reset();
    });
    this.#apply();
  }

  /**
   * Changes the level of a tenant's lines for a while.
   * @param onEnd called when it is over, by time or by another change.
   * @returns false when too many tenants have a level of their own.
   */
  setTenant(tenantId: string, level: LogLevel, forMs: number, onEnd: () => void = () => undefined): boolean {
    if (!this.#tenants.has(tenantId) && this.#tenants.size >= MAX_TENANTS) return false;
    this.resetTenant(tenantId);
    this.#tenants.set(tenantId, this.#change(level, forMs, onEnd, () => {
      this.resetTenant(tenantId);
    }));
    this.#apply();
    return true;
  }

  /** Goes back to the configured level. */
  reset(): void {
    clearTimeout(this.#whole?.timer);
    this.#whole = undefined;
    this.#apply();
  }

  resetTenant(tenantId: string): void {
    const change = this.#tenants.get(tenantId);
    if (change === undefined) return;
    clearTimeout(change.timer);
    this.#tenants.delete(tenantId);
    this.#apply();
    change.onEnd();
  }

  resetAll(): void {
    this.reset();
    for (const tenantId of [...this.#tenants.keys()]) this.resetTenant(tenantId);
  }

  #change(level: LogLevel, forMs: number, onEnd: () => void, over: () => void): Change {
    return { level, untilMs: Date.now() + forMs, timer: setTimeout(over, forMs).unref(), onEnd };
  }

  #apply(): void {
    if (this.#log === undefined) return;
    const levels = [this.current, ...[...this.#tenants.values()].map(({ level }) => level)];
    this.#log.level = levels.reduce((lowest, level) => (NUMBER_OF[level] < NUMBER_OF[lowest] ? level : lowest));
  }
}
