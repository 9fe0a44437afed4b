import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../log.js";

/** Bodies are small, except where a file travels inside. */
export const SMALL_BODY = 1 << 20;
export const LARGE_BODY = 96 << 20;
const MAX_WAIT_MS = 60_000;

/** A request to refuse, with HTTP status and a stable code. */
export class AdminError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Typed reading of a JSON object or query; every reader throws AdminError 422 on a wrong type. */
export class Fields {
  constructor(private readonly values: Record<string, unknown>) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw wrong(name, "text");
    return value;
  }

  needText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === "") throw new AdminError(422, "field_missing", `"${name}" is missing`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === "") return undefined;
    const number = typeof value === "string" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number) || number < 0) throw wrong(name, "a number");
    return number;
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "boolean") throw wrong(name, "true or false");
    return value;
  }

  object(name: string): Record<string, unknown> | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw wrong(name, "an object");
    return value as Record<string, unknown>;
  }

  objects(name: string): Record<string, unknown>[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value) || value.some((each) => typeof each !== "object" || each === null || Array.isArray(each))) throw wrong(name, "a list of objects");
    return value as Record<string, unknown>[];
  }

  /** Degrees, which unlike other numbers may be negative. */
  coordinate(name: string): number {
    const value = this.values[name];
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(name, "a number of degrees");
    return value;
  }

  texts(name: string): string[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value) || value.some((each) => typeof each !== "string")) throw wrong(name, "a list of texts");
    return value as string[];
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw wrong(name, `one of ${allowed.join(", ")}`);
    return found;
  }
}

function wrong(name: string, expected: string): AdminError {
  return new AdminError(422, "field_invalid", `"${name}" must be ${expected}`);
}

export interface AdminRequest {
  /** Named parts of the path, percent-decoded. */
  params: Record<string, string>;
  query: Fields;
  /** Milliseconds of `?wait=`, at most a minute. */
  wait: number;
  raw: (limit?: number) => Promise<Buffer>;
  body: (limit?: number) => Promise<Fields>;
}

/** Something other than JSON as an answer. */
export class Plain {
  constructor(
    readonly type: string,
    readonly body: string | Buffer,
  ) {}
}

export type AdminHandler = (request: AdminRequest) => unknown;

interface Route {
  method: string;
  parts: string[];
  handler: AdminHandler;
}

/** The admin interface's table of contents. Paths look like `/contacts/:number/say`. */
export class AdminRouter {
  private readonly routes: Route[] = [];

  constructor(private readonly log: Log) {}

  add(method: string, path: string, handler: AdminHandler): void {
    this.routes.push({ method, parts: path.split("/").slice(1), handler });
  }

  /** @param path below /admin, without the query */
  async handle(request: IncomingMessage, response: ServerResponse, path: string, search: URLSearchParams): Promise<void> {
    try {
      const result = await this.dispatch(request, path, search);
      if (response.destroyed) return;
      if (result instanceof Plain) {
        response.writeHead(200, { "content-type": result.type, "content-length": Buffer.byteLength(result.body) }).end(result.body);
      } else send(response, 200, result ?? {});
    } catch (err) {
      const known = err instanceof AdminError ? err : undefined;
      if (!known) this.log.error({ err, path }, "admin request failed");
      send(response, known?.status ?? 500, { error: { code: known?.code ?? "internal", message: known?.message ?? "internal error" } });
    }
  }

  private dispatch(request: IncomingMessage, path: string, search: URLSearchParams): unknown {
    const parts = path.split("/").slice(1);
    const matching = this.routes.filter((route) => fits(route.parts, parts));
    if (matching.length === 0) throw new AdminError(404, "not_found", `there is no ${path}`);
    const route = matching.find((each) => each.method === request.method);
    if (!route) throw new AdminError(405, "method_not_allowed", `${request.method ?? ""} is not offered here`);
    const params: Record<string, string> = {};
    route.parts.forEach((part, i) => {
      if (part.startsWith(":")) params[part.slice(1)] = decode(parts[i] ?? "");
    });
    const query = new Fields(Object.fromEntries(search));
    const raw = (limit = SMALL_BODY): Promise<Buffer> => readBody(request, limit);
    return route.handler({
      params,
      query,
      wait: Math.min(query.number("wait") ?? 0, MAX_WAIT_MS),
      raw,
      body: async (limit) => parseObject(await raw(limit)),
    });
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AdminError(400, "bad_path", "the path is not properly percent-encoded");
  }
}

function fits(pattern: string[], parts: string[]): boolean {
  return pattern.length === parts.length && pattern.every((part, i) => part.startsWith(":") || part === parts[i]);
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new AdminError(413, "body_too_large", `the body may have ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseObject(body: Buffer): Fields {
  if (body.length === 0) return new Fields({});
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AdminError(400, "bad_json", "the body is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AdminError(400, "bad_json", "the body must be a JSON object");
  return new Fields(value as Record<string, unknown>);
}
