/**
 * Loaded before the bridge (`node --import`): when asked by SIGUSR2, lets something of the WebSocket that hears next fail
 * in the way the environment's SABOTAGE names, as if Baileys had failed there.
 */
import { readFileSync } from "node:fs";
import WebSocket from "ws";

/** The ways things fail inside Baileys. */
export type Sabotage = "rejection" | "rejection after a wait" | "timer" | "next tick" | "throw";

const WAYS: Record<Sabotage, () => void> = {
  rejection: () => void Promise.reject(new Error("sabotage")),
  "rejection after a wait": () => {
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("sabotage");
    };
    void work();
  },
  timer: () => {
    setTimeout(() => {
      throw new Error("sabotage");
    }, 1);
  },
  "next tick": () => {
    process.nextTick(() => {
      throw new Error("sabotage");
    });
  },
  throw: () => {
    throw new Error("sabotage");
  },
};

let armed: Sabotage | undefined;
process.on("SIGUSR2", () => {
  armed = readFileSync(process.env["SABOTAGE_FILE"] ?? "", "utf8") as Sabotage;
});

type Listen = (this: unknown, event: string, listener: (...args: unknown[]) => void) => unknown;

const socket = WebSocket.prototype as unknown as { on: Listen };
const { on } = socket;
socket.on = function (event, listener) {
  if (event !== "message") return on.call(this, event, listener);
  return on.call(this, event, (...args) => {
    listener(...args);
    const way = armed;
    armed = undefined;
    if (way !== undefined) WAYS[way]();
  });
};
