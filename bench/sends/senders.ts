/** The three ways a text is sent: raw Baileys, the bridge's RPC, the REST API. Each is done when WhatsApp's server has it. */
import { randomBytes } from "node:crypto";
import type { Case } from "../compare.js";
import { atOnce } from "../load.js";
import type { Gateway } from "../stack/gateway.js";
import type { Rest } from "../stack/rest.js";
import type { Rpc } from "../stack/rpc.js";
import type { Cast, Tenant } from "./cast.js";

const ACK_WAIT_MS = 10_000;

export interface Senders {
  gateway: Gateway;
  rest: Rest;
  rpc: Rpc;
  cast: Cast;
}

/** What most cases have in common. */
interface Wanted {
  id: string;
  what: string;
  count: number;
  concurrency: number;
  raw?: string;
}

export function rawCase({ cast }: Senders, to: string, wanted: Wanted): Case {
  const { concurrency } = wanted;
  return { ...wanted, pids: { raw: cast.raw.pid }, run: (count) => cast.raw.send({ to, count, concurrency }) };
}

export function rpcCase({ cast, rpc, gateway }: Senders, to: string, wanted: Wanted): Case {
  const tenantId = cast.tenants[0].id;
  const send = async (n: number): Promise<void> => {
    const messageId = `3EB0${randomBytes(9).toString("hex").toUpperCase()}`;
    const { message: { status } } = await rpc.call("message.send", { tenantId, to, content: { type: "text", text: `message ${n}` }, messageId, waitMs: ACK_WAIT_MS });
    if (status === "accepted") throw new Error("no acknowledgement came");
  };
  return { ...wanted, pids: pidsOf(gateway, ["bridge"]), run: (count) => atOnce(count, wanted.concurrency, send) };
}

/** Tenants take turns; one tenant when there is one. */
export function restCase({ rest, gateway }: Senders, tenants: readonly [Tenant, ...Tenant[]], wanted: Wanted, to?: string): Case {
  const send = async (n: number): Promise<void> => {
    const tenant = tenants[n % tenants.length] ?? tenants[0];
    const { status } = await rest.sendText(tenant.id, to ?? tenant.contact, `message ${n}`);
    if (status !== 200) throw new Error("no acknowledgement came");
  };
  return { ...wanted, pids: pidsOf(gateway, ["bridge", "control"]), run: (count) => atOnce(count, wanted.concurrency, send) };
}

export function pidsOf(gateway: Gateway, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, gateway.pids[name] ?? 0]));
}
