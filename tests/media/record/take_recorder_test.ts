/**
 * One participant through a call: devices that come and go, networks that lose, qualities that
 * change. Each file that comes of it is read by ffmpeg.
 */
import assert from "node:assert/strict";
import type { Lane } from "../../../src/media/record/room_recorder.ts";
import type { RecordingIndex } from "../../../src/media/record/recording_index.ts";
import { HOLD_MS, PICTURE_IDLE_MS } from "../../../src/media/record/take_recorder.ts";
import { decodeErrors, ffmpeg, probe } from "../../support/ffmpeg.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { packetize, type SenderOptions, type SentPacket } from "./packetizers.ts";
import { type Delivery, filesOf, RecorderFixture } from "./recorder_fixture.ts";

const CAMERA: SenderOptions = { codec: "VP8", ssrc: 1 };
const MICROPHONE: SenderOptions = { codec: "opus", ssrc: 2 };
/** Two seconds each, a key frame a second. */
const pictures = await encodeVideo({ codec: "VP8" });
const sounds = await encodeSound({});
const video = packetize(pictures, CAMERA);
const audio = packetize(sounds, MICROPHONE);
/** The packets of a second, in the first or the second half. */
const half = (packets: readonly SentPacket[], second: 0 | 1) =>
  packets.filter(({ atMs }) => (atMs < 1_000) === (second === 0));

/** The streams of each file, decoded without a complaint: codec and number of packets. */
async function contents(fixture: RecorderFixture, index: RecordingIndex) {
  const found = [];
  for (const { name, tracks } of filesOf(index)) {
    const path = fixture.path(name);
    assert.equal(await decodeErrors(path), "", name);
    const { streams } = await probe(path);
    const counted = Object.fromEntries(streams.map(({ codec, packets }) => [codec, packets]));
    for (const { codec, frames } of tracks) assert.equal(counted[codec.toLowerCase()], frames);
    found.push(counted);
  }
  return found;
}

function ends(index: RecordingIndex) {
  return filesOf(index).map(({ endReason }) => endReason);
}

/** A camera and a microphone whose clocks are known. */
function beginBoth(fixture: RecorderFixture): { camera: Lane; microphone: Lane } {
  const microphone = fixture.begin("alice", "microphone", "opus");
  const camera = fixture.begin("alice", "camera", "VP8");
  fixture.report(camera, CAMERA);
  fixture.report(microphone, MICROPHONE);
  return { camera, microphone };
}

Deno.test("TakeRecorder begins another file when a camera is turned on, and loses no sound", async () => {
  await using fixture = new RecorderFixture();
  const microphone = fixture.begin("alice", "microphone", "opus");
  fixture.report(microphone, MICROPHONE);
  fixture.feed(fixture.sent(microphone, half(audio, 0)));
  const camera = fixture.begin("alice", "camera", "VP8");
  fixture.report(camera, CAMERA);

  fixture.feed(
    fixture.sent(camera, half(video, 1), -1_000),
    fixture.sent(microphone, half(audio, 1), -1_000),
  );
  const index = await fixture.stop();

  const [first, second] = await contents(fixture, index);
  assert.deepEqual(Object.keys(first!), ["opus"]);
  assert.equal(second!["vp8"], 25);
  assert.equal(first!["opus"]! + second!["opus"]!, sounds.length);
  assert.deepEqual(ends(index), ["track-added", "recording-ended"]);
});

