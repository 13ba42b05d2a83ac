/** RTCP messages as bytes, and back. */
import assert from "node:assert/strict";
import {
  joinRtcp,
  readRtcp,
  writeBitrateEstimate,
  writeFullIntraRequest,
  writeGoodbye,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
  writeSenderReport,
  writeSourceDescription,
} from "../../../src/media/rtp/rtcp.ts";
import { hex } from "./hex.ts";

const BLOCK = {
  ssrc: 10,
  fractionLost: 0.25,
  packetsLost: -2,
  highestSequenceNumber: 0x10002,
  jitter: 3,
  lastSenderReport: 0xb7052000,
  delaySinceLastSenderReport: 65_536,
};
const SENDER = {
  ssrc: 0xfedcba98,
  ntpHigh: 0xb44db705,
  ntpLow: 0x20000000,
  rtpTimestamp: 0x89abcdef,
  packetCount: 7,
  octetCount: 1_024,
};

Deno.test("each writer of reports writes the bytes of RFC 3550", () => {
  const table: Record<string, readonly [Uint8Array, string]> = {
    "a sender report": [
      writeSenderReport({ ...SENDER, reports: [] }),
      "80c80006 fedcba98 b44db705 20000000 89abcdef 00000007 00000400",
    ],
    "a receiver report": [
      writeReceiverReport(1, [BLOCK]),
      "81c90007 00000001 0000000a 40fffffe 00010002 00000003 b7052000 00010000",
    ],
    "a source description": [
      writeSourceDescription(1, "abc"),
      "81ca0003 00000001 0103616263 000000",
    ],
    "a source description that ends with a word": [
      writeSourceDescription(1, "a"),
      "81ca0002 00000001 010161 00",
    ],
    "a source description of one word more": [
      writeSourceDescription(1, "ab"),
      "81ca0003 00000001 01026162 00000000",
    ],
    "a goodbye": [writeGoodbye([1, 2]), "82cb0002 00000001 00000002"],
  };

  for (const [what, [bytes, expected]] of Object.entries(table)) {
    assert.deepEqual(bytes, hex(expected), what);
  }
});

Deno.test("a compound of everything reads back as it was written", () => {
  const compound = joinRtcp(
    writeSenderReport({ ...SENDER, reports: [BLOCK, { ...BLOCK, ssrc: 11 }] }),
    writeReceiverReport(1, []),
    writeSourceDescription(1, "stream é"),
    writeNack(1, 2, [5, 9, 70]),
    writePictureLoss(3, 4),
    writeFullIntraRequest(1, [10], 255),
    writeBitrateEstimate(1, 2_500_000, [10, 11]),
    writeGoodbye([9]),
  );

  assert.deepEqual(readRtcp(compound), [
    { type: "sender-report", ...SENDER, reports: [BLOCK, { ...BLOCK, ssrc: 11 }] },
    { type: "receiver-report", ssrc: 1, reports: [] },
    { type: "source-description", chunks: [{ ssrc: 1, cname: "stream é" }] },
    { type: "nack", senderSsrc: 1, mediaSsrc: 2, sequenceNumbers: [5, 9, 70] },
    { type: "picture-loss", senderSsrc: 3, mediaSsrc: 4 },
    { type: "full-intra-request", ssrcs: [10] },
    { type: "bitrate-estimate", bitrate: 2_500_000, ssrcs: [10, 11] },
    { type: "goodbye", ssrcs: [9] },
  ]);
});

Deno.test("reports hold numbers to what their fields take", () => {
  const table = [
    [{ fractionLost: 1, packetsLost: 2 ** 30 }, { fractionLost: 255 / 256, packetsLost: 0x7fffff }],
    [{ fractionLost: -1, packetsLost: -(2 ** 30) }, { fractionLost: 0, packetsLost: -0x800000 }],
  ];

  for (const [given, expected] of table) {
    const [message] = readRtcp(writeReceiverReport(1, [{ ...BLOCK, ...given }]));
    assert.deepEqual(message, {
      type: "receiver-report",
      ssrc: 1,
      reports: [{ ...BLOCK, ...expected }],
    });
  }
});

Deno.test("what the count of a header cannot say is left out, and the rest can be read", () => {
  const many = Array.from({ length: 300 }, (_, index) => index);
  const blocks = many.map((ssrc) => ({ ...BLOCK, ssrc }));

  const messages = readRtcp(joinRtcp(
    writeSenderReport({ ...SENDER, reports: blocks }),
    writeReceiverReport(1, blocks),
    writeGoodbye(many),
  ));

  const counts = messages.map((message) =>
    "reports" in message ? message.reports.length : "ssrcs" in message ? message.ssrcs.length : -1
  );
  assert.deepEqual(counts, [31, 31, 31]);
});

Deno.test("writeSourceDescription takes 255 bytes of a name, and refuses more", () => {
  const [message] = readRtcp(writeSourceDescription(1, "x".repeat(255)));

  assert.ok(message?.type === "source-description");
  assert.equal(message.chunks[0]?.cname, "x".repeat(255));
  assert.throws(() => writeSourceDescription(1, "é".repeat(128)), RangeError);
});
