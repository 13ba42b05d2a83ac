/**
 * Where a socket comes from, and what of that tells one client from another. The listener passes a
 * {@linkcode ClientOrigin} to the hub; bans and throttles ask for the network of its address.
 */

import type { Claims } from "./token.ts";

/** What the listener knows of a socket. */
export type ClientOrigin = {
  /** The client's IP address. Default unknown: all such clients share one throttle, and no ban. */
  readonly address?: string | undefined;
  /** What the token of the upgrade says. Default none: the server demands none. */
  readonly claims?: Claims | undefined;
};

/** The network that stands for all clients whose address is not known. */
export const UNKNOWN_NETWORK = "unknown";

/**
 * The network of an address: an IPv4 address by itself, the first 64 bits of an IPv6 one, because
 * whoever has one of them has all (RFC 6177).
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined || address === "") return UNKNOWN_NETWORK;
  const mapped = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return UNKNOWN_NETWORK;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/**
 * Addresses that may be a proxy's, and so everybody's: this machine's, and those of private networks
 * (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291).
 */
const NOT_PUBLIC =
  /^(0|10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[789]\d|1[01]\d|12[0-7]))\.|^f[cd][\da-f]{2}:|^fe[89ab][\da-f]:|^0:0:0:0::/;

/** The network that a ban may hold against: a public one, or none. */
export function bannedNetwork(address: string | undefined): string | undefined {
  const network = networkOf(address);
  return network === UNKNOWN_NETWORK || NOT_PUBLIC.test(network) ? undefined : network;
}

/** The first 64 bits of ::1. */
const LOOPBACK_IPV6 = "0:0:0:0::/64";

/**
 * What of a network is counted: nothing of this machine's own, where a proxy or the harness stands,
 * and nothing of one that is not known.
 */
export function countedNetwork(network: string): string | undefined {
  const isOwn = network.startsWith("127.") || network === LOOPBACK_IPV6;
  return isOwn || network === UNKNOWN_NETWORK ? undefined : network;
}
