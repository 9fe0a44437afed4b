/**
 * Serves a route as Next.js does: each request becomes a Request for the module's POST, whose Response is sent back.
 * Run as `node route.mts <module>`; says where it listens on its first line.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

const { POST } = (await import(pathToFileURL(process.argv[2] ?? "").href)) as { POST: (request: Request) => Promise<Response> };

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (let n = 0; n < incoming.rawHeaders.length; n += 2) headers.append(incoming.rawHeaders[n] ?? "", incoming.rawHeaders[n + 1] ?? "");
  return new Request(`http://127.0.0.1${incoming.url ?? "/"}`, { method: "POST", headers, body: Buffer.concat(chunks) });
}

const server = createServer((incoming, outgoing) => {
  requestOf(incoming)
    .then(POST)
    .then(async (response) => outgoing.writeHead(response.status).end(Buffer.from(await response.arrayBuffer())))
    .catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
