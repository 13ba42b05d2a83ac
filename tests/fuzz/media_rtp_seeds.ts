/** Valid packets of every kind, for the fuzz test of RTP and RTCP to break. */
import { buildRtpPacket } from "../../src/media/rtp/packet.ts";
import {
  writeBitrateEstimate,
  writeFullIntraRequest,
  writeGoodbye,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
  writeSourceDescription,
} from "../../src/media/rtp/rtcp.ts";
import { TransportFeedback } from "../../src/media/rtp/transport_feedback.ts";
import {
  BROWSER_IDS,
  BROWSER_PACKETS,
  BROWSER_REPORT,
  BROWSER_STRUCTURE,
} from "../media/rtp/browser_packets.ts";
import { hex } from "../media/rtp/hex.ts";

/** Each codec, both forms of extensions, padding and contributing sources. */
export function rtpSeeds(): Uint8Array[] {
  const built = [
    buildRtpPacket({ ...FIELDS, payload: hex("10 02 00 9d 01 2a 80 02 68 01"), paddingBytes: 9 }),
    buildRtpPacket({
      ...FIELDS,
      extensions: [
        { id: 200, bytes: hex("aabb") },
        { id: BROWSER_IDS.dependencyDescriptor, bytes: BROWSER_STRUCTURE },
        { id: BROWSER_IDS.mid, bytes: new TextEncoder().encode("screen-sound-1") },
      ],
      payload: hex("7c 87 42c01f8c8d405017fcb37010d0107844235000"),
    }),
    // A VP9 descriptor with everything, and an AV1 sequence header behind a length.
    buildRtpPacket({
      ...FIELDS,
      payload: hex("ee 92 34 a4 07 38 0140 00b4 0280 0168 03 00 04 01 0c 01 02 03 82 49 83 42 00"),
    }),
    buildRtpPacket({ ...FIELDS, payload: hex("08 0d 0a0b0000002d4cffb3ccaf9004 02 3000") }),
    hex("93 60 1234 89abcdef fedcba98 00000001 00000002 00000003 bede0001 10aa31bb 10 00 11"),
  ];
  return [...Object.values(BROWSER_PACKETS), ...built];
}

/** Each message that we read, and some that we do not. */
export function rtcpSeeds(): Uint8Array[] {
  const block = {
    ssrc: 10,
    fractionLost: 0.25,
    packetsLost: -2,
    highestSequenceNumber: 0x10002,
    jitter: 3,
    lastSenderReport: 0xb7052000,
    delaySinceLastSenderReport: 65_536,
  };
  const feedback = new TransportFeedback();
  for (let number = 0; number < 60; number++) {
    // Missing ones, small differences and large ones.
    if (number % 5 !== 3) feedback.received(number * (number > 40 ? 3 : 1), number * number);
  }
  return [
    BROWSER_REPORT,
    feedback.build(1, 2) ?? hex(""),
    // Runs of nothing.
    hex("8fcd0006 00000001 00000002 0007 0400 000001 09 0300 0100 0000 0000"),
    writeReceiverReport(1, [block, block]),
    writeSourceDescription(7, "a-name"),
    writeNack(1, 2, [5, 9, 70, 65_535]),
    writePictureLoss(3, 4),
    writeFullIntraRequest(1, [10, 11], 3),
    writeBitrateEstimate(1, 2_500_000, [10, 11]),
    writeGoodbye([9, 10]),
    // Padding, an application's own message, extended reports.
    hex("a1cd0004 00000001 00000002 00050000 00000004"),
    hex("80cc0002 00000001 41424344 80cf0001 00000001"),
  ];
}

const FIELDS = { payloadType: 96, sequenceNumber: 65_535, timestamp: 7, ssrc: 0xfedcba98 };
