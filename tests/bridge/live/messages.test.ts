import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

describe("a session against a WhatsApp server", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());

  it("shows a QR code, is paired by a phone and connects", async () => {
    const session = await gateway.paired("acme", OWNER, "Acme");
    assert.equal(session.phoneNumber, OWNER);
    assert.match(session.lid ?? "", /^\d+@lid$/);
    assert.match(session.sessionId, /^acme_\d{13}$/);
    const states = gateway.follower.of("session.status").map((event) => event.data.state);
    assert.deepEqual(states, ["connecting", "qr", "pairing", "connected"]);
  });

  it("sends a text, which the contact reads, and hears that it was delivered", async () => {
    const sent = await gateway.send("acme", CONTACT, "hello contact");
    assert.equal(sent.status, "sent");
    const path = `/contacts/${CONTACT}/messages?wait=5000&id=${sent.messageId}`;
    const { messages } = await gateway.sandbox.get<{ messages: { text: string }[] }>(path);
    assert.equal(messages[0]?.text, "hello contact");
    await waitFor("the delivery", () => gateway.follower.of("message.status").find((event) => event.data.messageId === sent.messageId && event.data.status === "delivered"));
  });

  it("receives a text as an event", async () => {
    const id = await gateway.sandbox.say(CONTACT, OWNER, "hello gateway");
    const event = await waitFor("the message", () => gateway.follower.of("message").find((each) => each.data.messageId === id));
    assert.deepEqual(event.data.content, { type: "text", text: "hello gateway" });
    assert.equal(event.data.chatId, "5511920000001@s.whatsapp.net");
    assert.equal(event.data.sender.phoneNumber, CONTACT);
    assert.match(event.data.sender.lid ?? "", /@lid$/);
    assert.equal(event.data.fromMe, false);
  });
});
