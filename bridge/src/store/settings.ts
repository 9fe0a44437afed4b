/** What tenants chose for their sessions, sealed by each tenant's key. Outlives logouts, and goes with the tenant. */
import type { SessionSettings } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { TenantTable } from "./tenants.js";

/** For who chose nothing. */
export const DEFAULT_SETTINGS: SessionSettings = {
  media: "on_demand",
  rejectCalls: false,
  followPresence: false,
  groupEvents: true,
  statusMessages: false,
  channelMessages: false,
};

/** Call its writing methods inside work given to the Writer. */
export class SettingsTable {
  readonly #tenants: TenantTable;
  readonly #get;
  readonly #put;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#get = db.prepare<[string], { sealed: Buffer }>("SELECT sealed FROM tenant_setting WHERE tenant_id = ?");
    this.#put = db.prepare("INSERT INTO tenant_setting (tenant_id, sealed) VALUES (?, ?) ON CONFLICT (tenant_id) DO UPDATE SET sealed = excluded.sealed");
  }

  /** @throws SealBroken */
  get(tenantId: string): SessionSettings {
    const row = this.#get.get(tenantId);
    const vault = row === undefined ? undefined : this.#tenants.known(tenantId);
    if (row === undefined || vault === undefined) return DEFAULT_SETTINGS;
    return { ...DEFAULT_SETTINGS, ...(JSON.parse(vault.open("settings", "", row.sealed).toString()) as Partial<SessionSettings>) };
  }

  put(tenantId: string, settings: SessionSettings): void {
    this.#put.run(tenantId, this.#tenants.vault(tenantId).seal("settings", "", Buffer.from(JSON.stringify(settings))));
  }
}
