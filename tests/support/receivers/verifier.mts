/**
 * Serves an example that names `secret`, `body` and `headers` and throws for what is not authentic.
 * Run as `node verifier.mts <module>`; says where it listens on its first line.
 */
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const module = pathToFileURL(process.argv[2] ?? "").href;
let count = 0;

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    Object.assign(globalThis, { secret: process.env["LOCAI_WEBHOOK_SECRET"], body: Buffer.concat(chunks).toString("utf8"), headers: incoming.headers });
    // Under another address it is run again.
    import(`${module}?${++count}`).then(
      () => outgoing.writeHead(200).end(),
      (error: unknown) => outgoing.writeHead(error instanceof Error && error.name === "WebhookVerificationError" ? 401 : 500).end(String(error)),
    );
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
