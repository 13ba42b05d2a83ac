/** Bytes as the RFCs and captures show them, for the tests of this folder. */
import { RtpPacket } from "../../../src/media/rtp/packet.ts";

/** The bytes of hexadecimal digits; blanks are no matter. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.replaceAll(/\s/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** The bytes of binary digits, filled up with zeros at the end. */
export function bits(digits: string): Uint8Array {
  const packed = digits.replaceAll(/\s/g, "");
  const octets = packed.padEnd(Math.ceil(packed.length / 8) * 8, "0").match(/.{8}/g) ?? [];
  return Uint8Array.from(octets, (octet) => Number.parseInt(octet, 2));
}

/** A packet that was read, with nothing but `payload`. */
export function packetWith(payload: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  const bytes = new Uint8Array([...hex("80 60 0001 00000001 00000001"), ...payload]);
  if (!packet.read(bytes)) throw new TypeError("the packet of the test cannot be read");
  return packet;
}
