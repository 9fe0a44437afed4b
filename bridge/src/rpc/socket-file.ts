/**
 * A Unix socket of ours in the file system: mode 0600 in a directory of mode 0700. A socket file left by a process that
 * died is replaced; one that somebody answers on is not.
 */
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { EXIT, StartupError } from "../errors.js";

const PROBE_TIMEOUT_MS = 1000;

/** True when a process answers on the socket. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const settle = (answered: boolean): void => {
      probe.destroy();
      resolve(answered);
    };
    probe.setTimeout(PROBE_TIMEOUT_MS, () => {
      settle(true);
    });
    probe.once("connect", () => {
      settle(true);
    });
    probe.once("error", () => {
      settle(false);
    });
  });
}

async function makeRoom(path: string, setting: string): Promise<void> {
  let found;
  try {
    found = lstatSync(path);
  } catch {
    return;
  }
  if (!found.isSocket()) {
    throw new StartupError(`${path} exists and is not a socket. Move it away or set ${setting} to another path.`, EXIT.badConfig);
  }
  if (await isAnswered(path)) {
    throw new StartupError(`Another bridge is already answering on ${path}. Stop it first, or set ${setting} and DATA_DIR to other places.`, EXIT.anotherBridge);
  }
  unlinkSync(path);
}

/**
 * Begins to listen.
 * @param setting the environment variable that chooses the path, for the sentence.
 * @throws StartupError when another bridge answers there or the path is taken by something else.
 */
export async function listenOn(server: Server, path: string, setting: string): Promise<void> {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // The directory may be older than this program, or the umask may have been wider.
  chmodSync(directory, 0o700);
  await makeRoom(path, setting);
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw new StartupError(`The socket ${path} cannot be opened. Check that its directory can be written to.`, EXIT.badConfig, { cause: error });
  } finally {
    process.umask(umask);
  }
  chmodSync(path, 0o600);
}

/** Takes the file away once nobody listens on it. */
export function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Closing the server has removed it already.
  }
}
