import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A directory of its own for a test file, removed with it. Short, because it holds Unix sockets. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "wb-"));
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
