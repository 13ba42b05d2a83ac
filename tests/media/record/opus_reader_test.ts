/** Opus packets, and how long they sound. */
import assert from "node:assert/strict";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import {
  opusDurationMs,
  OpusReader,
  SILENCE,
  SILENCE_MS,
} from "../../../src/media/record/opus_reader.ts";
import { ffmpeg } from "../../support/ffmpeg.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";
import { RecorderFixture } from "./recorder_fixture.ts";

/** RFC 6716, section 3.1: the first byte, what follows, and milliseconds. */
const DURATIONS: readonly [string, number][] = [
  ["00 aa", 10],
  ["08 aa", 20],
  ["10 aa", 40],
  ["18 aa", 60],
  ["60 aa", 10],
  ["68 aa", 20],
  ["80 aa", 2.5],
  ["88 aa", 5],
  ["90 aa", 10],
  ["98 aa", 20],
  ["f8 aa", 20],
  ["f9 aabb", 40],
  ["fa 01aabb", 40],
  ["fb 03aabbcc", 60],
  ["fb 06aa", 120],
  ["fb 07aa", 0],
  ["fb 00aa", 0],
  ["fb", 0],
  ["", 0],
];

Deno.test("opusDurationMs reads each configuration and each way to pack frames", () => {
  for (const [digits, ms] of DURATIONS) {
    const bytes = hex(digits);
    assert.equal(opusDurationMs(bytes, 0, bytes.length), ms, digits);
  }
  assert.equal(opusDurationMs(SILENCE, 0, SILENCE.length), SILENCE_MS);
});

Deno.test("OpusReader takes a packet as it is, and one only", () => {
  const [reader, frame] = [new OpusReader(), new FrameBytes()];
  reader.begin();

  assert.equal(reader.finish(frame), false);
  assert.equal(reader.append(packetOf({ payload: hex("fb07aa") }), frame), false);
  assert.ok(reader.append(packetOf({ payload: hex("f8aabb") }), frame));
  assert.equal(reader.append(packetOf({ payload: hex("f8cc") }), frame), false);

  assert.ok(reader.finish(frame));
  assert.deepEqual(frame.copy(), hex("f8aabb"));
});

Deno.test("SILENCE is silent, and 20 ms long, to a decoder", async () => {
  await using fixture = new RecorderFixture();
  const lane = fixture.begin("alice", "microphone", "opus");
  const packets = Array.from({ length: 50 }, (_, index) => ({
    lane,
    bytes: packetOf({ sequenceNumber: index, timestamp: index * 960, payload: SILENCE }).bytes,
    atMs: index * SILENCE_MS,
  }));

  fixture.feed(packets);
  const index = await fixture.stop();

  const path = fixture.path(index.participants[0]!.files[0]!.name);
  const heard = await ffmpeg(["-i", path, "-af", "volumedetect", "-f", "null", "-"]);
  assert.match(heard, /max_volume: -91\.0 dB/);
  assert.match(heard, /time=00:00:01\.0/);
});
