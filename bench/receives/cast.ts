/** Who takes part: raw Baileys, the gateway's tenants, and the people who write to them. */
import type { Progress } from "../compare.js";
import { Raw } from "../raw/raw.js";
import type { Gateway } from "../stack/gateway.js";
import type { Rest } from "../stack/rest.js";
import type { Plan } from "./plan.js";

/** A number and who writes to it, in E.164. */
export interface Receiver {
  number: string;
  contacts: readonly string[];
}

export interface Tenant extends Receiver {
  id: string;
}

export interface Cast {
  raw: Raw;
  rawReceiver: Receiver;
  tenants: readonly [Tenant, ...Tenant[]];
}

const LINKS_AT_ONCE = 4;

function receiver(n: number, contacts: number): Receiver {
  return {
    number: `+55119${String(50_000_000 + n)}`,
    contacts: Array.from({ length: contacts }, (_, at) => `+55119${String(60_000_000 + n * 1000 + at)}`),
  };
}

/** Links everybody, and has every number write to its people once: from then on all have sessions with each other. */
export async function assemble(gateway: Gateway, rest: Rest, webhook: string, plan: Plan, progress: Progress): Promise<Cast> {
  progress(`linking raw Baileys and ${plan.tenants} tenants`);
  const rawReceiver = receiver(0, plan.contacts);
  const raw = await Raw.start(gateway.sandbox, rawReceiver.number);
  const tenant = (n: number): Tenant => ({ id: `bench-${n}`, ...receiver(n + 1, plan.contacts) });
  const tenants: [Tenant, ...Tenant[]] = [tenant(0), ...Array.from({ length: plan.tenants - 1 }, (_, n) => tenant(n + 1))];
  const start = { webhook: { url: webhook, events: ["message"] } };
  for (let n = 0; n < tenants.length; n += LINKS_AT_ONCE) {
    await Promise.all(tenants.slice(n, n + LINKS_AT_ONCE).map((each) => gateway.link(each.id, each.number, start)));
  }
  for (const contact of rawReceiver.contacts) {
    await raw.send({ to: `${contact.slice(1)}@s.whatsapp.net`, count: 1, concurrency: 1 });
    for (const each of tenants) {
      const to = each.contacts[rawReceiver.contacts.indexOf(contact)];
      if (to !== undefined) await rest.sendText(each.id, to, "hello");
    }
  }
  return { raw, rawReceiver, tenants };
}
