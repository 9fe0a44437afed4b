/** Kills a bridge while it pairs, and looks whether the pairing is all there or not there at all. */
import assert from "node:assert/strict";
import { BridgeProcess } from "../support/processes.js";
import { connected, reach, type Ground } from "./places.js";
import { startVictim, type WriteCall } from "./victim.js";

interface Accounts {
  accounts: { number: string; devices: unknown[] }[];
}

/** How one point went. `survived`: the pairing was over before the n-th write. */
export type Outcome = "killed before the link" | "killed after the link" | "survived";

const TENANT = "acme";

async function pairUntilDead(victim: BridgeProcess, ground: Ground, number: string): Promise<boolean> {
  const rpc = await reach(victim);
  if (rpc === undefined) return false;
  try {
    const { qr } = await rpc.call("session.start", { tenantId: TENANT, waitMs: 10_000 });
    if (qr === undefined) return false;
    const scanned = ground.sandbox.scan(qr.text, number).then(() => true, () => false);
    const dead = victim.ended().then(() => false);
    if (!(await Promise.race([scanned, dead]))) return false;
    await Promise.race([connected(rpc, TENANT), dead]);
    return !victim.isDead;
  } catch {
    return false;
  } finally {
    rpc.close();
  }
}

/**
 * One point of the campaign.
 * @throws AssertionError when the phone counts the device as linked and the bridge does not know of it any more.
 */
export async function pairAndKill(ground: Ground, call: WriteCall, nth: number): Promise<Outcome> {
  const number = `+55119${call === "fsync" ? 5 : 6}${String(nth).padStart(7, "0")}`;
  const dataDir = ground.dataDir(`pair-${call}-${nth}`);
  const victim = startVictim(dataDir, ground.sandbox.env, call, nth);
  const survived = await pairUntilDead(victim, ground, number);
  await victim.kill();
  const { accounts } = await ground.sandbox.get<Accounts>("/accounts");
  const linked = accounts.some((account) => account.number === number && account.devices.length > 0);
  const bridge = await BridgeProcess.start(dataDir, ground.sandbox.env);
  const rpc = await bridge.client();
  try {
    if (linked) await connected(rpc, TENANT);
    else {
      const session = await rpc.call("session.start", { tenantId: TENANT, waitMs: 10_000 });
      // The phone was not told before the bridge died, so WhatsApp does not know the device: it is scanned again.
      const again = session.state === "qr" ? session : await rpc.call("session.start", { tenantId: TENANT, waitMs: 10_000 });
      assert.equal(again.state, "qr", "it can be paired again");
    }
  } finally {
    rpc.close();
    await bridge.kill();
  }
  return survived ? "survived" : linked ? "killed after the link" : "killed before the link";
}
