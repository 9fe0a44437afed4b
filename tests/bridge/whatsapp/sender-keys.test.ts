import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "../support/silent-logger.js";
import { MemoryKeys } from "../support/memory-keys.js";
import { addTransactionCapability, DEFAULT_CONNECTION_CONFIG, initAuthCreds, type SignalRepositoryWithLIDStore } from "../../../bridge/src/whatsapp/baileys.js";

const GROUP = "120363000000000001@g.us";
const ME = "5511910000001:3@s.whatsapp.net";

interface Side {
  keys: MemoryKeys;
  repository: SignalRepositoryWithLIDStore;
  /** The only sender key it holds, as it is stored. */
  record(): { senderMessageKeys: unknown[]; senderSigningKey: { private?: unknown } }[];
}

function side(): Side {
  const keys = new MemoryKeys();
  const layered = addTransactionCapability(keys, silentLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: initAuthCreds(), keys: layered }, silentLogger, undefined);
  return {
    keys,
    repository,
    record: () => {
      const [bytes] = keys.all("sender-key").values();
      return JSON.parse(Buffer.from(bytes as Uint8Array).toString()) as ReturnType<Side["record"]>;
    },
  };
}

async function say(from: Side, text: string): Promise<{ ciphertext: Uint8Array; distribution: Uint8Array }> {
  const { ciphertext, senderKeyDistributionMessage } = await from.repository.encryptGroupMessage({ group: GROUP, meId: ME, data: Buffer.from(text) });
  return { ciphertext, distribution: senderKeyDistributionMessage };
}

async function learn(to: Side, distribution: Uint8Array): Promise<void> {
  await to.repository.processSenderKeyDistributionMessage({ authorJid: ME, item: { groupId: GROUP, axolotlSenderKeyDistributionMessage: distribution } });
}

const read = async (to: Side, msg: Uint8Array): Promise<string> => Buffer.from(await to.repository.decryptGroupMessage({ group: GROUP, authorJid: ME, msg })).toString();

describe("a sender key", () => {
  it("of our own does not grow with the messages, and others read all of them, in any order", async () => {
    const sender = side();
    const receiver = side();
    const first = await say(sender, "0");
    await learn(receiver, first.distribution);
    assert.equal(await read(receiver, first.ciphertext), "0");
    const size = JSON.stringify(sender.record()).length;
    const later = [];
    for (let n = 1; n <= 40; n += 1) later.push((await say(sender, String(n))).ciphertext);
    assert.ok(JSON.stringify(sender.record()).length < size + 20, "it is as long as after the first message");
    assert.deepEqual(sender.record()[0]?.senderMessageKeys, []);
    const order = [...later.keys()].reverse();
    for (const n of order) assert.equal(await read(receiver, later[n] ?? Buffer.alloc(0)), String(n + 1));
  });

  it("of somebody else keeps the keys of messages that are still to come", async () => {
    const sender = side();
    const receiver = side();
    const first = await say(sender, "0");
    await learn(receiver, first.distribution);
    const [second, third] = [await say(sender, "1"), await say(sender, "2")];
    assert.equal(await read(receiver, third.ciphertext), "2");
    assert.ok((receiver.record()[0]?.senderMessageKeys.length ?? 0) > 0);
    assert.equal(await read(receiver, second.ciphertext), "1");
    await assert.rejects(read(receiver, second.ciphertext), "a message opens once");
  });

  it("that grew before sheds what it kept, and goes on where it was", async () => {
    const sender = side();
    const receiver = side();
    const first = await say(sender, "0");
    await learn(receiver, first.distribution);
    const [id] = sender.keys.all("sender-key").keys();
    const grown = sender.record().map((state) => ({ ...state, senderMessageKeys: Array.from({ length: 500 }, (_, n) => ({ iteration: n, seed: Buffer.alloc(32, 1) })) }));
    await sender.keys.set({ "sender-key": { [id ?? ""]: Buffer.from(JSON.stringify(grown)) } });
    const next = await say(sender, "1");
    assert.equal(await read(receiver, next.ciphertext), "1");
    assert.deepEqual(sender.record()[0]?.senderMessageKeys, []);
  });
});
