/**
 * Which addresses a tenant's proxy may have: public ones, and those of OUTBOUND_ALLOW_CIDRS. Control has looked where the
 * name leads when the proxy was set; here it is looked at again by whoever dials, at each connection, because a name can
 * lead elsewhere a moment later, and a proxy that is Redis or the cloud's metadata service gets to hear what the tenant wrote
 * into its address. Sources of the list: the IANA special-purpose registries; control/egress/addresses.py has the same rule.
 */
import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";
import type { AllowedNetwork } from "../config.js";

const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ...([["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12]] as const),
  ...([["192.0.0.0", 24], ["192.0.2.0", 24], ["192.88.99.0", 24], ["192.168.0.0", 16], ["198.18.0.0", 15]] as const),
  ...([["198.51.100.0", 24], ["203.0.113.0", 24], ["224.0.0.0", 4], ["240.0.0.0", 4]] as const),
];

/** All that is not global unicast, and what of that leads back to IPv4 or to nowhere. */
const SPECIAL_IPV6: readonly (readonly [string, number])[] = [
  ...([["::", 3], ["4000::", 2], ["8000::", 1]] as const),
  ...([["2001::", 23], ["2001:db8::", 32], ["2002::", 16], ["3fff::", 20]] as const),
];

/** The proxy is where none may be. Its message is the same for all: which internal addresses exist is nobody's business. */
export class ProxyRefused extends Error {
  constructor() {
    super("the proxy is at an address that may not be reached from here");
    this.name = "ProxyRefused";
  }
}

/** A list for each family: to one list, IPv4 is a part of IPv6 and in every network that holds ::ffff:0:0/96. */
type Lists = Readonly<Record<"ipv4" | "ipv6", BlockList>>;

function lists(networks: readonly AllowedNetwork[]): Lists {
  const made = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { network, prefix, family } of networks) made[family].addSubnet(network, prefix, family);
  return made;
}

const SPECIAL = lists([
  ...SPECIAL_IPV4.map(([network, prefix]) => ({ network, prefix, family: "ipv4" }) as const),
  ...SPECIAL_IPV6.map(([network, prefix]) => ({ network, prefix, family: "ipv6" }) as const),
]);

export class ProxyGuard {
  readonly #allowed: Lists;

  constructor(allowed: readonly AllowedNetwork[]) {
    this.#allowed = lists(allowed);
  }

  /** @throws ProxyRefused for the address of a proxy, when that is numeric and not one to be reached. */
  check(url: string): void {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && this.#refuses(host)) throw new ProxyRefused();
  }

  /** Finds a name's addresses for whoever connects to it; refuses when one of them may not be reached. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, "", 0);
        return;
      }
      const [first] = found;
      if (first === undefined || found.some(({ address }) => this.#refuses(address))) callback(new ProxyRefused(), "", 0);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };

  #refuses(given: string): boolean {
    const address = plain(given);
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (this.#allowed[family].check(address, family)) return false;
    return SPECIAL[family].check(address, family) || isOwn(address);
  }
}

/** Without a zone, and IPv4 inside IPv6 as what it is. */
function plain(address: string): string {
  const bare = address.split("%", 1)[0] ?? "";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const words = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(bare);
  if (words === null) return bare;
  const [high, low] = [words[1], words[2]].map((word) => Number.parseInt(word ?? "", 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Ports of this machine may be closed to the outside and open to itself. */
function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some((own) => own.address === address));
}
