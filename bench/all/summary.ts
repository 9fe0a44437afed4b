/** The one table of everything, for a terminal and for a page. */
import { renderSections, type Report } from "../figures.js";
import { machineLine, type Machine } from "../machine.js";
import type { Row } from "./targets.js";

export interface AllReport {
  bench: "all";
  /** ISO, when the run began. */
  date: string;
  machine: Machine;
  python: string;
  /** How long it took. */
  minutes: number;
  /** True when only a few of everything were measured. */
  smoke: boolean;
  rows: readonly Row[];
  /** What could not be measured, and why. */
  failed: Readonly<Record<string, string>>;
  reports: readonly Report[];
}

const COLUMNS = ["figure", "reach", "measured", "reached"] as const;

const said = (reached: boolean | undefined): string => (reached === undefined ? "–" : reached ? "yes" : "no");
const cells = ({ figure, reach, measured, reached }: Row): string[] => [figure, reach, measured, said(reached)];

function about({ machine, python, date, minutes, smoke }: AllReport): string {
  const what = smoke ? "A few of everything, to see that it works: these figures mean nothing. " : "";
  return `${what}${machineLine(machine)}, Python ${python}, ${date.slice(0, 10)}, ${minutes.toFixed(0)} minutes`;
}

function failures({ failed }: AllReport): string[] {
  return Object.entries(failed).map(([bench, reason]) => `${bench} could not be measured: ${reason}`);
}

/** Everything as text: the table, then what each part measured. */
export function renderAll(report: AllReport): string {
  const rows = [[...COLUMNS], ...report.rows.map(cells)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((each) => each[column]?.length ?? 0)));
  const table = rows.map((each) => `  ${each.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
  const details = report.reports.flatMap((each) => ["", `${each.bench} (load ${each.machine.load} when it began)`, renderSections(each.sections)]);
  return `${[about(report), "", ...table, ...failures(report).map((line) => `  ${line}`), ...details].join("\n").trimEnd()}\n`;
}

/** The same as Markdown. */
export function renderPage(report: AllReport): string {
  const line = (each: readonly string[]): string => `| ${each.join(" | ")} |`;
  const table = [line(COLUMNS), line(COLUMNS.map(() => "---")), ...report.rows.map((row) => line(cells(row)))];
  const details = report.reports.flatMap((each) => [
    "",
    `### ${each.bench}`,
    "",
    `Load ${each.machine.load} when it began.`,
    "",
    "```text",
    renderSections(each.sections).trim(),
    "```",
  ]);
  return [`${about(report)}.`, "", ...table, ...failures(report).flatMap((each) => ["", each]), ...details].join("\n");
}
