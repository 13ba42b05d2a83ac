/** What a file of a take takes, and what the index says of it. */
import assert from "node:assert/strict";
import type { Frame } from "../../../src/media/record/frame_assembler.ts";
import { SILENCE } from "../../../src/media/record/opus_reader.ts";
import type { Container } from "../../../src/media/record/recording_file.ts";
import {
  FILE_OVERHEAD_BYTES,
  MAX_KEY_FRAME_GAP_MS,
  MAX_MP4_MS,
  SILENT_AFTER_MS,
  TakeFile,
  type TakeFileOptions,
} from "../../../src/media/record/take_file.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { MemoryDisk } from "./memory_disk.ts";

const SOUND = { trackId: "s", source: "microphone" } as const;
const VIDEO = {
  trackId: "v",
  source: "camera",
  codec: "VP9",
  picture: { width: 160, height: 120, codecString: "vp09.00.10.08" },
  rotation: 90,
} as const;

function makeFile(options: Partial<TakeFileOptions> = {}) {
  const disk = new MemoryDisk();
  let grown = 0;
  const file = new TakeFile({
    disk,
    nameFor: (extension: Container) => `a.${extension}`,
    container: "webm",
    group: "person",
    startMs: 10_000,
    sound: SOUND,
    video: VIDEO,
    onFailed: (error) => assert.fail(String(error)),
    onSpoiled: (error) => assert.fail(String(error)),
    onGrown: (bytes) => grown += bytes,
    ...options,
  });
  return { disk, file, grown: () => grown };
}

function frameOf(options: Partial<Frame> = {}): Frame {
  const data = new Uint8Array(100);
  return { data, isKeyFrame: true, rtpTimestamp: 0, arrivedAtMs: 0, rotation: 0, ...options };
}

const PACKET = Uint8Array.of(0xf8, 1, 2, 3);

Deno.test("TakeFile tells the index what is in it, and why it ended", async () => {
  const { file, grown, disk } = makeFile();

  file.writeSound(frameOf({ data: PACKET }), 10_000);
  file.writeSound(frameOf({ data: PACKET }), 10_019);
  file.writeVideo(frameOf(), 10_033.4);
  file.writeVideo(frameOf({ isKeyFrame: false }), 10_066.7);
  assert.equal(file.entry.endReason, undefined);
  await file.close("turned");

  assert.equal(file.rotation, 90);
  assert.deepEqual(file.entry, {
    name: "a.webm",
    group: "person",
    startMs: 10_000,
    durationMs: 100,
    bytes: disk.files.get("a.webm")!.length,
    endReason: "turned",
    tracks: [
      { ...SOUND, codec: "opus", startMs: 10_000, durationMs: 40, frames: 2 },
      {
        trackId: "v",
        source: "camera",
        codec: "VP9",
        width: 160,
        height: 120,
        startMs: 10_033,
        durationMs: 67,
        frames: 2,
      },
    ],
  });
  assert.ok(grown() + FILE_OVERHEAD_BYTES >= disk.files.get("a.webm")!.length, `${grown()} bytes`);
});

Deno.test("TakeFile leaves tracks out of the index of which it has nothing", async () => {
  const { file } = makeFile();

  file.writeVideo(frameOf(), 10_000);
  await file.close("track-ended");

  assert.deepEqual(file.entry.tracks.map(({ trackId }) => trackId), ["v"]);
});

Deno.test("TakeFile lets pictures follow on each other whatever their times say", async () => {
  const { file } = makeFile({ sound: undefined });

  file.writeVideo(frameOf(), 10_100);
  file.writeVideo(frameOf({ isKeyFrame: false }), 10_050);
  file.writeVideo(frameOf({ isKeyFrame: false }), 9_000);
  await file.close("track-ended");

  assert.equal(file.entry.tracks[0]!.frames, 3);
  assert.equal(file.entry.durationMs, 135);
});

Deno.test("TakeFile writes silence for a sound that stays away, late enough for what is late", async () => {
  const { file } = makeFile({ video: undefined });
  file.writeSound(frameOf({ data: PACKET, arrivedAtMs: 10_050 }), 10_000);

  file.tick(10_050 + SILENT_AFTER_MS);
  assert.equal(file.entry.tracks[0]!.frames, 1);
  file.tick(10_150 + SILENT_AFTER_MS);
  await file.close("track-ended");

  // 100 ms after the packet came, silence reaches 100 ms behind it.
  assert.equal(file.entry.tracks[0]!.frames, 5);
  assert.equal(SILENCE.length, 3);
});

Deno.test("TakeFile of MP4 wants another file after a time, and without key frames", async () => {
  const webm = makeFile();
  const mp4 = makeFile({ container: "mp4" });
  for (const { file } of [webm, mp4]) file.writeVideo(frameOf(), 10_000);

  assert.equal(mp4.file.isLongAt(10_000 + MAX_MP4_MS), false);
  assert.ok(mp4.file.isLongAt(10_001 + MAX_MP4_MS));
  assert.equal(webm.file.isLongAt(10_001 + MAX_MP4_MS), false);
  assert.equal(mp4.file.isKeyFrameMissingAt(10_000 + MAX_KEY_FRAME_GAP_MS), false);
  assert.ok(mp4.file.isKeyFrameMissingAt(10_001 + MAX_KEY_FRAME_GAP_MS));
  assert.equal(webm.file.isKeyFrameMissingAt(10_001 + MAX_KEY_FRAME_GAP_MS), false);
  mp4.file.writeVideo(frameOf(), 20_000);
  assert.equal(mp4.file.isKeyFrameMissingAt(10_001 + MAX_KEY_FRAME_GAP_MS), false);

  const frame = frameOf({ data: new Uint8Array(4 * 1024 * 1024), isKeyFrame: false });
  for (let n = 1; n < 5; n++) {
    const write = () => mp4.file.writeVideo(frame, 20_000 + n) ? undefined : "the disk is behind";
    await waitUntil(write);
  }
  assert.ok(mp4.file.isKeyFrameMissingAt(20_010), "so much is held in memory");
  await Promise.all([webm.file.close("long"), mp4.file.close("long")]);
});

Deno.test("TakeFile leaves frames out while the disk is behind", async () => {
  const { disk, file } = makeFile();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.gate = promise;
  const data = new Uint8Array(3 * 1024 * 1024);

  const taken = [1, 2, 3, 4, 5].map((n) => file.writeVideo(frameOf({ data }), 10_000 + n));
  file.writeSound(frameOf({ data: PACKET }), 10_000);
  resolve();
  await file.close("disk");

  assert.deepEqual(taken, [true, true, true, false, false]);
  assert.equal(file.entry.tracks.length, 1);
});
