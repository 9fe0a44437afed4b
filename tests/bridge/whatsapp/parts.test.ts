import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BufferJSON, proto } from "../../../bridge/src/whatsapp/baileys.js";
import { decodeKey, encodeKey } from "../../../bridge/src/whatsapp/auth-store.js";
import { ConnectGate } from "../../../bridge/src/whatsapp/connect-gate.js";
import { describeContent as describeInner } from "../../../bridge/src/whatsapp/describing/contents.js";
import { wellFormed } from "../../../bridge/src/whatsapp/describing/values.js";
import { unwrap } from "../../../bridge/src/whatsapp/describing/wrappers.js";
import { fastCurve, libsignalCurve, slowCurve } from "../../../bridge/src/whatsapp/curve.js";
import { dedupKey, readEnvelope, type AddressBook, type Self } from "../../../bridge/src/whatsapp/incoming.js";
import { bareJid, isGroupJid, lidJid, phoneJid, phoneNumberOf, sameUser } from "../../../bridge/src/whatsapp/jid.js";
import { MessageEvents } from "../../../bridge/src/whatsapp/message-events.js";
import { isPrivateHost } from "../../../bridge/src/whatsapp/sandbox-trust.js";
import { SmallCache } from "../../../bridge/src/whatsapp/small-cache.js";
import { checkEventData } from "../../../bridge/src/rpc/validate.js";
import { openTestStore } from "../support/test-store.js";

describe("an address", () => {
  it("loses its device and its other names", () => {
    assert.equal(bareJid("5511910000001:12@s.whatsapp.net"), "5511910000001@s.whatsapp.net");
    assert.equal(bareJid("5511910000001_1:12@c.us"), "5511910000001@s.whatsapp.net");
    assert.equal(bareJid("793747077444872:99@hosted.lid"), "793747077444872@lid");
    assert.equal(bareJid("120363040000000001@g.us"), "120363040000000001@g.us");
    for (const broken of [undefined, "", "@s.whatsapp.net", "5511910000001"]) assert.equal(bareJid(broken), undefined);
  });

  it("tells phone, LID and group apart", () => {
    assert.equal(phoneJid("1@lid"), undefined);
    assert.equal(lidJid("793747077444872:3@lid"), "793747077444872@lid");
    assert.equal(phoneNumberOf("5511910000001:3@s.whatsapp.net"), "+5511910000001");
    assert.equal(phoneNumberOf("0@s.whatsapp.net"), undefined);
    assert.ok(isGroupJid("5511910000001-1600000000@g.us"));
    assert.ok(sameUser("5511910000001:3@s.whatsapp.net", "5511910000001@s.whatsapp.net"));
    assert.equal(sameUser("1@lid", "1@s.whatsapp.net"), false);
    assert.equal(sameUser(undefined, undefined), false);
  });
});

describe("the curve", () => {
  const pair = slowCurve.generateKeyPair();
  const message = Buffer.from("message");

  it("is replaced for everybody", () => {
    assert.equal(libsignalCurve.calculateSignature, fastCurve.calculateSignature);
    assert.notEqual(slowCurve.calculateSignature, fastCurve.calculateSignature);
  });

  it("signs and verifies both ways with the one it replaces", () => {
    assert.equal(slowCurve.verifySignature(pair.pubKey, message, fastCurve.calculateSignature(pair.privKey, message)), true);
    assert.equal(fastCurve.verifySignature(pair.pubKey, message, slowCurve.calculateSignature(pair.privKey, message)), true);
  });

  it("refuses forged signatures", () => {
    const signature = fastCurve.calculateSignature(pair.privKey, message);
    assert.equal(fastCurve.verifySignature(pair.pubKey, Buffer.from("massage"), signature), false);
    for (const at of [0, 31, 32, 63]) {
      const forged = Buffer.from(signature);
      forged[at] = (forged[at] ?? 0) ^ 1;
      assert.equal(fastCurve.verifySignature(pair.pubKey, message, forged), false);
    }
    assert.equal(fastCurve.verifySignature(fastCurve.generateKeyPair().pubKey, message, signature), false);
    assert.throws(() => fastCurve.verifySignature(pair.pubKey, message, signature.subarray(1)));
  });

  it("agrees on the same secrets and public keys", () => {
    const other = fastCurve.generateKeyPair();
    assert.equal(other.pubKey.length, 33);
    assert.deepEqual(fastCurve.calculateAgreement(other.pubKey, pair.privKey), slowCurve.calculateAgreement(pair.pubKey, other.privKey));
    assert.throws(() => fastCurve.calculateAgreement(other.pubKey.subarray(2), pair.privKey));
  });
});

