import assert from "node:assert/strict";
import { get } from "node:https";
import { after, before, describe, it } from "node:test";
import type { AllowedNetwork } from "../../../bridge/src/config.js";
import { readConfig } from "../../../bridge/src/config.js";
import { openProxyRoute } from "../../../bridge/src/whatsapp/proxy-agent.js";
import { ProxyGuard, ProxyRefused } from "../../../bridge/src/whatsapp/proxy-guard.js";
import { httpProxy, socksProxy, type Proxy } from "../support/proxies.js";

const NOBODY = new ProxyGuard([]);
const allowing = (cidrs: string): ProxyGuard => new ProxyGuard(readConfig({ OUTBOUND_ALLOW_CIDRS: cidrs }).outboundAllow);

function found(guard: ProxyGuard, name: string, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    guard.lookup(name, { all }, (error, address) => {
      if (error === null) resolve(address);
      else reject(error);
    });
  });
}

/** What becomes of a request through a proxy. */
function through(guard: ProxyGuard, url: string): Promise<string> {
  const route = openProxyRoute(url, { ca: undefined }, guard);
  return new Promise<string>((resolve) => {
    get("https://web.whatsapp.test/", { agent: route.agent }, () => {
      resolve("answered");
    }).on("error", (error) => {
      resolve(error.message);
    });
  }).finally(() => {
    route.close();
  });
}

describe("where a tenant's proxy may be", () => {
  for (const host of ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:1::]", "[2001:db8::1]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[5f00::1]", "[100::1]"]) {
    it(`is not ${host}`, () => {
      for (const scheme of ["http", "https", "socks5"]) assert.throws(() => { NOBODY.check(`${scheme}://user:pass@${host}:1080`); }, ProxyRefused);
    });
  }

  for (const host of ["93.184.215.14", "1.1.1.1", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "proxy.example"]) {
    it(`may be ${host}`, () => {
      NOBODY.check(`socks5://${host}:1080`);
    });
  }

  it("is what the operator allows, and nothing beside it", () => {
    const guard = allowing("10.0.0.0/8, fd00::/8, 192.168.7.7");
    for (const host of ["10.9.9.9", "[fd00::1]", "192.168.7.7", "[::ffff:10.0.0.1]"]) guard.check(`http://${host}:3128`);
    for (const host of ["127.0.0.1", "192.168.7.8", "[fe80::1]"]) assert.throws(() => { guard.check(`http://${host}:3128`); }, ProxyRefused);
  });

  it("is looked at where a name leads, at the moment somebody connects", async () => {
    for (const name of ["localhost", "127.1", "0x7f000001", "2130706433"]) {
      for (const all of [true, false]) await assert.rejects(found(NOBODY, name, all), ProxyRefused);
    }
    assert.equal(await found(allowing("127.0.0.0/8,::1"), "127.1", false), "127.0.0.1");
    assert.deepEqual(await found(allowing("127.0.0.0/8,::1"), "127.1", true), [{ address: "127.0.0.1", family: 4 }]);
  });

  describe("which nobody connects to otherwise", () => {
    const proxies: Proxy[] = [];
    before(async () => {
      proxies.push(await httpProxy({ manner: "refusing" }), await socksProxy({ manner: "refusing" }));
    });
    after(() => Promise.all(proxies.map((proxy) => proxy.close())));

    it("neither by its number nor by a name that leads there", async () => {
      for (const proxy of proxies) {
        for (const host of ["127.0.0.1", "localhost"]) {
          assert.equal(await through(NOBODY, proxy.url.replace("127.0.0.1", host)), new ProxyRefused().message);
        }
        assert.deepEqual(proxy.targets, []);
        assert.equal(proxy.open, 0);

        await through(allowing("127.0.0.0/8"), proxy.url);
        assert.deepEqual(proxy.targets, ["web.whatsapp.test:443"]);
      }
    });
  });

  for (const text of ["10.0.0.0/33", "10.0.0/8", "fd00::/129", "somewhere", "10.0.0.0/8/8", "10.0.0.0/x"]) {
    it(`is not told by ${text}`, () => {
      assert.throws(() => readConfig({ OUTBOUND_ALLOW_CIDRS: text }), /OUTBOUND_ALLOW_CIDRS must be networks/);
    });
  }

  it("is told by a list", () => {
    const wanted: AllowedNetwork[] = [{ network: "10.0.0.0", prefix: 8, family: "ipv4" }, { network: "fd00::1", prefix: 128, family: "ipv6" }];
    assert.deepEqual(readConfig({ OUTBOUND_ALLOW_CIDRS: " 10.0.0.0/8,, fd00::1 " }).outboundAllow, wanted);
  });
});
