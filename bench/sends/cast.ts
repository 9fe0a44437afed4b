/** Who takes part: raw Baileys, the gateway's tenants, and the people they write to. */
import { Raw } from "../raw/raw.js";
import type { Gateway } from "../stack/gateway.js";
import type { Progress } from "../compare.js";
import type { Plan } from "./plan.js";

export interface Tenant {
  id: string;
  number: string;
  /** Whom it writes to: nobody writes to another one's contact. */
  contact: string;
}

export interface Cast {
  raw: Raw;
  /** WhatsApp id of raw Baileys' contact, as it wants it. */
  rawContact: string;
  tenants: readonly [Tenant, ...Tenant[]];
  rawGroup: string;
  group: string;
}

const RAW_NUMBER = "+5511900000000";
const RAW_CONTACT_NUMBER = "+5511910000000";
const RAW_CONTACT = "5511910000000@s.whatsapp.net";
const LINKS_AT_ONCE = 4;

function tenant(n: number): Tenant {
  return { id: `bench-${n}`, number: `+55119${String(20_000_000 + n)}`, contact: `+55119${String(30_000_000 + n)}` };
}

/** Links everybody. */
export async function assemble(gateway: Gateway, plan: Plan, progress: Progress): Promise<Cast> {
  const { sandbox } = gateway;
  const first = tenant(0);
  const tenants: [Tenant, ...Tenant[]] = [first, ...Array.from({ length: plan.tenants - 1 }, (_, n) => tenant(n + 1))];
  progress(`linking raw Baileys and ${tenants.length} tenants`);
  const raw = await Raw.start(sandbox, RAW_NUMBER);
  for (let n = 0; n < tenants.length; n += LINKS_AT_ONCE) {
    await Promise.all(
      tenants.slice(n, n + LINKS_AT_ONCE).map(async ({ id, number, contact }) => {
        await gateway.link(id, number);
        await gateway.greeted(id, number, contact);
      }),
    );
  }
  // For the same messages: what follows an answer is shorter than what precedes it.
  await sandbox.say(RAW_CONTACT_NUMBER, RAW_NUMBER, "hello");
  const members = Array.from({ length: plan.others }, (_, n) => `+55119${String(40_000_000 + n)}`);
  return {
    raw,
    rawContact: RAW_CONTACT,
    tenants,
    rawGroup: await sandbox.group(RAW_NUMBER, members),
    group: await sandbox.group(first.number, members),
  };
}