Deno.test("TakeRecorder adds a microphone at the next key frame of the camera", async () => {
  await using fixture = new RecorderFixture();
  const camera = fixture.begin("alice", "camera", "VP8");
  fixture.report(camera, CAMERA);
  const before = video.filter(({ atMs }) => atMs < 500);
  const after = video.filter(({ atMs }) => atMs >= 500);
  fixture.feed(fixture.sent(camera, before));
  const microphone = fixture.begin("alice", "microphone", "opus");
  fixture.report(microphone, MICROPHONE);

  fixture.feed(
    fixture.sent(camera, after, -480),
    fixture.sent(microphone, audio.filter(({ atMs }) => atMs >= 500), -480),
  );
  const index = await fixture.stop();

  const [first, second] = await contents(fixture, index);
  assert.deepEqual([first, second], [{ vp8: 25 }, { vp8: 25, opus: 75 }]);
  assert.deepEqual(ends(index), ["track-added", "recording-ended"]);
  // The sound begins half a second ahead of the key frame, in the same file.
  const [, { tracks, startMs }] = filesOf(index) as [unknown, ReturnType<typeof filesOf>[0]];
  assert.deepEqual(tracks.map(({ source, startMs: at }) => [source, at - startMs]), [
    ["microphone", 0],
    ["camera", 500],
  ]);
});

Deno.test("TakeRecorder goes over without a key frame where none comes", async () => {
  await using fixture = new RecorderFixture();
  const camera = fixture.begin("alice", "camera", "VP8");
  fixture.feed(fixture.sent(camera, half(video, 0)));
  const microphone = fixture.begin("alice", "microphone", "opus");

  // The sound goes on, and nothing of the picture for as long as it is waited for.
  const long = await encodeSound({ seconds: HOLD_MS / 1_000 + 1 });
  fixture.feed(fixture.sent(microphone, packetize(long, MICROPHONE)));
  fixture.feed(fixture.sent(camera, half(video, 1), -1_000));
  const index = await fixture.stop();

  const [first, second, third] = await contents(fixture, index);
  assert.deepEqual([first, second?.["opus"], third?.["vp8"]], [{ vp8: 25 }, long.length, 25]);
});

Deno.test("TakeRecorder makes another file for who leaves and comes back", async () => {
  await using fixture = new RecorderFixture();
  const before = beginBoth(fixture);
  fixture.feed(
    fixture.sent(before.camera, half(video, 0)),
    fixture.sent(before.microphone, half(audio, 0)),
  );
  fixture.recorder.end(before.camera);
  fixture.recorder.end(before.microphone);
  fixture.recorder.end(before.microphone);
  fixture.clock.advance(60_000);
  const camera = { ...CAMERA, ssrc: 11, firstSequenceNumber: 7, firstTimestamp: 99 };
  const microphone = { ...MICROPHONE, ssrc: 12, firstSequenceNumber: 8, firstTimestamp: 88 };

  const after = beginBoth(fixture);
  fixture.report(after.camera, camera, { ntpMs: 5e11 });
  fixture.report(after.microphone, microphone, { ntpMs: 5e11 });
  fixture.feed(
    fixture.sent(after.camera, packetize(pictures, camera)),
    fixture.sent(after.microphone, packetize(sounds, microphone)),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [
    { vp8: 25, opus: 50 },
    { vp8: 50, opus: 100 },
  ]);
  const [first, second] = filesOf(index);
  assert.deepEqual([first!.name, second!.name], [
    "01-alice-person-1.webm",
    "01-alice-person-2.webm",
  ]);
  assert.deepEqual(ends(index), ["track-ended", "recording-ended"]);
  assert.ok(Math.abs(second!.startMs - 60_980) < 50, `${second!.startMs}`);
});

Deno.test("TakeRecorder goes on in the file when another microphone takes over the track", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const other = { ...MICROPHONE, ssrc: 22, firstTimestamp: 5 };

  fixture.feed(
    fixture.sent(camera, video),
    fixture.sent(microphone, half(audio, 0)),
    fixture.sent(microphone, half(packetize(sounds, other), 1)),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ vp8: 50, opus: 100 }]);
});

