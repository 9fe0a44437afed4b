/** Baileys reads frames in a promise nobody holds: one it cannot read would end the process. */
import type { WASocket } from "./baileys.js";

/** Whatever goes wrong with a frame goes to `contain`. Call it before anything else listens. */
export function containFrames(ws: WASocket["ws"], contain: (error: unknown) => void): void {
  for (const read of ws.listeners("message") as ((data: unknown) => unknown)[]) {
    ws.off("message", read);
    ws.on("message", (data: unknown) => {
      try {
        Promise.resolve(read(data)).catch(contain);
      } catch (error) {
        contain(error);
      }
    });
  }
}
