import { el } from "../wire/stanza.js";
import type { Person } from "../world/person.js";
import type { Delivery } from "./delivery.js";
import type { Logins } from "./login.js";

/** Takes linked devices off their numbers, as the phone's owner or the device itself wishes. */
export class Unlinker {
  constructor(
    private readonly logins: Logins,
    private readonly delivery: Delivery,
  ) {}

  /** False when the number has no such device. */
  unlink(person: Person, device: number): boolean {
    const companion = person.companions.get(device);
    if (!companion) return false;
    person.companions.delete(device);
    person.touch();
    const connection = this.logins.connectionOf(companion);
    if (connection) {
      this.logins.leave(connection);
      connection.sendAndClose(el("stream:error", { code: "401" }, [el("conflict", { type: "device_removed" })]));
    }
    this.delivery.devicesChanged(person, "remove", companion);
    return true;
  }
}
