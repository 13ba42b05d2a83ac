/** Feedback messages, of hand-made bytes. */
import assert from "node:assert/strict";
import {
  readPayloadFeedback,
  readTransportLayerFeedback,
} from "../../../src/media/rtp/rtcp_feedback_reading.ts";
import { hex } from "./hex.ts";

Deno.test("readTransportLayerFeedback reads a nack: a number and the 16 that follow it", () => {
  const bytes = hex("81cd0004 00000001 fedcba98 0064 8001 fffe 0006");

  assert.deepEqual(readTransportLayerFeedback(bytes, 1, 0), {
    type: "nack",
    senderSsrc: 1,
    mediaSsrc: 0xfedcba98,
    sequenceNumbers: [100, 101, 116, 65_534, 0, 1],
  });
});

Deno.test("readTransportLayerFeedback reads transport feedback within the bound it is given", () => {
  const bytes = hex("8fcd0005 00000001 00000002 0007 0001 000000 00 2001 04 00");

  const message = readTransportLayerFeedback(bytes, 15, 1);

  assert.ok(typeof message === "object" && message.type === "transport-feedback");
  assert.deepEqual(message.packets, [{ sequenceNumber: 7, receivedAtMs: 1 }]);
  assert.equal(readTransportLayerFeedback(bytes, 15, 0), "broken");
});

Deno.test("readPayloadFeedback reads requests for key frames", () => {
  assert.deepEqual(readPayloadFeedback(hex("81ce0002 00000001 00000002"), 1), {
    type: "picture-loss",
    senderSsrc: 1,
    mediaSsrc: 2,
  });
  const two = hex("84ce0006 00000001 00000000 0000000a 07000000 0000000b 08000000");
  assert.deepEqual(readPayloadFeedback(two, 4), { type: "full-intra-request", ssrcs: [10, 11] });
});

Deno.test("readPayloadFeedback reads a bitrate estimate: 18 bits, times a power of two", () => {
  const table = [
    // 3 in the exponent, 0x20000 in the mantissa.
    ["0e 0000", 0x20000 * 8],
    ["03 ffff", 0x3ffff],
    ["00 0000", 0],
    ["ff ffff", 0x3ffff * 2 ** 63],
  ] as const;

  for (const [digits, bitrate] of table) {
    const bytes = hex(`8fce0006 00000001 00000000 52454d42 02 ${digits} 0000000a 0000000b`);
    assert.deepEqual(readPayloadFeedback(bytes, 15), {
      type: "bitrate-estimate",
      bitrate,
      ssrcs: [10, 11],
    });
  }
});

Deno.test("feedback that is broken or not known is called so", () => {
  const head = "00000001 00000002";

  assert.equal(readTransportLayerFeedback(hex("81cd0001 00000001"), 1, 9), "broken");
  assert.equal(readTransportLayerFeedback(hex(`83cd0002 ${head}`), 3, 9), "unknown");
  assert.equal(readTransportLayerFeedback(hex(`8fcd0002 ${head}`), 15, 9), "broken");
  assert.equal(readPayloadFeedback(hex("81ce0001 00000001"), 1), "broken");
  assert.equal(readPayloadFeedback(hex(`83ce0002 ${head}`), 3), "unknown");
  assert.equal(readPayloadFeedback(hex(`8fce0003 ${head} 41424344`), 15), "unknown");
  assert.equal(readPayloadFeedback(hex(`8fce0004 ${head} 52454d42 01000000`), 15), "broken");
});
