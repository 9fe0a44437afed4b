/** Small real proxies: HTTP ones that know CONNECT, with or without TLS, and SOCKS5 ones (RFC 1928, RFC 1929). */
import { createServer as createHttp, type IncomingMessage, type Server as HttpServer } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net";

/** How a proxy behaves: lets through, says no, or takes the connection and says nothing. */
export type Manner = "open" | "refusing" | "hanging";

export interface ProxyOptions {
  manner?: Manner;
  /** What a client has to say to be let through. */
  user?: string;
  password?: string;
  /** Speaks TLS itself. */
  tls?: { key: string; cert: string };
}

/** A running proxy. */
export class Proxy {
  /** Hosts and ports that were asked for. */
  readonly targets: string[] = [];
  manner: Manner;
  readonly #sockets = new Set<Socket>();

  constructor(
    private readonly server: Server | HttpServer,
    private readonly scheme: string,
    private readonly options: ProxyOptions,
  ) {
    this.manner = options.manner ?? "open";
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Its address with what it wants to hear. */
  get url(): string {
    const { user, password } = this.options;
    const who = user === undefined ? "" : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}@`;
    return `${this.scheme}://${who}127.0.0.1:${this.port}`;
  }

  /** Connections open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Cuts what goes through it. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => {
      resolve();
    }));
    this.cut();
    await closed;
  }
}

/** Listens and says nothing, until the client goes. */
function hang(client: Socket): void {
  client.resume();
  client.on("end", () => client.end());
}

function pipe(client: Socket, host: string, port: number, begin: (ok: boolean) => void): void {
  const upstream = connect(port, host);
  upstream.once("connect", () => {
    begin(true);
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", () => {
    begin(false);
    client.destroy();
  });
  client.on("error", () => upstream.destroy());
  client.on("close", () => upstream.destroy());
}

export function httpProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const server = options.tls === undefined ? createHttp() : createHttps(options.tls);
  const proxy = new Proxy(server, options.tls === undefined ? "http" : "https", options);
  const expected = options.user === undefined ? undefined : `Basic ${Buffer.from(`${options.user}:${options.password ?? ""}`).toString("base64")}`;
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    proxy.targets.push(request.url ?? "");
    if (proxy.manner === "hanging") {
      hang(client);
      return;
    }
    if (expected !== undefined && request.headers["proxy-authorization"] !== expected) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    if (proxy.manner === "refusing") {
      client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const [host = "", port] = (request.url ?? "").split(":");
    pipe(client, host, Number(port), (ok) => client.write(ok ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"));
  });
  return proxy.listen();
}

/** Reads exactly so many bytes from a socket. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes;
    await new Promise<void>((resolve, reject) => {
      const again = (): void => {
        socket.off("close", gone);
        resolve();
      };
      const gone = (): void => {
        socket.off("readable", again);
        reject(new Error("gone"));
      };
      socket.once("readable", again);
      socket.once("close", gone);
    });
  }
}

export function socksProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const server = createTcp();
  const proxy = new Proxy(server, "socks5", options);
  const serve = async (client: Socket): Promise<void> => {
    if (proxy.manner === "hanging") {
      hang(client);
      return;
    }
    const methods = await take(client, (await take(client, 2)).readUInt8(1));
    const wanted = options.user === undefined ? 0 : 2;
    if (!methods.includes(wanted)) {
      client.end(Buffer.from([5, 0xff]));
      return;
    }
    client.write(Buffer.from([5, wanted]));
    if (wanted === 2) {
      const user = await take(client, (await take(client, 2)).readUInt8(1));
      const password = await take(client, (await take(client, 1)).readUInt8());
      const known = user.toString() === options.user && password.toString() === options.password;
      client.write(Buffer.from([1, known ? 0 : 1]));
      if (!known) {
        client.end();
        return;
      }
    }
    const kind = (await take(client, 4)).readUInt8(3);
    const host = kind === 3 ? (await take(client, (await take(client, 1)).readUInt8())).toString() : [...(await take(client, 4))].join(".");
    const port = (await take(client, 2)).readUInt16BE();
    proxy.targets.push(`${host}:${port}`);
    const answer = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (proxy.manner === "refusing") client.end(answer(2));
    else pipe(client, host, port, (ok) => client.write(answer(ok ? 0 : 5)));
  };
  server.on("connection", (client: Socket) => {
    serve(client).catch(() => client.destroy());
  });
  return proxy.listen();
}
