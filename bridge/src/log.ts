/**
 * Structured JSON logs on stdout. Constant message, fields first. Tenants and phone numbers are masked
 * here and nowhere else; QR texts, keys and message bodies are never given to a logger at all.
 */
import { destination as fileDescriptor, pino, type Logger } from "pino";
import type { LogLevels } from "./log-levels.js";
import type { LogLines } from "./log-lines.js";

export type { Logger };

/** What of the log can be changed and looked at while the process runs. */
export interface LogDesk {
  levels: LogLevels;
  lines: LogLines;
}

/** `tenant12345` → `tenant123***`. */
export function maskTenant(tenantId: string): string {
  return `${tenantId.slice(0, 9)}***`;
}

/** `+5511999999999` → `+5511***`. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 5)}***`;
}

/** `5511999999999:3@s.whatsapp.net` → `5511***@s.whatsapp.net`; a group or LID keeps four digits too. */
export function maskJid(jid: string): string {
  const [user = "", server = ""] = jid.split("@");
  return `${user.slice(0, 4)}***@${server}`;
}

/** What an error may say in our log: its kind, code and first line, cut short; libraries put whole stanzas into messages. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = (error as NodeJS.ErrnoException).code;
  return {
    kind: error.name,
    ...(code === undefined ? {} : { code }),
    message: mask(error.message.slice(0, 200)),
    stack: error.stack?.split("\n").slice(1, 7).map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: mask(error.cause.message.slice(0, 200)) } : {}),
  };
}

/** Any run of seven digits or more is likely a phone number or a LID. */
export function mask(text: string): string {
  return text.replace(/\+?\d{7,}/g, (digits) => `${digits.slice(0, 4)}***`);
}

const MASKED: Record<string, (value: string) => string> = { tenantId: maskTenant, phone: maskPhone, jid: maskJid };

/** The tenant a line is about. */
function tenantOf(fields: unknown): unknown {
  return typeof fields === "object" && fields !== null ? (fields as { tenantId?: unknown }).tenantId : undefined;
}

/**
 * Makes the process's logger.
 * @param desk decides over the level from then on, and keeps the last lines.
 */
export function makeLogger(level: string, destination: { write(line: string): void } = fileDescriptor(1), desk?: LogDesk): Logger {
  const log = pino(
    {
      level,
      base: null,
      formatters: {
        level: (label: string) => ({ level: label }),
        log: (fields: Record<string, unknown>) => {
          const out: Record<string, unknown> = {};
          for (const [key, value] of Object.entries(fields)) {
            const masking = MASKED[key];
            out[key] = masking !== undefined && typeof value === "string" ? masking(value) : value;
          }
          return out;
        },
      },
      serializers: { err: describeError },
      redact: { paths: ["qr", "text", "key", "creds", "*.qr", "*.text", "*.private"], censor: "[redacted]" },
      ...(desk === undefined
        ? {}
        : {
            hooks: {
              logMethod(args, method, number) {
                if (desk.levels.passes(tenantOf(args[0]), number)) method.apply(this, args);
              },
            },
          }),
    },
    desk === undefined
      ? destination
      : {
          write: (line: string) => {
            desk.lines.push(line);
            destination.write(line);
          },
        },
  );
  desk?.levels.attach(log);
  return log;
}
