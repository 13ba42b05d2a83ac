/**
 * Whose connection it is: the address of the peer, or, where the peer is a proxy that is trusted, the
 * one that its `X-Forwarded-For` names. The door of the socket and the listener count by it.
 */
import { BlockList, isIP } from "node:net";

/** Groups of an IPv6 address that name the network: a customer usually holds a whole /64. */
const NETWORK_GROUPS = 4;
/** Every IPv4 address can be written as IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The proxies whose word about a client's address is taken. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** Trusts these addresses and networks, such as `10.0.0.0/8`; throws RangeError for any other. */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = "", bits] = proxy.split("/");
      const family = familyOf(address);
      if (family === undefined) throw new RangeError(`"${proxy}" is no address and no network`);
      const longest = family === "ipv4" ? 32 : 128;
      const prefix = bits === undefined ? longest : Number(bits);
      if (!/^\d*$/.test(bits ?? "") || bits === "" || prefix > longest) {
        throw new RangeError(`"${proxy}" is no network`);
      }
      this.#list.addSubnet(address, prefix, family);
    }
  }

  /** Is `address` that of a trusted proxy? */
  has(address: string): boolean {
    const plain = withoutMapping(address);
    const family = familyOf(plain);
    return family !== undefined && this.#list.check(plain, family);
  }

  /**
   * The client behind `peer`: each trusted hop vouches for the one that it names, so the right-most
   * hop that is not trusted is the client. What stands left of it may be made up.
   */
  clientOf(peer: string, forwardedFor: string | null): string {
    let client = withoutMapping(peer);
    const hops = (forwardedFor ?? "").split(",").map(readHop);
    while (this.has(client)) {
      const hop = hops.pop();
      if (hop === undefined) break;
      client = hop;
    }
    return client;
  }
}

/**
 * What connections are counted by: the address, or the /64 of an IPv6 one. `undefined` for this
 * machine itself, which is not counted: a proxy or the harness stands there.
 */
export function addressKey(address: string): string | undefined {
  const plain = withoutMapping(address);
  if (isIP(plain) === 4) return plain.startsWith("127.") ? undefined : plain;
  if (isIP(plain) !== 6) return plain;
  const groups = expand(plain);
  if (groups.join(":") === "0:0:0:0:0:0:0:1") return undefined;
  return `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
}

/** One entry of the header: an address, perhaps with a port, perhaps in brackets. */
function readHop(text: string): string | undefined {
  const hop = text.trim().replace(/^"(.*)"$/, "$1");
  const bare = /^\[([^\]]+)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? undefined : withoutMapping(bare);
}

function withoutMapping(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right];
}

function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [parseInt(group, 16).toString(16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
  });
}
