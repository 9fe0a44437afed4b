import type { Logins } from "../service/login.js";
import type { Directory } from "../world/directory.js";
import type { Ledger } from "../world/ledger.js";
import { Plain, type AdminRouter } from "./http.js";

export interface StatusServices {
  directory: Directory;
  logins: Logins;
  ledger: Ledger;
  rootKey: string;
  certificate: string;
  reset: () => Promise<void>;
}

/** How the sandbox is: who is linked, who is connected, and what a client must trust. */
export function statusRoutes(router: AdminRouter, services: StatusServices): void {
  const { directory, logins, ledger, rootKey, certificate, reset } = services;
  const startedAt = Date.now();

  router.add("GET", "/health", () => ({
    status: "ok",
    uptimeMs: Date.now() - startedAt,
    connections: logins.connections().length,
    ledger: { entries: ledger.size, last: ledger.last },
    rssBytes: process.memoryUsage.rss(),
  }));

  router.add("GET", "/accounts", () => {
    const accounts = [...directory.all()].filter((person) => person.companions.size > 0);
    return {
      accounts: accounts.map((person) => ({
        number: `+${person.number}`,
        name: person.name,
        jid: person.jid,
        lid: person.lidJid,
        online: person.online,
        devices: [...person.companions.values()].map((each) => ({
          device: each.id, jid: person.address("pn", each.id), connected: each.link !== undefined, active: each.active,
          queued: each.queue.size, preKeys: each.preKeys.count, linkedAt: each.linkedAt,
        })),
      })),
    };
  });

  router.add("GET", "/connections", () => ({
    connections: logins.connections().map(({ id, jid, openedAt }) => ({ id, jid, openedAt })),
  }));

  router.add("GET", "/root-key", () => ({ rootKey }));
  router.add("GET", "/ca.pem", () => new Plain("application/x-pem-file", certificate));
  router.add("POST", "/reset", async () => {
    await reset();
    return {};
  });
}
