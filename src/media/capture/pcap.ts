/**
 * The classic pcap format (draft-ietf-opsawg-pcap): RTP and RTCP as decrypted by the server, each in
 * an IPv4 and a UDP header that are made up, so that Wireshark and tcpdump read it as if it had been
 * taken from the network. Pure; `capture.ts` makes a stream of it.
 *
 * Wireshark cannot guess RTP from a port, so kinds and channels have ports of their own:
 * `tshark -d udp.port==5004,rtp -d udp.port==5005,rtcp -r capture.pcap`.
 */
import type { MediaChannel } from "../port.ts";
import { isRtcp } from "../rtp/packet.ts";

/** Which way a packet went, seen from the server. */
export type PacketDirection = "in" | "out";

/** A packet, and what is known of it. */
export type CapturedPacket = {
  /** Milliseconds since the Unix epoch; fractions count. */
  readonly atMs: number;
  readonly channel: MediaChannel;
  readonly direction: PacketDirection;
  /** One RTP or RTCP packet in the clear. */
  readonly bytes: Uint8Array;
};

/** Little-endian, times in microseconds. */
const MAGIC = 0xa1b2c3d4;
/** LINKTYPE_RAW: a record is an IP packet. */
const LINK_TYPE_RAW = 101;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const IPV4_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const HEADER_BYTES = RECORD_HEADER_BYTES + IPV4_HEADER_BYTES + UDP_HEADER_BYTES;
/** The longest that fits into the length of an IPv4 header; what is longer is cut. */
const MAX_PACKET_BYTES = 0xffff - IPV4_HEADER_BYTES - UDP_HEADER_BYTES;
/** Addresses that are nobody's (RFC 5737): the true ones are no business of a capture. */
const SERVER = [192, 0, 2, 1] as const;
const PARTICIPANT = [198, 51, 100, 1] as const;
/** RTP; its RTCP has the next port, as before the two were multiplexed (RFC 3550, section 11). */
const PORTS: Record<MediaChannel, number> = { publisher: 5004, subscriber: 5006 };
const UDP = 17;
const TIME_TO_LIVE = 64;

/** What a file begins with. */
export function pcapFileHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(FILE_HEADER_BYTES));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 0xffff, true);
  view.setUint32(20, LINK_TYPE_RAW, true);
  return new Uint8Array(view.buffer);
}

/** One packet of a file; its bytes are copied. */
export function pcapRecord({ atMs, channel, direction, bytes }: CapturedPacket): Uint8Array {
  const kept = bytes.subarray(0, MAX_PACKET_BYTES);
  const record = new Uint8Array(HEADER_BYTES + kept.length);
  const view = new DataView(record.buffer);
  const microseconds = Math.round(atMs * 1000);
  view.setUint32(0, Math.floor(microseconds / 1e6), true);
  view.setUint32(4, microseconds % 1e6, true);
  view.setUint32(8, record.length - RECORD_HEADER_BYTES, true);
  view.setUint32(12, HEADER_BYTES - RECORD_HEADER_BYTES + bytes.length, true);
  const port = PORTS[channel] + (isRtcp(bytes) ? 1 : 0);
  writeIpv4(view, RECORD_HEADER_BYTES, { direction, length: kept.length });
  writeUdp(view, RECORD_HEADER_BYTES + IPV4_HEADER_BYTES, { port, length: kept.length });
  record.set(kept, HEADER_BYTES);
  return record;
}

/** RFC 791, section 3.1. */
function writeIpv4(
  view: DataView,
  at: number,
  { direction, length }: { direction: PacketDirection; length: number },
): void {
  const [source, target] = direction === "in" ? [PARTICIPANT, SERVER] : [SERVER, PARTICIPANT];
  view.setUint8(at, 0x45);
  view.setUint16(at + 2, IPV4_HEADER_BYTES + UDP_HEADER_BYTES + length);
  view.setUint8(at + 8, TIME_TO_LIVE);
  view.setUint8(at + 9, UDP);
  source.forEach((byte, n) => view.setUint8(at + 12 + n, byte));
  target.forEach((byte, n) => view.setUint8(at + 16 + n, byte));
  view.setUint16(at + 10, checksum(view, at));
}

/** RFC 768; a checksum of 0 is none. */
function writeUdp(
  view: DataView,
  at: number,
  { port, length }: { port: number; length: number },
): void {
  view.setUint16(at, port);
  view.setUint16(at + 2, port);
  view.setUint16(at + 4, UDP_HEADER_BYTES + length);
}

/** Of an IPv4 header whose checksum is still 0 (RFC 1071). */
function checksum(view: DataView, at: number): number {
  let sum = 0;
  for (let n = 0; n < IPV4_HEADER_BYTES; n += 2) sum += view.getUint16(at + n);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
}
