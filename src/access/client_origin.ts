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
 * The network that a ban may hold against: none of an unknown address or of this machine, for behind
 * a proxy that is everybody.
 */
export function bannedNetwork(address: string | undefined): string | undefined {
  const network = networkOf(address);
  const isEverybody = network === UNKNOWN_NETWORK || network.startsWith("127.") ||
    network === "0:0:0:0::/64";
  return isEverybody ? undefined : network;
}
