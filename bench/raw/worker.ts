/** Raw Baileys in a process of its own. A message counts as sent when WhatsApp's server acknowledged it, as in the gateway. */
import { Agent } from "node:https";
import { atOnce, atRate } from "../load.js";
import { Client } from "./client.js";
import type { Command, Connect, Receive, Said, SendTexts } from "./protocol.js";

function say(said: Said): void {
  process.send?.(said);
}

function connect({ url, ca, rootKey }: Connect): Client {
  return new Client(url, new Agent({ ca }), rootKey, {
    qr: (qr) => {
      say({ said: "qr", qr });
    },
    open: () => {
      say({ said: "open" });
    },
    left: () => {
      say({ said: "left" });
    },
    failed: (reason) => {
      say({ said: "failed", reason });
    },
  });
}

let client: Client | undefined;

async function sendTexts({ to, count, concurrency, perSecond }: SendTexts): Promise<void> {
  const send = async (n: number): Promise<void> => client?.send(to, `message ${n}`);
  const run = perSecond === undefined ? await atOnce(count, concurrency, send) : await atRate(count, perSecond, send);
  say({ said: "sent", run });
}

async function receive({ count, timeoutMs }: Receive): Promise<void> {
  if (client !== undefined) say({ said: "received", arrivals: await client.arrivals.next(count, timeoutMs) });
}

async function obey(command: Command): Promise<void> {
  switch (command.command) {
    case "connect":
      client = connect(command);
      client.start();
      return;
    case "send":
      return sendTexts(command);
    case "receive":
      return receive(command);
    case "leave":
      return client?.leave();
    case "come back":
      client?.start();
  }
}

process.on("message", (command: Command) => {
  obey(command).catch((error: unknown) => {
    say({ said: "failed", reason: error instanceof Error ? error.message : String(error) });
  });
});
process.on("disconnect", () => process.exit());
