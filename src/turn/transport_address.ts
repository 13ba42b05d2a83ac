/**
 * An IP address with a port, as STUN writes it (RFC 8489, section 14.2). Pure.
 */
import { isIPv4, isIPv6 } from "node:net";

const IPV4 = 1;
const IPV6 = 2;
/** What an address is mixed with, so that no router on the way rewrites it. */
const MAGIC_COOKIE = [0x21, 0x12, 0xa4, 0x42];

/** Where something is sent. */
export type TransportAddress = { readonly address: string; readonly port: number };

/** The value of an XOR-...-ADDRESS attribute. Throws TypeError for what is no IP address. */
export function writeXorAddress(
  { address, port }: TransportAddress,
  transactionId: Uint8Array,
): Uint8Array {
  const plain = bytesOf(address);
  if (plain === undefined) throw new TypeError(`"${address}" is no IP address`);
  const mask = [...MAGIC_COOKIE, ...transactionId];
  const family = plain.length === 4 ? IPV4 : IPV6;
  const mixed = plain.map((byte, at) => byte ^ mask[at]!); // 16 bytes of mask, 16 at most of address.
  const [high, low] = [(port >> 8) ^ mask[0]!, (port & 0xff) ^ mask[1]!];
  return Uint8Array.of(0, family, high, low, ...mixed);
}

/** Reads one; `other-family` for IPv6, which is not relayed; undefined for what is none. */
export function readXorAddress(
  value: Uint8Array | undefined,
): TransportAddress | "other-family" | undefined {
  if (value?.[1] === IPV6 && value.length === 20) return "other-family";
  if (value === undefined || value[1] !== IPV4 || value.length !== 8) return undefined;
  const [, , high = 0, low = 0, ...address] = value;
  const port = ((high ^ MAGIC_COOKIE[0]!) << 8) | (low ^ MAGIC_COOKIE[1]!);
  return { address: address.map((byte, at) => byte ^ MAGIC_COOKIE[at]!).join("."), port };
}

/** An address without the prefix that sockets of both families put before IPv4. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** The bytes of an address in network order. */
function bytesOf(address: string): number[] | undefined {
  if (isIPv4(address)) return address.split(".").map(Number);
  if (!isIPv6(address)) return undefined;
  // The URL parser writes the last 32 bits as groups too.
  const canonical = new URL(`http://[${address.replace(/%.*$/, "")}]/`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((part) => parseInt(part, 16));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array(zeros).fill(0), ...last].flatMap((
    group,
  ) => [group >> 8, group & 0xff]);
}
