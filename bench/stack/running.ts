/** A gateway for as long as something is measured, gone afterwards, also when the measuring is interrupted. */
import type { Progress } from "../compare.js";
import { Gateway } from "./gateway.js";

/** @param environment settings beside the usual ones. */
export async function withGateway<T>(environment: Record<string, string>, progress: Progress, measure: (gateway: Gateway) => Promise<T>): Promise<T> {
  progress("starting the gateway and the sandbox");
  const gateway = await Gateway.start(environment);
  const giveUp = (): void => {
    void gateway.stop().finally(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  try {
    return await measure(gateway);
  } finally {
    progress("stopping");
    await gateway.stop();
  }
}