describe("a Signal key", () => {
  it("comes back as it was, whatever it is made of", () => {
    const values = [
      Buffer.from("sender key"),
      { public: Buffer.alloc(32, 1), private: Buffer.alloc(32, 2) },
      { _sessions: { "BQ==": { registrationId: 5, ephemeralKeyPair: { pubKey: "BQ==" } } }, version: "v1" },
      ["0", "12"],
      "793747077444872",
      { token: Buffer.from("token"), timestamp: "1" },
      { "5511910000001:1@s.whatsapp.net": true },
    ];
    for (const value of values) assert.deepEqual(JSON.stringify(decodeKey(encodeKey(value)), BufferJSON.replacer), JSON.stringify(value, BufferJSON.replacer));
  });

  it("takes little room when it is one of the 812 pre-keys", () => {
    assert.equal(encodeKey({ public: Buffer.alloc(32), private: Buffer.alloc(32) }).length, 65);
  });
});

describe("the content of a message", () => {
  const describeContent = (message: proto.IMessage): ReturnType<typeof describeInner> => describeInner(unwrap(message)?.inner ?? {}, () => `med_${"0".repeat(32)}`);
  const text = (message: proto.IMessage): string | undefined => {
    const content = describeContent(message);
    return content?.type === "text" ? content.text : content?.type === "other" ? content.whatsappType : undefined;
  };

  it("is its text, in whatever it is wrapped", () => {
    assert.equal(text({ conversation: "a" }), "a");
    assert.equal(text({ extendedTextMessage: { text: "b" } }), "b");
    assert.equal(text({ ephemeralMessage: { message: { conversation: "c" } } }), "c");
    assert.equal(text({ deviceSentMessage: { destinationJid: "1@lid", message: { ephemeralMessage: { message: { extendedTextMessage: { text: "d" } } } } } }), "d");
    assert.equal(text({ viewOnceMessage: { message: { viewOnceMessageV2: { message: { conversation: "e" } } } } }), "e");
  });

  it("has WhatsApp's own name when it is something else", () => {
    assert.equal(text({ paymentInviteMessage: {} }), "paymentInviteMessage");
    assert.equal(text({ messageContextInfo: {}, albumMessage: {} }), "albumMessage");
    assert.equal(text({ senderKeyDistributionMessage: {}, stickerPackMessage: {} }), "stickerPackMessage");
  });

  it("is none when devices talk among themselves", () => {
    for (const message of [{}, { protocolMessage: { type: 0 } }, { senderKeyDistributionMessage: {} }, { messageContextInfo: {} }, { editedMessage: { message: { protocolMessage: { type: 14 } } } }]) {
      assert.equal(describeContent(message), undefined);
    }
  });

  it("survives a decoded message, where absent fields are null", () => {
    const decoded = proto.Message.decode(proto.Message.encode({ conversation: "x" }).finish());
    assert.equal(text(decoded), "x");
  });

  it("is always text that JSON readers take, and never longer than WhatsApp's own clients write", () => {
    assert.equal(wellFormed("a\ud800b", 10), "a\ufffdb");
    assert.equal(text({ conversation: "x".repeat(100_000) })?.length, 65_536);
  });

  it("does not end the process when wrappers are nested without end", () => {
    let message: proto.IMessage = { conversation: "deep" };
    for (let i = 0; i < 100; i += 1) message = { deviceSentMessage: { message } };
    assert.doesNotThrow(() => describeContent(message));
  });
});

