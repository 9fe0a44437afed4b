import { initAuthCreds, proto, type AuthenticationCreds, type AuthenticationState, type SignalDataTypeMap } from "baileys";

/** Credentials and Signal keys of one client, in memory; survives a reconnect of the same client. */
export interface MemoryAuth extends AuthenticationState {
  creds: AuthenticationCreds;
  /** Ids of everything stored of one type, e.g. `session`. */
  allIds(type: keyof SignalDataTypeMap): string[];
}

export function memoryAuth(): MemoryAuth {
  const stores = new Map<string, Map<string, unknown>>();
  const store = (type: string): Map<string, unknown> => {
    const known = stores.get(type) ?? new Map<string, unknown>();
    stores.set(type, known);
    return known;
  };
  return {
    creds: initAuthCreds(),
    allIds: (type) => [...store(type).keys()],
    keys: {
      get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: Record<string, SignalDataTypeMap[T]> = {};
        for (const id of ids) {
          const value = store(type).get(id);
          if (value === undefined || value === null) continue;
          const typed = type === "app-state-sync-key" ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
          found[id] = typed as SignalDataTypeMap[T];
        }
        return Promise.resolve(found);
      },
      set: (data) => {
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values)) {
            if (value === null || value === undefined) store(type).delete(id);
            else store(type).set(id, value);
          }
        }
        return Promise.resolve();
      },
    },
  };
}
