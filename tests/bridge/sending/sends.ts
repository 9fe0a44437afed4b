/** What the sandbox says became of the messages an account sent, and the checks every test makes of it. */
import assert from "node:assert/strict";
import type { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

interface Copies {
  number: string;
  device: number;
  copies: number;
  readable?: number;
  identical: boolean;
  retries: number;
  firstRead?: number;
}

export interface Send {
  position: number;
  id: string;
  chat: string;
  chatPosition: number;
  arrivals: number;
  resends: number;
  ack: "sent" | "none" | "refused";
  text?: string;
  devices: Copies[];
}

/** Every message of a number, in the order in which they arrived at WhatsApp. */
export async function sendsOf(gateway: Gateway, number: string): Promise<Send[]> {
  return (await gateway.sandbox.get<{ sends: Send[] }>(`/sends?number=${encodeURIComponent(number)}&limit=10000`)).sends;
}

/** Waits until a message arrived at WhatsApp that often, and was read by every phone. */
export async function arrived(gateway: Gateway, number: string, id: string, arrivals = 1): Promise<Send> {
  return waitFor(`${id} to arrive ${arrivals} times`, async () => {
    const send = (await sendsOf(gateway, number)).find((each) => each.id === id);
    const read = send?.devices.filter(({ device }) => device === 0).every(({ readable }) => readable !== 0);
    return send !== undefined && send.arrivals >= arrivals && read === true ? send : undefined;
  }, 20_000);
}

/** @throws AssertionError when a phone could read something twice, or did not get the same bytes each time. */
export function assertReadOnce(sends: readonly Send[], ids: readonly string[]): void {
  for (const id of ids) {
    const send = sends.find((each) => each.id === id);
    assert.ok(send, `${id} arrived`);
    for (const { number, device, readable, identical, retries } of send.devices) {
      if (device !== 0) continue;
      assert.equal(readable, 1, `${id} was read once by ${number}`);
      if (retries === 0) assert.ok(identical, `all copies of ${id} for ${number} are the same bytes`);
    }
  }
}