Deno.test("TakeRecorder makes another file when the camera sends another codec", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  fixture.feed(
    fixture.sent(camera, half(video, 0)),
    fixture.sent(microphone, half(audio, 0)),
  );
  const vp9 = { codec: "VP9", ssrc: 3 } as const;
  fixture.recorder.end(camera);
  const other = fixture.begin("alice", "camera", "VP9");
  fixture.report(other, vp9);

  fixture.feed(
    fixture.sent(other, half(packetize(await encodeVideo({ codec: "VP9" }), vp9), 1), -1_000),
    fixture.sent(microphone, half(audio, 1), -1_000),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [
    { vp8: 25, opus: 50 },
    { vp9: 25, opus: 50 },
  ]);
  assert.deepEqual(ends(index), ["track-ended", "recording-ended"]);
});

Deno.test("TakeRecorder keeps the file when the quality of the picture changes", async () => {
  await using fixture = new RecorderFixture();
  const { camera } = beginBoth(fixture);
  const small = await encodeVideo({ codec: "VP8", size: "80x60" });
  const upper = { ...CAMERA, ssrc: 31, firstTimestamp: 1_000 };
  const lower = { ...CAMERA, ssrc: 32, firstTimestamp: 2_000 };
  fixture.report(camera, upper);
  fixture.report(camera, lower);

  // The last picture of the quality before comes too late.
  fixture.feed(
    fixture.sent(camera, half(packetize(small, lower), 0), 60),
    fixture.sent(camera, half(packetize(pictures, upper), 1)),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ vp8: 49 }]);
  const path = fixture.path(filesOf(index)[0]!.name);
  const shown = await ffmpeg(["-i", path, "-vf", "showinfo", "-f", "null", "-"]);
  assert.match(shown, / n:\s*23 .* s:80x60 /);
  assert.match(shown, / s:160x120 /);
});

Deno.test("TakeRecorder fills the sound of a microphone that is off, and writes pictures meanwhile", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const long = await encodeVideo({ codec: "VP8", seconds: 8 });

  fixture.feed(
    fixture.sent(camera, packetize(long, CAMERA)),
    fixture.sent(microphone, audio),
  );
  const path = fixture.path("01-alice-person-1.webm");
  await waitUntil(async () => {
    const file = await probe(path).catch(() => undefined);
    const count = file?.streams.find(({ codec }) => codec === "vp8")?.packets ?? 0;
    return count > 50 ? undefined : `${count} pictures are in the file meanwhile`;
  });
  const [found] = await contents(fixture, await fixture.stop());

  assert.equal(found!["vp8"], 200);
  assert.ok(found!["opus"]! >= 230, `${found!["opus"]} packets of sound`);
});

Deno.test("TakeRecorder does not wait for a camera of which nothing comes any more", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const long = await encodeSound({ seconds: 8 });
  const backAt = PICTURE_IDLE_MS + 2_000;
  const back = pictures.slice(25).map(({ data, atMs }) => ({ data, atMs: atMs - 1_000 + backAt }));

  fixture.feed(
    fixture.sent(camera, packetize([...pictures.slice(0, 25), ...back], CAMERA)),
    fixture.sent(microphone, packetize(long, MICROPHONE)),
  );
  const index = await fixture.stop();

  const [first, second, third] = await contents(fixture, index);
  assert.deepEqual([first!["vp8"], second!["vp8"], third!["vp8"]], [25, undefined, 25]);
  assert.equal(first!["opus"]! + second!["opus"]! + third!["opus"]!, long.length);
  assert.deepEqual(ends(index), ["track-idle", "track-added", "recording-ended"]);
});

Deno.test("TakeRecorder ends the file of a camera alone of which nothing comes", async () => {
  await using fixture = new RecorderFixture();
  const camera = fixture.begin("alice", "camera", "VP8");

  fixture.feed(fixture.sent(camera, half(video, 0)));
  fixture.clock.advance(PICTURE_IDLE_MS + 1_000);
  fixture.feed(fixture.sent(camera, half(video, 1), -1_000));
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ vp8: 25 }, { vp8: 25 }]);
  assert.deepEqual(ends(index), ["track-idle", "recording-ended"]);
});

