/** Many raw Baileys clients in one process, told over its channel when there is to be one more (crowd.ts). */
import { Agent } from "node:https";
import { Client } from "./client.js";

/** One more client; n is its number. */
export interface AddClient {
  n: number;
  url: string;
  ca: string;
  rootKey: string;
}

/** What became of the n-th client. */
export type CrowdSaid = { n: number } & ({ said: "qr"; qr: string } | { said: "open" } | { said: "failed"; reason: string });

function say(said: CrowdSaid): void {
  process.send?.(said);
}

let agent: Agent | undefined;

/** Kept, because who uses Baileys keeps them. */
const clients: Client[] = [];

process.on("message", ({ n, url, ca, rootKey }: AddClient) => {
  agent ??= new Agent({ ca });
  const client = new Client(url, agent, rootKey, {
    qr: (qr) => {
      say({ n, said: "qr", qr });
    },
    open: () => {
      say({ n, said: "open" });
    },
    left: () => undefined,
    failed: (reason) => {
      say({ n, said: "failed", reason });
    },
  });
  clients.push(client);
  client.start();
});
process.on("disconnect", () => process.exit());
