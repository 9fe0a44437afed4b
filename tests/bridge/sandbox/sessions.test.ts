import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SignalUser, type EncType } from "../../../bridge/sandbox/phone/signal.js";

interface Sealed {
  type: EncType;
  ciphertext: Buffer;
}

describe("a phone with several sessions with somebody", () => {
  it("leaves those alone that a message was not for, and reads what comes on them", async () => {
    const [phone, client] = [new SignalUser(), new SignalUser()];
    const say = (who: SignalUser, text: string): Promise<Sealed> => who.encrypt("other.0", Buffer.from(text));
    const read = async (who: SignalUser, { type, ciphertext }: Sealed): Promise<string> => (await who.decrypt("other.0", type, ciphertext)).toString();
    await phone.begin("other.0", client.bundle());
    assert.equal(await read(client, await say(phone, "one")), "one");
    const late = await say(client, "an answer on the first session");
    await phone.begin("other.0", client.bundle());
    assert.equal(await read(phone, late), "an answer on the first session");
    assert.equal(await read(client, await say(phone, "two")), "two");
  });
});