Deno.test("TakeRecorder begins another file where the picture is turned", async () => {
  await using fixture = new RecorderFixture();
  const camera = fixture.begin("alice", "camera", "VP8", 3);
  const turned = (quarter: number) => ({
    ...CAMERA,
    extensions: [{ id: 3, bytes: Uint8Array.of(quarter) }],
  });

  fixture.feed(
    fixture.sent(camera, half(packetize(pictures, turned(0)), 0)),
    fixture.sent(camera, half(packetize(pictures, turned(1)), 1)),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ vp8: 25 }, { vp8: 25 }]);
  assert.deepEqual(ends(index), ["turned", "recording-ended"]);
  const [first, second] = filesOf(index).map(({ name }) => fixture.path(name));
  assert.doesNotMatch(await ffmpeg(["-i", first!, "-f", "null", "-"]), /rotation/);
  assert.match(await ffmpeg(["-i", second!, "-f", "null", "-"]), /rotation of -90/);
});

Deno.test("TakeRecorder records what is reordered and doubled as if it were not", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const shaken = (deliveries: Delivery[]) =>
    deliveries.flatMap((delivery, index) => {
      const lateMs = index % 7 === 3 ? 90 : 0;
      const again = index % 5 === 2 ? [{ ...delivery, atMs: delivery.atMs + 40 }] : [];
      return [{ ...delivery, atMs: delivery.atMs + lateMs }, ...again];
    });

  fixture.feed(
    shaken(fixture.sent(camera, video)),
    shaken(fixture.sent(microphone, audio)),
  );
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ vp8: 50, opus: 100 }]);
});

Deno.test("TakeRecorder drops pictures that a loss has torn up to the next key frame", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const lost = video.findIndex(({ atMs }) => atMs === 400);

  fixture.feed(
    fixture.sent(camera, video.toSpliced(lost, 1)),
    fixture.sent(microphone, audio.filter((_, index) => index % 10 !== 5)),
  );
  const index = await fixture.stop();

  // Ten pictures before the loss, 25 from the key frame on; the sound is filled with silence.
  assert.deepEqual(await contents(fixture, index), [{ vp8: 35, opus: 100 }]);
  assert.ok(fixture.asked.get("track-2")! >= 1, "a key frame was asked for");
});

Deno.test("TakeRecorder puts a screen with its sound into files of their own", async () => {
  await using fixture = new RecorderFixture();
  const { camera, microphone } = beginBoth(fixture);
  const [screenSender, soundSender] = [{ ...CAMERA, ssrc: 41 }, { ...MICROPHONE, ssrc: 42 }];
  const screen = fixture.begin("alice", "screen", "VP8");
  const sound = fixture.begin("alice", "screen-sound", "opus");
  fixture.report(screen, screenSender);
  fixture.report(sound, soundSender);

  fixture.feed(
    fixture.sent(camera, video),
    fixture.sent(microphone, audio),
    fixture.sent(screen, packetize(pictures, screenSender)),
    fixture.sent(sound, packetize(sounds, soundSender)),
  );
  const index = await fixture.stop();

  assert.deepEqual(filesOf(index).map(({ name }) => name).sort(), [
    "01-alice-person-1.webm",
    "01-alice-screen-1.webm",
  ]);
  assert.deepEqual(await contents(fixture, index), [
    { vp8: 50, opus: 100 },
    { vp8: 50, opus: 100 },
  ]);
});

Deno.test("TakeRecorder writes a track that ends before its file has begun", async () => {
  await using fixture = new RecorderFixture();
  const { microphone } = beginBoth(fixture);

  fixture.feed(fixture.sent(microphone, audio.slice(0, 5)));
  fixture.recorder.end(microphone);
  const index = await fixture.stop();

  assert.deepEqual(await contents(fixture, index), [{ opus: 5 }]);
});
