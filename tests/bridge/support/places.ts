import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A new directory. Its name is short, because it holds Unix sockets. */
export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), "wb-"));
}

/** A directory of its own for a test file or suite, removed with it. Call it where tests are declared. */
export function temporaryDirectory(): string {
  const directory = makeDirectory();
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
