import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BEGIN, END, replaceBetweenMarks, writeFigures } from "../../../bench/all/page.js";
import { renderAll, renderPage, type AllReport } from "../../../bench/all/summary.js";
import { judge, TARGETS, type Row } from "../../../bench/all/targets.js";
import type { Figure, Report } from "../../../bench/figures.js";

const MACHINE = { cores: 2, cpu: "Some Processor", memoryMib: 1024, kernel: "6.1", node: "v24.0.0", load: 0.1, fsyncMs: 0.5 };

function report(bench: string, ...figures: Figure[]): Report {
  return { bench, machine: MACHINE, sections: [{ title: `What ${bench} does`, figures }] };
}

const figure = (id: string, value: number, more: Partial<Figure> = {}): Figure => ({ id, what: id, value, unit: "/s", ...more });

/** Everything, just as good as promised. */
const GOOD: readonly Report[] = [
  report("capacity", figure("most.measured", 1000, { mib: 1024, note: "in 1024 MiB" }), figure("fit", 1000), figure("each.stack", 0.4), figure("each.raw", 0.6)),
  report("sends", figure("one.rest.16", 400, { toRaw: 0.8 }), figure("group.rest.16", 200, { toRaw: 2.5 }), figure("latency.added", 3, { p50Ms: 3, p99Ms: 20 })),
  report("accepts", figure("rate.send", 1000, { p99Ms: 50 })),
  report("receives", figure("latency.app", 10, { p50Ms: 10, p99Ms: 90 }), figure("backlog.many", 1000, { toRaw: 1 })),
  report("recovery", figure("control.dropped", 0, { note: "of 100" }), figure("all.api", 3), figure("all.open", 15)),
];
const CAMPAIGN = { seconds: 60, messages: 500, kills: 20, broken: 0 };

/** All of it with one figure changed. */
function changed(bench: string, id: string, change: Partial<Figure>): Report[] {
  return GOOD.map((each) => (each.bench !== bench ? each : { ...each, sections: each.sections.map((section) => ({ ...section, figures: section.figures.map((one) => (one.id === id ? { ...one, ...change } : one)) })) }));
}

function missed(rows: readonly Row[]): string[] {
  return rows.filter(({ reached }) => reached !== true).map(({ figure: name }) => name);
}

test("what is just as good as promised is reached, every line of it", () => {
  const rows = judge({ reports: GOOD, campaign: CAMPAIGN });
  assert.equal(rows.length, TARGETS.length);
  assert.deepEqual(missed(rows), []);
});

const WORSE: readonly [bench: string, id: string, change: Partial<Figure>, line: string][] = [
  ["capacity", "most.measured", { mib: 1025 }, "connected idle sessions in 1 GiB, all processes"],
  ["capacity", "each.stack", { value: 0.41 }, "memory of each session"],
  ["sends", "one.rest.16", { toRaw: 0.79 }, "sends of one tenant, by REST"],
  ["sends", "group.rest.16", { toRaw: 2.4 }, "sends to a group of 11, by REST"],
  ["sends", "latency.added", { p50Ms: 3.1 }, "the gateway's share of a send's latency"],
  ["sends", "latency.added", { p99Ms: 21 }, "the gateway's share of a send's latency"],
  ["accepts", "rate.send", { value: 999 }, "requests accepted"],
  ["accepts", "rate.send", { p99Ms: 51 }, "requests accepted"],
  ["receives", "latency.app", { p50Ms: 11 }, "WhatsApp's frame to the customer's app"],
  ["receives", "backlog.many", { value: 999 }, "events to the customer's app"],
  ["recovery", "control.dropped", { value: 1 }, "control restarted: WhatsApp connections dropped"],
  ["recovery", "all.api", { value: 3.1 }, "everything killed, 100 sessions: API ready"],
  ["recovery", "all.open", { value: 15.1 }, "everything killed, 100 sessions: all connected"],
];

for (const [bench, id, change, line] of WORSE) {
  test(`a worse ${bench} ${id} ${JSON.stringify(change)} is a figure missed, and only that one`, () => {
    assert.deepEqual(missed(judge({ reports: changed(bench, id, change), campaign: CAMPAIGN })), [line]);
  });
}

test("a broken promise of the campaign is a figure missed", () => {
  assert.deepEqual(missed(judge({ reports: GOOD, campaign: { ...CAMPAIGN, broken: 1 } })), ["messages lost or sent twice under kill -9"]);
});

test("what was not measured, or came to no number, is never told as reached", () => {
  const rows = judge({ reports: [] });
  assert.ok(rows.every(({ measured, reached }) => measured === "not measured" && reached === undefined));
  const [, each] = judge({ reports: changed("capacity", "each.raw", { value: Number.NaN }) });
  assert.deepEqual([each?.measured, each?.reached], ["not measured", undefined]);
});

test("a thousand sessions that were not connected are told as extrapolated", () => {
  const [line] = judge({ reports: [report("capacity", figure("most.measured", 200, { mib: 300 }), figure("fit", 2100))] });
  assert.deepEqual([line?.measured, line?.reached], ["2,100 (extrapolated from 200)", true]);
});

function all(change: Partial<AllReport> = {}): AllReport {
  const rows = judge({ reports: changed("recovery", "all.api", { value: 3.1 }), campaign: CAMPAIGN });
  return { bench: "all", date: "2030-01-02T03:04:05.000Z", machine: MACHINE, python: "3.11.9", minutes: 27.4, smoke: false, rows, failed: {}, reports: GOOD, ...change };
}

test("the table names the machine, tells of every figure whether it was reached, and shows what it is made of", () => {
  for (const text of [renderAll(all()), renderPage(all())]) {
    for (const word of ["2 cores Some Processor, 1.0 GiB, Linux 6.1, Node v24.0.0", "fsync 0.5 ms", "Python 3.11.9", "2030-01-02", "27 minutes", "What sends does"]) assert.ok(text.includes(word), word);
    assert.match(text, /everything killed, 100 sessions: API ready[ |]+≤ 3 s[ |]+3.1 s[ |]+no/);
    assert.match(text, /memory of each session[ |]+≤ 0.4 MiB[ |]+0.40 MiB \(raw Baileys 0.60\)[ |]+yes/);
  }
});

test("the table says what could not be measured and why", () => {
  for (const render of [renderAll, renderPage]) assert.ok(render(all({ failed: { sends: "30 minutes were over" } })).includes("sends could not be measured: 30 minutes were over"));
});

test("figures are written between their marks, and nothing else is touched", () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  try {
    const path = join(folder, "benchmarks.md");
    writeFileSync(path, `# Before\n${BEGIN}\nold\nolder\n${END}\nafter\n`);
    writeFigures(path, "| new |\n");
    assert.equal(readFileSync(path, "utf8"), `# Before\n${BEGIN}\n| new |\n${END}\nafter\n`);
    writeFigures(path, "| newer |");
    assert.equal(readFileSync(path, "utf8"), `# Before\n${BEGIN}\n| newer |\n${END}\nafter\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a page without its marks, or with two of one, is left as it is", () => {
  for (const page of ["nothing", BEGIN, END, `${END}${BEGIN}`, `${BEGIN}${END}${BEGIN}${END}`, `${BEGIN}${END}${END}`]) assert.throws(() => replaceBetweenMarks(page, "new"), /must have/);
});

test("the page of the project has the marks", () => {
  const page = readFileSync(new URL("../../../../docs/benchmarks.md", import.meta.url), "utf8");
  assert.ok(replaceBetweenMarks(page, "new figures").includes("new figures"));
});
