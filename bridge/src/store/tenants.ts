/**
 * What belongs to a tenant and outlives its pairings: the key that seals its events, its outbox and its proxy, and
 * the proxy itself. Destroying the row makes all of that unreadable for good.
 */
import type { Database } from "./database.js";
import { WHOLE_TENANT, type Vault, type Vaults } from "./seal.js";

interface Known {
  wrapped: Buffer;
  vault: Vault;
}

/** Unwrapping a key costs more than all else about an event; beyond this many tenants the oldest is unwrapped anew. */
const KNOWN_LIMIT = 1000;

/** Call its writing methods inside work given to the Writer. */
export class TenantTable {
  readonly #vaults: Vaults;
  // Only trusted together with the row it came from: a row whose transaction was undone, or that was wrapped anew, differs.
  readonly #known = new Map<string, Known>();
  readonly #get;
  readonly #insert;
  readonly #getProxy;
  readonly #setProxy;
  readonly #proxied;
  readonly #destroy;

  constructor(db: Database, vaults: Vaults) {
    this.#vaults = vaults;
    this.#get = db.prepare<[string], { wrapped_key: Buffer }>("SELECT wrapped_key FROM tenant WHERE tenant_id = ?");
    this.#insert = db.prepare("INSERT INTO tenant (tenant_id, wrapped_key) VALUES (?, ?)");
    this.#getProxy = db.prepare<[string], { proxy: Buffer | null }>("SELECT proxy FROM tenant WHERE tenant_id = ?");
    this.#setProxy = db.prepare("UPDATE tenant SET proxy = ? WHERE tenant_id = ?");
    this.#proxied = db.prepare<[string]>("SELECT 1 FROM tenant WHERE tenant_id = ? AND proxy IS NOT NULL");
    this.#destroy = db.prepare("DELETE FROM tenant WHERE tenant_id = ?");
  }

  /** The tenant's vault, made with the first value that needs it. @throws SealBroken */
  vault(tenantId: string): Vault {
    const known = this.known(tenantId);
    if (known !== undefined) return known;
    const { vault, wrappedKey } = this.#vaults.create(tenantId, WHOLE_TENANT);
    this.#insert.run(tenantId, wrappedKey);
    return vault;
  }

  /** The tenant's vault, when it has one. @throws SealBroken */
  known(tenantId: string): Vault | undefined {
    const row = this.#get.get(tenantId);
    return row === undefined ? undefined : this.#open(tenantId, row.wrapped_key);
  }

  /** The address of the tenant's proxy, credentials included. @throws SealBroken */
  proxy(tenantId: string): string | undefined {
    const sealed = this.#getProxy.get(tenantId)?.proxy;
    return sealed === null || sealed === undefined ? undefined : this.vault(tenantId).open("proxy", "", sealed).toString();
  }

  hasProxy(tenantId: string): boolean {
    return this.#proxied.get(tenantId) !== undefined;
  }

  setProxy(tenantId: string, url: string | undefined): void {
    const vault = this.vault(tenantId);
    this.#setProxy.run(url === undefined ? null : vault.seal("proxy", "", Buffer.from(url)), tenantId);
  }

  /** Forgets the tenant's key and proxy. Its events and outbox are unreadable from then on: delete their rows too. */
  destroy(tenantId: string): void {
    this.#destroy.run(tenantId);
    this.#known.delete(tenantId);
  }

  #open(tenantId: string, wrapped: Buffer): Vault {
    const known = this.#known.get(tenantId);
    if (known?.wrapped.equals(wrapped) === true) return known.vault;
    const vault = this.#vaults.open(tenantId, WHOLE_TENANT, wrapped);
    this.#known.delete(tenantId);
    if (this.#known.size >= KNOWN_LIMIT) {
      const oldest = this.#known.keys().next();
      if (oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#known.set(tenantId, { wrapped, vault });
    return vault;
  }
}
