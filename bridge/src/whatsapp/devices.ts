/**
 * Which linked device runs in which session. The same number may be linked several times, each time as a device of
 * its own; the same device twice, from an imported or copied pairing, would break its own encryption.
 */
export class Devices {
  readonly #ownerOf = new Map<string, string>();

  /** Gives a device (`5511…:3@s.whatsapp.net`) to a tenant. @returns false when another one has it. */
  claim(deviceJid: string, tenantId: string): boolean {
    const owner = this.#ownerOf.get(deviceJid);
    if (owner !== undefined && owner !== tenantId) return false;
    this.#ownerOf.set(deviceJid, tenantId);
    return true;
  }

  /** Lets go of the tenant's devices. */
  release(tenantId: string): void {
    for (const [deviceJid, owner] of this.#ownerOf) if (owner === tenantId) this.#ownerOf.delete(deviceJid);
  }
}

/** The session's device runs in another session of this bridge. */
export class DeviceTaken extends Error {
  constructor() {
    super("this linked device runs in another session already");
    this.name = "DeviceTaken";
  }
}
