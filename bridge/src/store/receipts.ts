/** What the devices of a message's recipients said of it. */
import type { RecipientStatus } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { OutboxRow } from "./outbox-row.js";
import type { TenantTable } from "./tenants.js";

export type Step = RecipientStatus["status"];

const STEPS: readonly Step[] = ["delivered", "read", "played"];

/** A step of our own devices, which counts for nothing. */
const OWN = 0;

function rankOf(step: Step): number {
  return STEPS.indexOf(step) + 1;
}

/** How many people of a group or story did at least so much, when that changed. */
export interface Progress {
  /** The furthest step of this person so far, when this was one forward. */
  moved: boolean;
  /** How many people are at this step or further. */
  count: Record<Step, number>;
}

interface RawReceipt {
  person: Buffer;
  device: number;
  step: number;
  at_ms: number;
  sealed: Buffer;
}

/** Recipients a caller is shown at most: the contract's limit. */
const SHOWN = 1024;

/** Call its writing methods inside work given to the Writer. */
export class ReceiptTable {
  readonly #tenants: TenantTable;
  readonly #of;
  readonly #all;
  readonly #put;
  readonly #count;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#of = db.prepare<[number, Buffer], RawReceipt>("SELECT * FROM outbox_receipt WHERE outbox_id = ? AND person = ?");
    this.#all = db.prepare<[number, number], RawReceipt>("SELECT * FROM outbox_receipt WHERE outbox_id = ? LIMIT ?");
    this.#put = db.prepare(`
      INSERT INTO outbox_receipt (outbox_id, person, device, step, at_ms, sealed) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (outbox_id, person, device) DO UPDATE SET step = excluded.step, at_ms = excluded.at_ms WHERE excluded.step > outbox_receipt.step`);
    this.#count = db.prepare<[number, number, number, number], { delivered_count: number; read_count: number; played_count: number }>(`
      UPDATE outbox SET delivered_count = delivered_count + ?, read_count = read_count + ?, played_count = played_count + ?
      WHERE id = ? RETURNING delivered_count, read_count, played_count`);
  }

  /**
   * Records what a device of a person said, and counts people.
   * @param person an address without device.
   */
  record(row: Pick<OutboxRow, "id" | "tenantId">, person: string, device: number, step: Step, atMs: number): Progress {
    const vault = this.#tenants.vault(row.tenantId);
    const mark = vault.digest("person", person);
    const before = Math.max(0, ...this.#of.all(row.id, mark).map((receipt) => receipt.step));
    const rank = rankOf(step);
    this.#put.run(row.id, mark, device, rank, atMs, vault.seal("receipt", `${row.id}`, Buffer.from(person)));
    const added = STEPS.map((each) => (before < rankOf(each) && rank >= rankOf(each) ? 1 : 0));
    const counts = this.#count.get(added[0] ?? 0, added[1] ?? 0, added[2] ?? 0, row.id);
    return {
      moved: rank > before,
      count: { delivered: counts?.delivered_count ?? 0, read: counts?.read_count ?? 0, played: counts?.played_count ?? 0 },
    };
  }

  /** Records that one of our own devices has the message. Nobody is counted for it. */
  noteOwn(row: Pick<OutboxRow, "id" | "tenantId">, person: string, device: number, atMs: number): void {
    const vault = this.#tenants.vault(row.tenantId);
    this.#put.run(row.id, vault.digest("person", person), device, OWN, atMs, vault.seal("receipt", `${row.id}`, Buffer.from(person)));
  }

  /** Which devices of a person said that they have it. */
  devicesOf(row: Pick<OutboxRow, "id" | "tenantId">, person: string): number[] {
    const vault = this.#tenants.known(row.tenantId);
    return vault === undefined ? [] : this.#of.all(row.id, vault.digest("person", person)).map((receipt) => receipt.device);
  }

  /** What each person did, the furthest step of all its devices. */
  list(row: Pick<OutboxRow, "id" | "tenantId">): RecipientStatus[] {
    const vault = this.#tenants.known(row.tenantId);
    if (vault === undefined) return [];
    const people = new Map<string, RecipientStatus>();
    for (const receipt of this.#all.all(row.id, SHOWN * 4)) {
      if (receipt.step === OWN) continue;
      const recipient = vault.open("receipt", `${row.id}`, receipt.sealed).toString();
      const status = STEPS[receipt.step - 1] ?? "delivered";
      const known = people.get(recipient);
      if (known === undefined || rankOf(known.status) < receipt.step) people.set(recipient, { recipient, status, atMs: receipt.at_ms });
    }
    return [...people.values()].slice(0, SHOWN);
  }
}
