/**
 * Serves an example that names `secret`, `body` and `headers` and throws for what is not authentic.
 * Run as `node verifier.mts <module>`; says where it listens on its first line.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

const module = pathToFileURL(process.argv[2] ?? "").href;
let count = 0;

async function verify(incoming: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  Object.assign(globalThis, { secret: process.env["LOCAI_WEBHOOK_SECRET"], body: Buffer.concat(chunks).toString("utf8"), headers: incoming.headers });
  // Under another address it is run again.
  await import(`${module}?${++count}`);
}

const server = createServer((incoming, outgoing) => {
  verify(incoming).then(
    () => outgoing.writeHead(200).end(),
    (error: unknown) => outgoing.writeHead(error instanceof Error && error.name === "WebhookVerificationError" ? 401 : 500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
