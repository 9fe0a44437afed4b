import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { generate } from "selfsigned";
import { Gateway } from "../support/gateway.js";
import { httpProxy, socksProxy, type Proxy } from "../support/proxies.js";
import { makeDirectory } from "../support/places.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const PASSWORD = "canary pass@word/é";

describe("a proxy of a tenant", () => {
  let gateway: Gateway;
  const proxies: Proxy[] = [];
  const keep = async (proxy: Promise<Proxy>): Promise<Proxy> => {
    proxies.push(await proxy);
    return proxy;
  };
  let tls: { key: string; cert: string };

  before(async () => {
    const made = await generate([{ name: "commonName", value: "127.0.0.1" }], { extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }] });
    tls = { key: made.private, cert: made.cert };
    const caFile = join(makeDirectory(), "proxy.pem");
    writeFileSync(caFile, made.cert);
    gateway = await Gateway.start({ NODE_EXTRA_CA_CERTS: caFile, LOG_LEVEL: "trace", DEBUG: "*" });
    await gateway.paired("acme", OWNER);
  });
  after(async () => {
    await gateway.end();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });

  const set = (proxyUrl?: string): Promise<unknown> => gateway.rpc.call("session.setProxy", { tenantId: "acme", ...(proxyUrl === undefined ? {} : { proxyUrl }) });
  const talks = async (text: string): Promise<void> => {
    await gateway.waitState("acme", "connected");
    const sent = await gateway.send("acme", CONTACT, text);
    assert.equal(sent.status, "sent");
    const { messages } = await gateway.sandbox.get<{ messages: { text: string }[] }>(`/contacts/${CONTACT}/messages?wait=5000&id=${sent.messageId}`);
    assert.equal(messages[0]?.text, text);
    const id = await gateway.sandbox.say(CONTACT, OWNER, `answer to ${text}`);
    await waitFor("the answer", () => gateway.follower.of("message").some((event) => event.data.messageId === id));
  };

  const kinds: [string, () => Promise<Proxy>][] = [
    ["http", () => httpProxy()],
    ["http with a password", () => httpProxy({ user: "us:er", password: PASSWORD })],
    ["https with a password", () => httpProxy({ user: "user", password: PASSWORD, tls })],
    ["socks5", () => socksProxy()],
    ["socks5 with a password", () => socksProxy({ user: "user", password: PASSWORD })],
  ];
  for (const [kind, make] of kinds) {
    it(`carries the tenant's messages in both directions: ${kind}`, async () => {
      const proxy = await keep(make());
      await set(proxy.url);
      assert.equal((await gateway.session("acme")).hasProxy, true);
      await waitFor("the probe and the session to go through it", () => proxy.targets.length >= 2);
      assert.deepEqual(new Set(proxy.targets), new Set([`127.0.0.1:${gateway.sandbox.port}`]));
      await talks(`through ${kind}`);
      assert.equal(proxy.open, 1, "the probe left nothing open");
    });
  }

  const refusals: [string, () => Promise<Proxy>, (url: string) => string][] = [
    ["http, wrong password", () => httpProxy({ user: "user", password: PASSWORD }), (url) => url.replace(/:[^:@]*@/, ":wrong@")],
    ["http, says no", () => httpProxy({ manner: "refusing" }), (url) => url],
    ["socks5, wrong password", () => socksProxy({ user: "user", password: PASSWORD }), (url) => url.replace(/:[^:@]*@/, ":wrong@")],
    ["socks5, says no", () => socksProxy({ manner: "refusing" }), (url) => url],
    ["not a proxy at all", () => httpProxy(), (url) => url.replace(/:\d+$/, ":9")],
    ["socks5 spoken to an http proxy", () => httpProxy(), (url) => url.replace("http:", "socks5:")],
  ];
  for (const [kind, make, change] of refusals) {
    it(`that does not reach WhatsApp is not set, and the old one stays: ${kind}`, async () => {
      const proxy = await keep(make());
      await assert.rejects(set(change(proxy.url)), refused("proxy_unreachable"));
      await talks(`still, ${kind}`);
    });
  }

  it("that hangs is given up in time and leaves no socket behind", { timeout: 60_000 }, async () => {
    const [http, socks] = await Promise.all([keep(httpProxy({ manner: "hanging" })), keep(socksProxy({ manner: "hanging" }))]);
    const began = Date.now();
    await Promise.all([http, socks].map(async ({ url }) => {
      await assert.rejects(set(url), refused("proxy_unreachable"));
    }));
    assert.ok(Date.now() - began < 20_000);
    await waitFor("the socket to close", () => http.open === 0);
  });

  it("whose address is none is refused by name", async () => {
    for (const proxyUrl of ["http://", "http://host/path", "socks5://h:1?x=1", "http://h:99999999"]) {
      await assert.rejects(set(proxyUrl), refused("invalid_params"), proxyUrl);
    }
    await assert.rejects(gateway.rpc.call("session.setProxy", { tenantId: "nobody" }), refused("session_not_found"));
  });

  it("is used after a restart, is waited for when it is gone, and is left again when it is removed", async () => {
    const proxy = await keep(socksProxy({ user: "user", password: PASSWORD }));
    await set(proxy.url);
    await gateway.waitState("acme", "connected");
    assert.equal(gateway.bridge.stderr, "", "nothing of the proxies is written past the log");
    await gateway.bridge.kill();
    const before = proxy.targets.length;
    await gateway.restart();
    await talks("after a restart");
    assert.ok(proxy.targets.length > before);
    proxy.manner = "refusing";
    proxy.cut();
    await gateway.waitState("acme", "reconnecting");
    await set();
    assert.equal((await gateway.session("acme")).hasProxy, undefined);
    await talks("directly again");
  });

  it("never shows its password: not in a log, an answer, an event or the store", async () => {
    const shown = [gateway.bridge.stderr, JSON.stringify(gateway.bridge.log), JSON.stringify(await gateway.session("acme")), JSON.stringify(gateway.follower.events)];
    const folder = join(gateway.dataDir, "bridge");
    for (const name of readdirSync(folder)) shown.push(readFileSync(join(folder, name)).toString("latin1"));
    for (const text of shown) for (const secret of ["canary", encodeURIComponent(PASSWORD), Buffer.from(`user:${PASSWORD}`).toString("base64")]) assert.equal(text.includes(secret), false);
  });
});
