import { digitsOf } from "../world/directory.js";
import type { Sends } from "../world/sends.js";
import type { AdminRouter } from "./http.js";

/** What became of every message an account sent, device by device. */
export function sendRoutes(router: AdminRouter, sends: Sends): void {
  router.add("GET", "/sends", ({ query }) => {
    const number = query.text("number");
    return sends.query({
      after: query.number("after"), limit: query.number("limit"), chat: query.text("chat"), id: query.text("id"),
      // A `+` in a query that was not percent-encoded arrives as a blank.
      number: number === undefined ? undefined : (digitsOf(number.trim()) ?? number),
    });
  });

  router.add("DELETE", "/sends", () => {
    sends.clear();
    return {};
  });
}
