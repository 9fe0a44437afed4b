/** Many messages at once: said while everybody is connected, and waiting at WhatsApp for those who come back. */
import { compare, type Case, type Progress } from "../compare.js";
import type { Section } from "../figures.js";
import type { Run } from "../load.js";
import type { Receiver } from "./cast.js";
import type { Hall } from "./hall.js";
import type { Plan } from "./plan.js";
import { measured, SPEAKERS, speakAtOnce } from "./speaking.js";

const PATIENCE_MS = 5 * 60_000;

/** Who listens, and how it goes away and comes back. */
interface Listener {
  receivers: readonly Receiver[];
  pids: Record<string, number>;
  receive: (count: number) => ReturnType<Hall["customer"]["arrivals"]["next"]>;
  leave: () => Promise<void>;
  comeBack: () => Promise<void>;
}

function rawListener({ cast }: Hall): Listener {
  const { raw } = cast;
  return { receivers: [cast.rawReceiver], pids: { raw: raw.pid }, receive: (count) => raw.receive(count, PATIENCE_MS), leave: () => raw.leave(), comeBack: () => raw.comeBack() };
}

function appListener({ gateway, cast, customer }: Hall, tenants: number): Listener {
  const chosen = cast.tenants.slice(0, tenants);
  return {
    receivers: chosen,
    pids: { bridge: gateway.pids["bridge"] ?? 0, control: gateway.pids["control"] ?? 0, redis: gateway.pids["redis"] ?? 0 },
    receive: (count) => customer.arrivals.next(count, PATIENCE_MS),
    leave: async () => {
      await Promise.all(chosen.map(({ id }) => gateway.disconnect(id)));
    },
    comeBack: async () => {
      await Promise.all(chosen.map(({ id }) => gateway.reconnect(id)));
    },
  };
}

async function live({ gateway: { sandbox } }: Hall, listener: Listener, count: number): Promise<Run> {
  await sandbox.clearLedger();
  const received = listener.receive(count);
  await Promise.race([speakAtOnce(sandbox, listener.receivers, count), received]);
  return measured(await received, await sandbox.frames());
}

/** Saying it takes the sandbox longer than taking it, so all of it waits before anybody comes. */
async function backlog({ gateway: { sandbox } }: Hall, listener: Listener, count: number): Promise<Run> {
  await listener.leave();
  await speakAtOnce(sandbox, listener.receivers, count);
  await sandbox.clearLedger();
  const received = listener.receive(count);
  await Promise.race([listener.comeBack(), received]);
  return measured(await received, await sandbox.frames());
}

function section(name: string, title: string, burst: typeof live): (hall: Hall, plan: Plan, progress: Progress) => Promise<Section> {
  return async (hall, plan, progress) => {
    const measure = (id: string, what: string, listener: Listener, count: number, raw?: string): Case => {
      const { pids } = listener;
      return { id: `${name}.${id}`, what, count, pids, run: (messages) => burst(hall, listener, messages), ...(raw === undefined ? {} : { raw: `${name}.${raw}` }) };
    };
    const tenants = hall.cast.tenants.length;
    const cases = [
      measure("raw", "raw Baileys, its event", rawListener(hall), plan.messages),
      measure("one", "one tenant, the customer's app", appListener(hall, 1), plan.messages, "raw"),
      measure("many", `${tenants} tenants, the customer's app`, appListener(hall, tenants), 2 * plan.messages, "raw"),
    ];
    return { title, figures: await compare(cases, plan.rounds, plan.warmUp, progress) };
  };
}

export const liveBurst = section("live", `Messages said at once, ${SPEAKERS} at a time, as fast as the sandbox encrypts`, live);
export const backlogBurst = section("backlog", "Messages that wait at WhatsApp when the number comes back", backlog);
