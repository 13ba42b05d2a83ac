/** Packets of single payloads, for the tests of what puts frames together. */
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { RtpExtension } from "../../../src/media/rtp/packet.ts";

/** What a packet is made of; the defaults serve where they are no matter. */
export type PacketOptions = {
  readonly sequenceNumber?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly marker?: boolean;
  readonly payload?: Uint8Array;
  readonly extensions?: readonly RtpExtension[];
  readonly paddingBytes?: number;
};

/** A packet that was read. */
export function packetOf(options: PacketOptions = {}): RtpPacket {
  const packet = new RtpPacket();
  const bytes = buildRtpPacket({
    payloadType: 96,
    sequenceNumber: 1,
    timestamp: 1,
    ssrc: 1,
    payload: Uint8Array.of(0),
    ...options,
  });
  if (!packet.read(bytes)) throw new TypeError("the packet of the test cannot be read");
  return packet;
}
