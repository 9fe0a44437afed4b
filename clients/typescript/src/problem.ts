/** What the gateway answers when it cannot do what it was asked: docs/errors.md lists the codes. */

/** One field of the request that is wrong. */
export interface FieldError {
  field: string;
  message: string;
}

/** A refusal of the gateway, or no answer at all. Decide by `code`. */
export class GatewayError extends Error {
  /** Stable and in lower_snake_case. `no_answer` when the gateway could not be reached or did not answer in time. */
  readonly code: string;
  /** The HTTP status; 0 without an answer. */
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Seconds to wait before that, where the gateway says so. */
  readonly retryAfter: number | undefined;
  /** Names the request in the gateway's log. */
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];

  constructor(fields: { code: string; detail: string; status?: number; retryable?: boolean; retryAfter?: number | undefined; requestId?: string | undefined; errors?: readonly FieldError[] }, options?: ErrorOptions) {
    super(fields.detail, options);
    this.name = "GatewayError";
    this.code = fields.code;
    this.status = fields.status ?? 0;
    this.retryable = fields.retryable ?? false;
    this.retryAfter = fields.retryAfter;
    this.requestId = fields.requestId;
    this.errors = fields.errors ?? [];
  }
}

/** The error of an answer that is not a success, whatever is in its body: a proxy in between may have written it. */
export async function errorOf(response: Response): Promise<GatewayError> {
  const problem = await problemIn(response);
  return new GatewayError({
    code: textIn(problem, "code") ?? `http_${response.status}`,
    detail: textIn(problem, "detail") ?? `The gateway answered ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    retryable: typeof problem["retryable"] === "boolean" ? problem["retryable"] : [429, 502, 503, 504].includes(response.status),
    retryAfter: secondsIn(response.headers.get("retry-after")),
    requestId: response.headers.get("x-request-id") ?? textIn(problem, "instance"),
    errors: Array.isArray(problem["errors"]) ? (problem["errors"] as FieldError[]) : [],
  });
}

async function problemIn(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textIn(problem: Record<string, unknown>, name: string): string | undefined {
  const value = problem[name];
  return typeof value === "string" ? value : undefined;
}

function secondsIn(header: string | null): number | undefined {
  const seconds = Number(header ?? "");
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
