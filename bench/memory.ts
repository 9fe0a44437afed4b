/**
 * What processes take of the machine's memory, from /proc. Pages that several processes share are divided among them
 * (PSS), so that the parts of a whole add up.
 */
import { readdirSync, readFileSync } from "node:fs";

const KIB_PER_MIB = 1024;

/** The memory of one process in MiB, as smaps_rollup of proc(5) has it. */
export interface Footprint {
  /** Its own pages and its share of those it has in common with others. */
  pss: number;
  /** Pages of its own that are of no file: heaps, stacks. */
  anonymous: number;
}

/** @param text of smaps_rollup */
export function parseRollup(text: string): Footprint {
  const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  return { pss: kib("Pss") / KIB_PER_MIB, anonymous: kib("Pss_Anon") / KIB_PER_MIB };
}

/** @throws Error when there is no such process, or it is somebody else's. */
export function footprintOf(pid: number): Footprint {
  return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
}

/** The resident KiB of each file a process has mapped. @param text of smaps */
export function parseFiles(text: string): Map<string, number> {
  const files = new Map<string, number>();
  let file = "";
  for (const line of text.split("\n")) {
    // A mapping begins with "from-to modes offset device inode path"; its figures follow.
    const begins = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ (\d+) +(\S.*)?$/.exec(line);
    if (begins !== null) file = begins[1] === "0" ? "" : (begins[2] ?? "");
    else if (file !== "" && line.startsWith("Rss:")) files.set(file, (files.get(file) ?? 0) + resident(line));
    else if (file !== "" && line.startsWith("Anonymous:")) files.set(file, (files.get(file) ?? 0) - resident(line));
  }
  return files;
}

function resident(line: string): number {
  return Number(/(\d+) kB$/.exec(line)?.[1] ?? 0);
}

/**
 * What these processes take where nothing else runs, in MiB: their own pages, and each file once. More than the sum of
 * their PSS as long as others on the machine use the same files, such as the program of Node.
 */
export function aloneOf(pids: readonly number[]): number {
  const files = new Map<string, number>();
  let anonymous = 0;
  for (const pid of pids) {
    anonymous += footprintOf(pid).anonymous;
    for (const [file, kib] of parseFiles(readFileSync(`/proc/${pid}/smaps`, "latin1"))) files.set(file, Math.max(files.get(file) ?? 0, kib));
  }
  return anonymous + [...files.values()].reduce((sum, kib) => sum + kib, 0) / KIB_PER_MIB;
}

/** A process and everything it started, and so on, as far as they run. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? parentOf(pid) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything; state and parent follow it.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
