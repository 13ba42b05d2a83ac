/** Which tracks of a participant go into one file, and what the files are called. */
import assert from "node:assert/strict";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import {
  MAX_PARTICIPANT_FILES,
  MAX_TAKES,
  RecordedParticipant,
} from "../../../src/media/record/recorded_participant.ts";
import { parseUserId, type TrackSource } from "../../../src/protocol/mod.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { packetOf } from "./packets.ts";

const USER = parseUserId("alice")!;

function makeParticipant(maxFiles = Infinity) {
  const disk = new MemoryDisk();
  let [nowMs, files, tracks] = [0, 0, 0];
  const participant = new RecordedParticipant({
    number: 7,
    userId: USER,
    disk,
    container: "webm",
    now: () => nowMs,
    takeFile: () => ++files <= maxFiles,
    onFailed: (error) => assert.fail(String(error)),
    onSpoiled: (error) => assert.fail(String(error)),
    onGrown: () => {},
  });
  const begin = (source: TrackSource, codec: CodecName = "opus") =>
    participant.begin({
      userId: USER,
      track: { trackId: `t${++tracks}`, source },
      codec,
      requestKeyFrame: () => {},
    });
  const advance = (ms: number) => nowMs += ms;
  return { participant, disk, begin, advance };
}

const SOUND = { payload: Uint8Array.of(0xf8, 1) };

Deno.test("RecordedParticipant puts microphone and camera together, and a screen apart", () => {
  const { begin } = makeParticipant();

  const [microphone, camera] = [begin("microphone"), begin("camera", "VP8")];
  const [screen, sound] = [begin("screen", "VP8"), begin("screen-sound")];

  assert.equal(microphone?.take, camera?.take);
  assert.equal(screen?.take, sound?.take);
  assert.notEqual(camera?.take, screen?.take);
});

Deno.test("RecordedParticipant records a second camera apart, and no more than it may", async () => {
  const { participant, begin } = makeParticipant();

  const cameras = Array.from({ length: MAX_TAKES + 2 }, () => begin("camera", "VP8"));

  assert.equal(new Set(cameras.map((lane) => lane?.take)).size, MAX_TAKES + 1);
  assert.deepEqual(cameras.slice(MAX_TAKES), [undefined, undefined]);
  const [first] = cameras;
  first!.take.end(first!);
  assert.equal(begin("camera", "VP9")?.take, first!.take);
  await participant.stop("recording-ended");
});

Deno.test("RecordedParticipant counts the files of each group, in order of time", async () => {
  const { participant, begin, advance } = makeParticipant();

  for (let count = 0; count < 2; count++) {
    for (const source of ["microphone", "screen-sound"] as const) {
      const lane = begin(source)!;
      advance(100);
      lane.recorder.packet(packetOf(SOUND), count * 200 + 100);
      lane.take.end(lane);
    }
  }
  await participant.stop("recording-ended");

  assert.deepEqual(participant.entries.map(({ name }) => name), [
    "07-alice-person-1.webm",
    "07-alice-screen-1.webm",
    "07-alice-person-2.webm",
    "07-alice-screen-2.webm",
  ]);
});

Deno.test("RecordedParticipant believes another clock of one who came back", async () => {
  const { participant, begin } = makeParticipant();
  const before = begin("microphone")!;
  before.recorder.senderReport({ ssrc: 1, ntpMs: 1e12, rtpTimestamp: 1 });
  before.recorder.packet(packetOf(SOUND), 10);
  before.take.end(before);

  const after = begin("microphone")!;
  after.recorder.senderReport({ ssrc: 1, ntpMs: 1e12 - 5_000, rtpTimestamp: 1 });
  after.recorder.packet(packetOf(SOUND), 20);
  await participant.stop("recording-ended");

  assert.deepEqual(participant.entries.map(({ startMs }) => startMs), [10, 20]);
});

Deno.test("RecordedParticipant makes no more files than it may", async () => {
  const { participant, begin, disk } = makeParticipant(1);
  const one = begin("microphone")!;
  one.recorder.packet(packetOf(SOUND), 0);
  one.take.end(one);

  for (let count = 0; count < 3; count++) {
    const more = begin("microphone")!;
    for (let n = 0; n < 10; n++) more.recorder.packet(packetOf({ ...SOUND, sequenceNumber: n }), n);
    more.take.end(more);
  }
  participant.tick();
  await participant.stop("recording-ended");

  assert.deepEqual([...disk.files.keys()], ["07-alice-person-1.webm"]);
  assert.equal(participant.userId, USER);
});

Deno.test("RecordedParticipant leaves files to the others", async () => {
  const { participant, begin, disk } = makeParticipant();

  for (let count = 0; count < MAX_PARTICIPANT_FILES + 20; count++) {
    const lane = begin(count % 2 === 0 ? "microphone" : "screen-sound");
    if (lane === undefined) break;
    lane.recorder.packet(packetOf(SOUND), 0);
    lane.take.end(lane);
  }
  await participant.stop("recording-ended");

  assert.equal(disk.files.size, MAX_PARTICIPANT_FILES);
});

Deno.test("RecordedParticipant takes nothing after it was stopped", async () => {
  const { participant, begin } = makeParticipant();
  const lane = begin("microphone")!;
  lane.recorder.packet(packetOf(SOUND), 0);
  await participant.stop("recording-ended");
  await participant.stop("disk");

  lane.recorder.packet(packetOf({ ...SOUND, sequenceNumber: 2 }), 20);
  lane.take.end(lane);

  assert.deepEqual(
    participant.entries.map(({ endReason, tracks }) => [endReason, tracks[0]?.frames]),
    [
      ["recording-ended", 1],
    ],
  );
});
