/** Compound RTCP packets, of hand-made bytes. */
import assert from "node:assert/strict";
import { readRtcp } from "../../../src/media/rtp/rtcp.ts";
import { hex } from "./hex.ts";

const BLOCK = "0000000a 40fffffe 00010002 00000003 b7052000 00010000";
const BLOCK_VALUE = {
  ssrc: 10,
  fractionLost: 0.25,
  packetsLost: -2,
  highestSequenceNumber: 0x10002,
  jitter: 3,
  lastSenderReport: 0xb7052000,
  delaySinceLastSenderReport: 65_536,
};
const SENDER = "80c80006 fedcba98 b44db705 20000000 89abcdef 00000007 00000400";
const PICTURE_LOSS = "81ce0002 00000001 00000002";

Deno.test("readRtcp reads a sender report with its blocks", () => {
  const head = SENDER.replace("80c80006", "81c8000c");

  assert.deepEqual(readRtcp(hex(`${head} ${BLOCK}`)), [{
    type: "sender-report",
    ssrc: 0xfedcba98,
    ntpHigh: 0xb44db705,
    ntpLow: 0x20000000,
    rtpTimestamp: 0x89abcdef,
    packetCount: 7,
    octetCount: 1_024,
    reports: [BLOCK_VALUE],
  }]);
});

Deno.test("readRtcp reads a receiver report, and passes over its profile's extension", () => {
  const report = { type: "receiver-report", ssrc: 1, reports: [BLOCK_VALUE] };

  assert.deepEqual(readRtcp(hex(`81c90007 00000001 ${BLOCK}`)), [report]);
  assert.deepEqual(readRtcp(hex(`81c90008 00000001 ${BLOCK} aabbccdd`)), [report]);
  assert.deepEqual(readRtcp(hex("80c90001 00000001")), [{ ...report, reports: [] }]);
});

Deno.test("readRtcp reads source descriptions, and of their items the CNAME", () => {
  // Two chunks; the first one has a NAME ahead of its CNAME and ends at a whole word.
  const first = "00000001 02027878 0103616263 000000";
  const second = "00000002 0101c3 00";

  assert.deepEqual(readRtcp(hex(`82ca0006 ${first} ${second}`)), [{
    type: "source-description",
    chunks: [{ ssrc: 1, cname: "abc" }, { ssrc: 2, cname: "\uFFFD" }],
  }]);
  assert.deepEqual(readRtcp(hex("81ca0002 00000001 00000000")), [
    { type: "source-description", chunks: [{ ssrc: 1, cname: "" }] },
  ]);
});

Deno.test("readRtcp reads a goodbye, with or without a reason", () => {
  const goodbye = { type: "goodbye", ssrcs: [1, 0xffffffff] };

  assert.deepEqual(readRtcp(hex("82cb0002 00000001 ffffffff")), [goodbye]);
  assert.deepEqual(readRtcp(hex("82cb0003 00000001 ffffffff 03627965")), [goodbye]);
  assert.deepEqual(readRtcp(hex("80cb0000")), [{ type: "goodbye", ssrcs: [] }]);
});

Deno.test("readRtcp reads a compound in its order, and passes over what it does not know", () => {
  const application = "80cc0002 00000001 41424344";
  const extendedReport = "80cf0001 00000001";
  const otherFeedback = "83cd0002 00000001 00000002";

  const messages = readRtcp(
    hex(`80c90001 00000001 ${application} ${extendedReport} ${otherFeedback} ${PICTURE_LOSS}`),
  );

  assert.deepEqual(messages.map(({ type }) => type), ["receiver-report", "picture-loss"]);
});

Deno.test("readRtcp takes padding off the last message", () => {
  const [message, ...more] = readRtcp(hex("a1cd0004 00000001 00000002 00050000 00000004"));

  assert.deepEqual(more, []);
  assert.deepEqual(message, {
    type: "nack",
    senderSsrc: 1,
    mediaSsrc: 2,
    sequenceNumbers: [5],
  });
});

Deno.test("readRtcp keeps what stands before the fault, and nothing behind it", () => {
  const table: Record<string, string> = {
    "another version": "41ce0002 00000001 00000002",
    "padding of the whole message": "a1ce0002 00000001 0000000c",
    "a report that says more blocks than it has": `81c90001 00000001`,
    "a sender report without its counts": "80c80004 00000001 00000002 00000003 00000004",
    "a receiver report without a sender": "80c90000",
    "a chunk without a name": "81ca0000",
    "a chunk without its end": "81ca0002 00000001 01026162",
    "an item longer than the message": "81ca0002 00000001 01ff6162",
    "chunks that are not there": "82ca0002 00000001 00000000",
    "a goodbye that says more streams than it has": "82cb0001 00000001",
    "feedback without its SSRCs": "81ce0001 00000001",
    "transport feedback without its SSRCs": "81cd0001 00000001",
  };

  for (const [what, digits] of Object.entries(table)) {
    const messages = readRtcp(hex(`${PICTURE_LOSS} ${digits} ${PICTURE_LOSS}`));
    assert.deepEqual(messages.map(({ type }) => type), ["picture-loss"], what);
  }
  for (const cut of ["81ce00", "81ce0003 00000001 00000002"]) {
    assert.equal(readRtcp(hex(`${PICTURE_LOSS} ${cut}`)).length, 1, cut);
  }
  assert.deepEqual(readRtcp(hex("")), []);
});

Deno.test("readRtcp keeps what a compound can tell of packets within bounds", () => {
  // One run of 8,191 packets that did not arrive takes 24 bytes.
  const run = "8fcd0005 00000001 00000002 0000 1fff 000000 00 1fff 0000";
  const tooMany = "8fcd0005 00000001 00000002 0000 ffff 000000 00 1fff 1fff";

  const messages = readRtcp(hex(`${run} ${run} ${PICTURE_LOSS}`));

  assert.deepEqual(messages.map(({ type }) => type), ["transport-feedback"]);
  assert.deepEqual(readRtcp(hex(tooMany)), []);
});
