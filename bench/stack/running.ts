/** A gateway for as long as something is measured, gone afterwards, also when the measuring is interrupted. */
import type { Progress } from "../compare.js";
import { Gateway } from "./gateway.js";

/** Something that runs until it is stopped. */
interface Running {
  stop: () => Promise<void>;
}

/** @param environment settings beside the usual ones. */
export async function withGateway<T>(environment: Record<string, string>, progress: Progress, measure: (gateway: Gateway) => Promise<T>): Promise<T> {
  progress("starting the gateway and the sandbox");
  return whileRunning(await Gateway.start(environment), progress, measure);
}

/** Stops what runs when the measuring is over, has failed or is interrupted. */
export async function whileRunning<R extends Running, T>(running: R, progress: Progress, measure: (running: R) => Promise<T>): Promise<T> {
  const giveUp = (): void => {
    void running.stop().finally(() => process.exit(130));
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, giveUp);
  try {
    return await measure(running);
  } finally {
    progress("stopping");
    for (const signal of signals) process.off(signal, giveUp);
    await running.stop();
  }
}
