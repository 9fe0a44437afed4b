/**
 * Serves a route as Next.js does: each request becomes a Request for the module's POST, whose Response is sent back.
 * Run as `node route.mts <module>`; says where it listens on its first line.
 */
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const { POST } = await import(pathToFileURL(process.argv[2] ?? "").href);

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", async () => {
    const headers = new Headers();
    for (let n = 0; n < incoming.rawHeaders.length; n += 2) headers.append(incoming.rawHeaders[n] ?? "", incoming.rawHeaders[n + 1] ?? "");
    const request = new Request(`http://127.0.0.1${incoming.url ?? "/"}`, { method: "POST", headers, body: Buffer.concat(chunks) });
    const response: Response = await POST(request);
    outgoing.writeHead(response.status).end(Buffer.from(await response.arrayBuffer()));
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
