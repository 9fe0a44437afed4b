import type { Ledger } from "../world/ledger.js";
import { digitsOf } from "../world/directory.js";
import type { AdminRouter } from "./http.js";

/** Reading and clearing the ledger. */
export function ledgerRoutes(router: AdminRouter, ledger: Ledger): void {
  router.add("GET", "/ledger", ({ query, wait }) => {
    const asked = {
      after: query.number("after"),
      limit: query.number("limit"),
      number: numberFilter(query.text("number")),
      direction: query.oneOf("direction", ["in", "out"]),
      tag: query.text("tag"),
      type: query.text("type"),
      id: query.text("id"),
    };
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    return ledger.poll(given, wait);
  });

  router.add("DELETE", "/ledger", () => {
    ledger.clear();
    return { cursor: ledger.last };
  });
}

function numberFilter(number: string | undefined): string | undefined {
  // A `+` in a query that was not percent-encoded arrives as a blank.
  return number === undefined ? undefined : (digitsOf(number.trim()) ?? number);
}
