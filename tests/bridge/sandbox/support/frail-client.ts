import { Client } from "./client.js";
import { memoryAuth } from "./memory-auth.js";

/**
 * A client in a process of its own that may be brought down by what it receives. Says `qr <code>`, `open`, `close
 * <code>` and `unhandled <message>` on stdout.
 */
const [url = "", ca = "", contain] = process.argv.slice(2);
const client = new Client({ url, ca: Buffer.from(ca, "base64").toString() }, memoryAuth(), { keepAliveIntervalMs: 500 });
const say = (line: string): void => { process.stdout.write(`${line}\n`); };

if (contain === "contain") process.on("unhandledRejection", (err) => { say(`unhandled ${err instanceof Error ? err.message : ""}`); });

let shown = 0;
client.start();
setInterval(() => {
  for (const event of client.events.slice(shown)) {
    if (event.name !== "connection.update") continue;
    if (event.data.qr) say(`qr ${event.data.qr}`);
    if (event.data.connection === "open") say("open");
    if (event.data.connection === "close") say(`close ${client.closes.at(-1) ?? 0}`);
  }
  shown = client.events.length;
}, 10);
