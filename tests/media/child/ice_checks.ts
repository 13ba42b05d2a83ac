/** ICE checks as Chromium sends them, byte by byte, for the tests of what reads them. */
import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";

/** What a check is made of. */
export type CheckOptions = {
  readonly username: string;
  readonly password: string;
  /** Default zero. */
  readonly tieBreaker?: bigint;
  /** Default ICE-CONTROLLING. */
  readonly role?: number;
};

/** Writes a check, signed and with a fingerprint. */
export function iceCheck(
  { username, password, tieBreaker = 0n, role = 0x802a }: CheckOptions,
): Uint8Array {
  const name = new TextEncoder().encode(username);
  const parts = [
    attribute(0x0006, name),
    attribute(0xc057, new Uint8Array([0, 2, 0, 0])), // GOOG-NETWORK-INFO
    attribute(role, bytesOf(tieBreaker)),
    attribute(0x0025, new Uint8Array()), // USE-CANDIDATE
    attribute(0x0024, new Uint8Array([0x6e, 0x7f, 0x1e, 0xff])), // PRIORITY
  ];
  const before = joined(header(sizeOf(parts) + 24), ...parts);
  const integrity = attribute(0x0008, createHmac("sha1", password).update(before).digest());
  const body = joined(header(sizeOf(parts) + 32), ...parts, integrity);
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, (crc32(body) ^ 0x5354554e) >>> 0);
  return joined(body, attribute(0x8028, checksum));
}

/** The tie-breaker of a check, wherever it stands. */
export function tieBreakerOf(check: Uint8Array): bigint {
  const view = new DataView(check.buffer, check.byteOffset, check.byteLength);
  for (let at = 20; at < check.length;) {
    const [type, length] = [view.getUint16(at), view.getUint16(at + 2)];
    if (type === 0x8029 || type === 0x802a) return view.getBigUint64(at + 4);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  throw new Error("No tie-breaker");
}

function header(length: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x0001);
  view.setUint16(2, length);
  view.setUint32(4, 0x2112a442);
  bytes.set(Array.from({ length: 12 }, (_, index) => index + 1), 8);
  return bytes;
}

function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + Math.ceil(value.length / 4) * 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type);
  view.setUint16(2, value.length);
  bytes.set(value, 4);
  return bytes;
}

function bytesOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, { length }) => size + length, 0);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
