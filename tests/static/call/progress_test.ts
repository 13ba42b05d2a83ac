/** What tells whether a track plays. */
import assert from "node:assert/strict";
import { progressOf, readCounters } from "../../../static/call/progress.ts";
import type { Slot } from "../../../static/call/transport.ts";

const STATS = new Map<string, unknown>([
  ["a", { type: "inbound-rtp", mid: "0", packetsReceived: 50 }],
  ["v", {
    type: "inbound-rtp",
    mid: "1",
    framesDecoded: 7,
    keyFramesDecoded: 2,
    packetsReceived: 9,
  }],
  ["o", { type: "outbound-rtp", mid: "1", framesEncoded: 99 }],
  ["t", { type: "transport" }],
]);

Deno.test("readCounters reads what comes in, and 0 for what a browser leaves out", () => {
  assert.deepEqual([...readCounters(STATS)], [
    ["0", { packets: 50, frames: 0, keyFrames: 0 }],
    ["1", { packets: 9, frames: 7, keyFrames: 2 }],
  ]);
  assert.equal(readCounters(new Map([["x", null]])).size, 0);
});

Deno.test("progressOf counts packets of sound and pictures, of the slots that are there", () => {
  const slots = new Map<string, Slot>([
    ...([["0", "microphone"], ["1", "camera"], ["2", "screen"]] as const),
  ]);

  assert.deepEqual(progressOf(readCounters(STATS), slots), { microphone: 50, camera: 7 });
});
