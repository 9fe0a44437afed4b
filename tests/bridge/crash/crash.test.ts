import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pairAndKill } from "./pairing.js";
import { openGround, type Ground } from "./places.js";
import { Traffic } from "./traffic.js";
import { whyNot } from "./victim.js";

// A dozen points; `npm run crash-campaign` walks through all of them.
const reason = whyNot();

describe("a bridge killed at a durable write", { skip: reason ?? false }, () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground.end());

  for (const [call, nth] of [["fsync", 19], ["fsync", 22], ["fsync", 24], ["pwrite64", 95], ["pwrite64", 130]] as const) {
    it(`while it pairs has either paired or not: ${call} ${nth}`, async () => {
      await pairAndKill(ground, call, nth);
    });
  }

  it("while messages go both ways loses none, doubles none and stays readable", { timeout: 150_000 }, async () => {
    const traffic = await Traffic.open(ground);
    let died = 0;
    for (const [call, nth] of [["fsync", 5], ["fsync", 9], ["fsync", 13], ["fsync", 18], ["pwrite64", 30], ["pwrite64", 55], ["pwrite64", 90]] as const) {
      if (await traffic.talkAndKill(call, nth)) died += 1;
    }
    assert.ok(died >= 5, `only ${died} of 7 were killed`);
  });
});
