/** The figures of a run and the table that shows them. */
import { machineLine, type Machine } from "./machine.js";

export interface Figure {
  /** Stable name for programs, such as `one.rest.16`. */
  id: string;
  what: string;
  value: number;
  unit: "/s" | "ms" | "s" | "% CPU" | "MiB" | "sessions" | "connections";
  /** This figure divided by the same one of raw Baileys in the same run. */
  toRaw?: number;
  p50Ms?: number;
  p99Ms?: number;
  /** Milliseconds of processor time a message took, by process. */
  cpuMs?: Record<string, number>;
  /** What goes with a number of sessions: the memory they took, in MiB. */
  mib?: number;
  note?: string;
}

export interface Section {
  title: string;
  figures: Figure[];
}

export interface Report {
  bench: string;
  machine: Machine;
  sections: Section[];
}

const COLUMNS = ["", "", "to raw", "p50 ms", "p99 ms", "CPU ms each", ""];

function number(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}

const WHOLE: readonly Figure["unit"][] = ["/s", "sessions", "connections"];

/** Its value with its unit. */
export function shown({ value, unit }: Figure): string {
  return `${value.toFixed(WHOLE.includes(unit) ? 0 : 2)} ${unit}`;
}

function row(figure: Figure): string[] {
  const cpu = Object.entries(figure.cpuMs ?? {}).map(([name, ms]) => `${name} ${ms.toFixed(2)}`);
  return [
    figure.what,
    shown(figure),
    number(figure.toRaw, 2),
    number(figure.p50Ms, 1),
    number(figure.p99Ms, 1),
    cpu.join(" "),
    figure.note ?? "",
  ];
}

/** The report as text. */
export function renderTable(report: Report): string {
  return `${machineLine(report.machine)}\n${renderSections(report.sections)}`;
}

/** A table for each section, ratios to raw Baileys before the latencies. Columns without anything in them are left out. */
export function renderSections(sections: readonly Section[]): string {
  const lines: string[] = [];
  for (const { title, figures } of sections) {
    const all = figures.map(row);
    const used = COLUMNS.map((_, column) => column < 2 || all.some((cells) => cells[column] !== ""));
    const headed = COLUMNS.some((name, column) => name !== "" && used[column]);
    const rows = headed ? [COLUMNS, ...all] : all;
    const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
    const pad = (cell: string, column: number): string => (column === 0 || column > 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0));
    const line = (cells: string[]): string => cells.map(pad).filter((_, column) => used[column]).join("  ");
    lines.push("", title, ...rows.map((cells) => `  ${line(cells)}`.trimEnd()));
  }
  return `${lines.join("\n")}\n`;
}
