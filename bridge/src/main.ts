/**
 * `node build/bridge/src/main.js`: the bridge as a process. `--openrpc` prints the contract and ends, `--take-over`
 * lets the sessions of a restored copy run and ends.
 * Exit codes are in errors.ts.
 */
import { mkdirSync, rmSync } from "node:fs";
import { startBridge, type Bridge } from "./bridge.js";
import { readConfig } from "./config.js";
import { EXIT, StartupError } from "./errors.js";
import { makeLogger, type Logger } from "./log.js";
import { LogLevels } from "./log-levels.js";
import { LogLines } from "./log-lines.js";
import { contract } from "./rpc/validate.js";
import { useSmallSlabs } from "./small-slabs.js";
import { takeOver } from "./take-over.js";
import { containFailures } from "./whatsapp/containment.js";

/** A supervisor kills after that; what is not done by then is safe on disk or still at WhatsApp. */
const STOP_WITHIN_MS = 4500;

async function stopBridge(bridge: Bridge, log: Logger): Promise<void> {
  setTimeout(() => {
    log.warn("the bridge did not stop in time");
    process.exit(EXIT.ok);
  }, STOP_WITHIN_MS).unref();
  try {
    await bridge.stop();
    log.info("bridge stopped");
  } catch (error) {
    log.error({ err: error }, "stopping the bridge failed");
  }
  process.exit(EXIT.ok);
}

/** Libraries put what they work on into the system's temporary folder, for everybody to see: give them one of their own, empty. */
function usePrivateTemp(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  process.env["TMPDIR"] = directory;
}

async function run(): Promise<void> {
  useSmallSlabs();
  // Nothing this process writes is anybody else's to read.
  process.umask(0o077);
  let log = makeLogger("info");
  try {
    const config = readConfig(process.env);
    const desk = { levels: new LogLevels(config.logLevel), lines: new LogLines() };
    log = makeLogger(config.logLevel, undefined, desk);
    containFailures(log, (code) => process.exit(code));
    const bridge = await startBridge(config, log, { desk });
    // Now no other bridge runs here.
    usePrivateTemp(config.tempDir);
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stopBridge(bridge, log));
  } catch (error) {
    const known = error instanceof StartupError ? error : undefined;
    log.fatal({ err: known === undefined ? error : undefined }, known?.message ?? "the bridge could not start");
    process.exitCode = known?.exitCode ?? EXIT.internal;
    process.exit();
  }
}

/** A command for an operator, so it speaks in sentences and not in log lines. */
function takeOverAndSaySo(): void {
  process.umask(0o077);
  try {
    process.stdout.write(
      takeOver(readConfig(process.env), Date.now())
        ? "The sessions of this copy run from the next start on. The original must never be started again.\n"
        : "There is nothing to take over: the sessions of this installation may run already.\n",
    );
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv.includes("--take-over")) takeOverAndSaySo();
else if (process.argv.includes("--openrpc")) process.stdout.write(`${JSON.stringify(contract, null, 2)}\n`);
else await run();
