/** Puts figures into docs/benchmarks.md, between two marks, and leaves everything else as it is. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";

export const BEGIN = "<!-- figures: written by scripts/bench all --write -->";
export const END = "<!-- end of figures -->";

/** @throws Error unless both marks are there once, in their order. */
export function replaceBetweenMarks(page: string, figures: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  const once = page.lastIndexOf(BEGIN) === begin && page.lastIndexOf(END) === end;
  if (begin < 0 || end < begin || !once) throw new Error(`the page must have "${BEGIN}" and "${END}", each once`);
  return `${page.slice(0, begin + BEGIN.length)}\n${figures.trim()}\n${page.slice(end)}`;
}

/** Writes figures into a page as a whole or not at all. */
export function writeFigures(path: string, figures: string): void {
  const page = replaceBetweenMarks(readFileSync(path, "utf8"), figures);
  writeFileSync(`${path}.new`, page);
  renameSync(`${path}.new`, path);
}
