/** Feedback messages as bytes, and back. */
import assert from "node:assert/strict";
import {
  readRtcp,
  writeBitrateEstimate,
  writeFullIntraRequest,
  writeNack,
  writePictureLoss,
} from "../../../src/media/rtp/rtcp.ts";
import { hex } from "./hex.ts";

Deno.test("each writer of feedback writes the bytes of its RFC", () => {
  const table: Record<string, readonly [Uint8Array, string]> = {
    "a nack": [
      writeNack(1, 2, [100, 101, 116, 117, 65_535, 0, 15, 16]),
      "81cd0006 00000001 00000002 0064 8001 0075 0000 ffff 8001 0010 0000",
    ],
    "a picture loss": [writePictureLoss(1, 2), "81ce0002 00000001 00000002"],
    "a full intra request": [
      writeFullIntraRequest(1, [10, 11], 7),
      "84ce0006 00000001 00000000 0000000a 07000000 0000000b 07000000",
    ],
    "a bitrate estimate": [
      writeBitrateEstimate(1, 1_048_576, [10]),
      "8fce0005 00000001 00000000 52454d42 01 0e0000 0000000a",
    ],
  };

  for (const [what, [bytes, expected]] of Object.entries(table)) {
    assert.deepEqual(bytes, hex(expected), what);
  }
});

Deno.test("writeNack names each packet once, whatever their order", () => {
  const table = [[], [5], [5, 5, 5], [9, 8, 7], [65_535, 0], [1, 18, 35, 2]];

  for (const numbers of table) {
    const [message] = readRtcp(writeNack(1, 2, numbers));
    assert.ok(message?.type === "nack");
    assert.deepEqual(new Set(message.sequenceNumbers), new Set(numbers));
  }
});

Deno.test("writeBitrateEstimate rounds down, and takes any number", () => {
  const table = [
    [0, 0],
    [-5, 0],
    [0x3ffff, 0x3ffff],
    [0x40001, 0x40000],
    [2_500_001, 2_500_000],
    [Infinity, 0x3ffff * 2 ** 63],
  ] as const;

  for (const [bitrate, expected] of table) {
    const [message] = readRtcp(writeBitrateEstimate(1, bitrate, []));
    assert.deepEqual(message, { type: "bitrate-estimate", bitrate: expected, ssrcs: [] });
  }
});

Deno.test("writeBitrateEstimate leaves streams out that its count cannot say", () => {
  const many = Array.from({ length: 300 }, (_, index) => index);

  const [message, ...more] = readRtcp(writeBitrateEstimate(1, 1, many));

  assert.deepEqual(more, []);
  assert.deepEqual(message, { type: "bitrate-estimate", bitrate: 1, ssrcs: many.slice(0, 255) });
});
