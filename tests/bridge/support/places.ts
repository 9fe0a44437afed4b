import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

process.on("exit", () => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A new directory, removed when the tests of this file end. Its name is short, because it holds Unix sockets. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "wb-"));
  made.push(directory);
  return directory;
}
