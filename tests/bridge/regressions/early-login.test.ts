/** WhatsApp's first word after the handshake came before the write of the handshake's end was reported, and was dropped. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";

const LATE_REPORTS = new URL("../support/late-reports.js", import.meta.url).href;

describe("a server that answers before a write is reported", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NODE_OPTIONS: `--import=${LATE_REPORTS}` });
  });
  after(() => gateway.end());

  it("is understood: the session links, connects and sends", async () => {
    await gateway.paired("early", "+5511910000021");
    const { message } = await gateway.rpc.call("message.send", { tenantId: "early", to: "+5511920000021", content: { type: "text", text: "here" }, waitMs: 10_000 });
    assert.equal(message.status, "sent");
  });
});
