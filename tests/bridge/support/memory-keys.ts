/** Signal keys in memory, without any layer. */
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStore } from "../../../bridge/src/whatsapp/baileys.js";

export class MemoryKeys implements SignalKeyStore {
  readonly #types = new Map<string, Map<string, unknown>>();

  all(type: string): Map<string, unknown> {
    const known = this.#types.get(type) ?? new Map<string, unknown>();
    this.#types.set(type, known);
    return known;
  }

  get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    const values = this.all(type);
    const found = ids.filter((id) => values.has(id)).map((id): [string, SignalDataTypeMap[T]] => [id, values.get(id) as SignalDataTypeMap[T]]);
    return Promise.resolve(Object.fromEntries(found));
  }

  set(data: SignalDataSet): Promise<void> {
    for (const [type, values] of Object.entries(data)) {
      for (const [id, value] of Object.entries(values)) {
        if (value === null) this.all(type).delete(id);
        else this.all(type).set(id, value);
      }
    }
    return Promise.resolve();
  }
}
