/** Figures for people: columns, ages, sizes. */

/** Lines of cells under each other, the first line being the head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => lines.reduce((widest, line) => Math.max(widest, line[column]?.length ?? 0), 0));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}

/** Names and values under each other. */
export function list(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = entries.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** 950 ms, 12.3 s, 4 min 10 s, 3 h 5 min, 2 d 4 h. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** How long ago, or a dash. */
export function age(nowMs: number, thenMs: number | undefined): string {
  return thenMs === undefined ? "–" : duration(Math.max(0, nowMs - thenMs));
}

/** 512 B, 3.4 KiB, 120.5 MiB. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value.toFixed(1)} ${units[unit] ?? ""}`;
}
