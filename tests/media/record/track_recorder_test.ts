/** From a track's packets to its frames. */
import assert from "node:assert/strict";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { MAX_WAIT_MS } from "../../../src/media/record/reorder_buffer.ts";
import { PublisherClock } from "../../../src/media/record/stream_clock.ts";
import {
  KEY_FRAME_PERIOD_MS,
  KEY_FRAME_RETRY_MS,
  TrackRecorder,
} from "../../../src/media/record/track_recorder.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";

const KEY = "10 000000 9d012a 1000 1000";
const DELTA = "10 01";

/** Frames as they came, by where they lie on the time line. */
function makeTrack(codec: CodecName = "VP8") {
  const placed: number[] = [];
  let asked = 0;
  const recorder = new TrackRecorder({
    codec,
    publisher: new PublisherClock(),
    orientationId: 0,
    onFrame: (frame, clock) => placed.push(clock.place(frame.rtpTimestamp, frame.arrivedAtMs)),
    requestKeyFrame: () => asked++,
  });
  let sequenceNumber = 0;
  /** A whole frame that was taken at `atMs`, `delayMs` before it comes. */
  const push = (atMs: number, payload: string, { ssrc = 1, delayMs = 0, skipped = 0 } = {}) => {
    sequenceNumber += 1 + skipped;
    const timestamp = atMs * (codec === "opus" ? 48 : 90);
    const marker = codec !== "opus";
    const packet = packetOf({ sequenceNumber, timestamp, ssrc, marker, payload: hex(payload) });
    recorder.packet(packet, atMs + delayMs);
  };
  return { recorder, placed, push, asked: () => asked };
}

Deno.test("TrackRecorder asks for key frames while it has none, not with every packet", () => {
  const { push, asked, placed } = makeTrack();

  push(0, DELTA);
  push(40, DELTA);
  assert.equal(asked(), 1);
  push(KEY_FRAME_RETRY_MS, DELTA);
  assert.equal(asked(), 2);
  push(KEY_FRAME_RETRY_MS * 2, KEY);

  assert.equal(asked(), 2);
  assert.deepEqual(placed, [KEY_FRAME_RETRY_MS * 2]);
});

Deno.test("TrackRecorder asks for a key frame every few seconds, of one who sends", () => {
  const { recorder, push, asked } = makeTrack();
  push(0, KEY);

  for (let ms = 0; ms <= 3 * KEY_FRAME_PERIOD_MS; ms += 250) {
    push(ms + 1, DELTA);
    recorder.tick(ms);
  }
  assert.equal(asked(), 4);
  for (let ms = 4 * KEY_FRAME_PERIOD_MS + 1; ms < 60_000; ms += 250) recorder.tick(ms);

  assert.equal(asked(), 4);
});

Deno.test("TrackRecorder asks for no key frame of a sound", () => {
  const { recorder, push, asked, placed } = makeTrack("opus");

  push(0, "f8 aa");
  push(20, "f8 aa", { skipped: 1 });
  recorder.tick(KEY_FRAME_PERIOD_MS);
  recorder.skipToKeyFrame(KEY_FRAME_PERIOD_MS);

  assert.equal(asked(), 0);
  recorder.end(KEY_FRAME_PERIOD_MS);
  assert.deepEqual(placed, [0, 20]);
});

Deno.test("TrackRecorder gives up on lost packets by the time, and asks for a key frame", () => {
  const { recorder, push, asked, placed } = makeTrack();
  push(0, KEY);
  recorder.tick(0);
  const before = asked();

  push(40, DELTA, { skipped: 1 });
  recorder.tick(40 + MAX_WAIT_MS);
  push(80 + MAX_WAIT_MS, DELTA);

  assert.equal(asked(), before + 1);
  push(120 + MAX_WAIT_MS, KEY);
  assert.deepEqual(placed, [0, 120 + MAX_WAIT_MS]);
});

Deno.test("TrackRecorder follows a picture to another stream at its key frame alone", () => {
  const { push, asked, placed } = makeTrack();
  push(0, KEY);
  push(40, DELTA);

  push(80, DELTA, { ssrc: 2 });
  assert.equal(asked(), 1);
  push(80, DELTA, { skipped: -1 });
  push(120, KEY, { ssrc: 2 });
  push(121, DELTA, { ssrc: 1 });
  push(160, DELTA, { ssrc: 2, skipped: -1 });

  assert.deepEqual(placed, [0, 40, 80, 120, 160]);
});

Deno.test("TrackRecorder follows a sound to another stream at once", () => {
  const { push, placed } = makeTrack("opus");

  push(0, "f8 aa");
  push(20, "f8 bb", { ssrc: 2 });
  push(40, "f8 cc", { ssrc: 2 });

  assert.deepEqual(placed, [0, 20, 40]);
});

Deno.test("TrackRecorder places each stream by its own reports", () => {
  const { recorder, push, placed } = makeTrack();
  recorder.senderReport({ ssrc: 1, ntpMs: 5_000, rtpTimestamp: 0 });
  recorder.senderReport({ ssrc: 2, ntpMs: 5_000, rtpTimestamp: 100 * 90 });
  assert.equal(recorder.isSynchronised, false);

  push(0, KEY, { delayMs: 10 });
  assert.ok(recorder.isSynchronised);
  push(200, KEY, { ssrc: 2, delayMs: -90 });

  assert.deepEqual(placed, [10, 110]);
});

Deno.test("TrackRecorder forgets reports of streams that never came", () => {
  const { recorder, push, placed } = makeTrack();
  push(0, KEY);
  recorder.senderReport({ ssrc: 1, ntpMs: 0, rtpTimestamp: 0 });

  for (let ssrc = 100; ssrc < 10_000; ssrc++) {
    recorder.senderReport({ ssrc, ntpMs: 0, rtpTimestamp: 0 });
  }
  push(40, DELTA);

  assert.ok(recorder.isSynchronised);
  assert.deepEqual(placed, [0, 40]);
});

Deno.test("TrackRecorder.end hands on what waits", () => {
  const { recorder, push, placed } = makeTrack("opus");
  push(0, "f8 aa");
  push(60, "f8 bb", { skipped: 2 });
  assert.deepEqual(placed, [0]);

  recorder.end(60);

  assert.deepEqual(placed, [0, 60]);
  assert.equal(recorder.lastPacketAtMs, 60);
});
