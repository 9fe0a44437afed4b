/** Messages a second: one tenant to a person, one tenant to a group, many tenants. */
import { compare, type Progress } from "../compare.js";
import type { Section } from "../figures.js";
import type { Plan } from "./plan.js";
import { rawCase, restCase, rpcCase, type Senders } from "./senders.js";

export async function oneTenant(senders: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const { cast } = senders;
  const [tenant] = cast.tenants;
  const count = plan.messages;
  const figures = await compare(
    [
      rawCase(senders, cast.rawContact, { id: "one.raw.1", what: "raw Baileys, one at a time", count, concurrency: 1 }),
      rpcCase(senders, tenant.contact, { id: "one.rpc.1", what: "bridge RPC, one at a time", count, concurrency: 1, raw: "one.raw.1" }),
      restCase(senders, [tenant], { id: "one.rest.1", what: "REST, one at a time", count, concurrency: 1, raw: "one.raw.1" }),
      rawCase(senders, cast.rawContact, { id: "one.raw.16", what: "raw Baileys, 16 at a time", count, concurrency: 16 }),
      rpcCase(senders, tenant.contact, { id: "one.rpc.16", what: "bridge RPC, 16 at a time", count, concurrency: 16, raw: "one.raw.16" }),
      restCase(senders, [tenant], { id: "one.rest.16", what: "REST, 16 at a time", count, concurrency: 16, raw: "one.raw.16" }),
      restCase(senders, [tenant], { id: "one.rest.64", what: "REST, 64 at a time", count, concurrency: 64, raw: "one.raw.16" }),
    ],
    plan.rounds,
    plan.warmUp,
    progress,
  );
  return { title: "Texts of one tenant to one person, each acknowledged by the server", figures };
}

export async function toGroup(senders: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const { cast } = senders;
  const count = plan.groupMessages;
  const warmUp = Math.min(plan.warmUp, 30);
  const figures = await compare(
    [
      rawCase(senders, cast.rawGroup, { id: "group.raw.16", what: "raw Baileys, 16 at a time", count, concurrency: 16 }),
      rpcCase(senders, cast.group, { id: "group.rpc.16", what: "bridge RPC, 16 at a time", count, concurrency: 16, raw: "group.raw.16" }),
      restCase(senders, [cast.tenants[0]], { id: "group.rest.16", what: "REST, 16 at a time", count, concurrency: 16, raw: "group.raw.16" }, cast.group),
    ],
    plan.rounds,
    warmUp,
    progress,
  );
  return { title: `Texts of one tenant to a group of ${plan.others + 1}`, figures };
}

export async function manyTenants(senders: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const { tenants } = senders.cast;
  const cases = [1, 16, 64].map((concurrency) =>
    restCase(senders, tenants, { id: `many.rest.${concurrency}`, what: `REST, ${concurrency} at a time`, count: plan.manyMessages, concurrency }),
  );
  return { title: `Texts of ${tenants.length} tenants, each to a person of its own`, figures: await compare(cases, plan.rounds, plan.warmUp, progress) };
}