describe("a received message", () => {
  const self: Self = { phone: "5511910000001:3@s.whatsapp.net", lid: "900@lid", name: "Acme" };
  const nobody: AddressBook = { lidOf: () => Promise.resolve(undefined), phoneOf: () => Promise.resolve(undefined) };
  const hello = { type: "text" as const, text: "hello" };
  const { store, pairing } = openTestStore();
  after(() => {
    store.close();
  });
  const events = new MessageEvents(store, pairing, () => self);
  const event = async (attrs: Record<string, string>, book: AddressBook = nobody) => {
    const envelope = readEnvelope({ id: "M1", t: "1795442599", ...attrs }, self, 5);
    if (envelope === undefined) return undefined;
    const made = (await events.read(envelope, { conversation: hello.text }, book, false))?.event;
    if (made === undefined) return undefined;
    checkEventData(made);
    assert.equal(made.type, "message");
    return made;
  };

  it("by phone address names the chat and both addresses of its sender", async () => {
    assert.deepEqual(await event({ from: "5511920000001:2@s.whatsapp.net", sender_lid: "800:2@lid", notify: "Carla" }), {
      type: "message", messageId: "M1", chatId: "5511920000001@s.whatsapp.net", chatType: "person", chatLid: "800@lid", isGroup: false, fromMe: false,
      sender: { phoneNumber: "+5511920000001", lid: "800@lid", name: "Carla" }, sentAtMs: 1_795_442_599_000, content: hello,
    });
  });

  it("by LID is in the same chat when the phone number is told or known", async () => {
    assert.equal((await event({ from: "800@lid", sender_pn: "5511920000001@s.whatsapp.net" }))?.chatId, "5511920000001@s.whatsapp.net");
    const book: AddressBook = { ...nobody, phoneOf: (lid) => Promise.resolve(lid === "800@lid" ? "5511920000001@s.whatsapp.net" : undefined) };
    assert.equal((await event({ from: "800@lid" }, book))?.chatId, "5511920000001@s.whatsapp.net");
  });

  it("by LID is in the LID's chat when nothing else is known", async () => {
    const made = await event({ from: "800@lid" });
    assert.equal(made?.chatId, "800@lid");
    assert.deepEqual(made.sender, { lid: "800@lid" });
  });

  it("in a group names the group and the member", async () => {
    const made = await event({ from: "120363040000000001@g.us", participant: "800:7@lid", participant_pn: "5511920000001@s.whatsapp.net" });
    assert.deepEqual([made?.chatId, made?.isGroup, made?.sender.phoneNumber, made?.fromMe], ["120363040000000001@g.us", true, "+5511920000001", false]);
  });

  it("from the own phone is labelled so, in the recipient's chat", async () => {
    const made = await event({ from: "5511910000001@s.whatsapp.net", recipient: "800@lid", peer_recipient_pn: "5511920000001@s.whatsapp.net" });
    assert.deepEqual([made?.chatId, made?.fromMe, made?.sender], ["5511920000001@s.whatsapp.net", true, { phoneNumber: "+5511910000001", lid: "900@lid", name: "Acme" }]);
    assert.equal((await event({ from: "900@lid", recipient: "5511920000001@s.whatsapp.net" }))?.fromMe, true);
  });

  it("on a broadcast list is in the chat with its sender", async () => {
    assert.equal((await event({ from: "1600000000@broadcast", participant: "5511920000001@s.whatsapp.net" }))?.chatId, "5511920000001@s.whatsapp.net");
  });

  it("tells stories and posts of channels from chats", async () => {
    assert.equal((await event({ from: "status@broadcast", participant: "5511920000001@s.whatsapp.net" }))?.chatType, "status");
    const post = await event({ from: "123@newsletter" });
    assert.deepEqual([post?.chatType, post?.chatId, post?.sender], ["channel", "123@newsletter", {}]);
  });

  it("is no event between own devices, or without an author in a group", async () => {
    assert.equal(await event({ from: "5511910000001@s.whatsapp.net", category: "peer" }), undefined);
    assert.equal(await event({ from: "120363040000000001@g.us" }), undefined);
  });

  it("fits the contract whatever its sender put into id, name and time", async () => {
    const made = await event({ id: "a b\n\u0000".repeat(60), from: "5511920000001@s.whatsapp.net", notify: "x\ud800".repeat(500), t: "soon" });
    assert.equal(made?.sentAtMs, 5);
    assert.match(made.messageId, /^[A-Za-z0-9._:@-]{1,128}$/);
  });

  it("is the same message only in the same chat, from the same sender", () => {
    const key = (attrs: Record<string, string>): string => {
      const envelope = readEnvelope({ id: "M1", ...attrs }, self, 5);
      assert.ok(envelope);
      return dedupKey("t", envelope).toString("hex");
    };
    const first = key({ from: "5511920000001@s.whatsapp.net" });
    assert.equal(key({ from: "800@lid", sender_pn: "5511920000001@s.whatsapp.net" }), first);
    assert.notEqual(key({ from: "5511920000002@s.whatsapp.net" }), first);
    assert.notEqual(key({ from: "120363040000000001@g.us", participant: "5511920000001@s.whatsapp.net" }), first);
  });
});

describe("the connect gate", () => {
  it("lets so many in at a time, the others in order as those leave", () => {
    const gate = new ConnectGate(2);
    const entered: number[] = [];
    const leave = [1, 2, 3, 4, 5].map((number) => gate.request(() => entered.push(number)));
    assert.deepEqual(entered, [1, 2]);
    leave[2]?.();
    leave[0]?.();
    leave[0]?.();
    assert.deepEqual(entered, [1, 2, 4]);
    leave[1]?.();
    assert.deepEqual(entered, [1, 2, 4, 5]);
  });
});

describe("a small cache", () => {
  it("holds a bounded number of values for a bounded time", () => {
    const cache = new SmallCache(2, 60_000);
    for (const key of ["a", "b", "a", "c"]) cache.set(key, key);
    assert.deepEqual(["a", "b", "c"].map((key) => cache.get(key)), ["a", undefined, "c"]);
    const short = new SmallCache(2, 0);
    short.set("a", 1);
    assert.equal(short.get("a"), undefined);
  });
});

describe("the host of a sandbox", () => {
  it("is on this machine or in a private network", () => {
    for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "[::1]", "10.0.0.4", "172.20.1.2", "192.168.1.1", "sandbox", "fd00::1"]) assert.ok(isPrivateHost(host), host);
    for (const host of ["web.whatsapp.com", "8.8.8.8", "172.32.0.1", "example.org", "[2001:db8::1]", "127.0.0.1.example.org", ""]) assert.equal(isPrivateHost(host), false, host);
  });
});
