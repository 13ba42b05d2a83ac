/**
 * Lips and voice together: a flash and a beep of one moment are recorded as their packets come, each
 * with its own delay, and are found again by ffmpeg.
 */
import assert from "node:assert/strict";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { heardFrom, seenFrom } from "./moments.ts";
import { packetize, type SenderOptions } from "./packetizers.ts";
import { filesOf, RecorderFixture } from "./recorder_fixture.ts";

/** What people do not notice (ITU-R BT.1359 has 45 ms ahead and 125 ms behind). */
const MAX_APART_MS = 80;
const CAMERA: SenderOptions = { codec: "VP8", ssrc: 1, firstTimestamp: 4_000_000_000 };
const MICROPHONE: SenderOptions = { codec: "opus", ssrc: 2, firstTimestamp: 12_345 };
/** Both begin after a second. */
const pictures = packetize(
  await encodeVideo({
    codec: "VP8",
    source: "color=black",
    filter: "drawbox=color=white:t=fill:enable='gte(t,1)'",
  }),
  CAMERA,
);
const sounds = packetize(
  await encodeSound({ expression: "if(gte(t,1),0.5*sin(2*PI*1000*t),0)" }),
  MICROPHONE,
);

/** When the reports come, in milliseconds; their clock is the same, or there is none. */
type Case = {
  readonly what: string;
  readonly soundDelayMs: number;
  readonly pictureDelayMs: number;
  readonly reportAtMs: number;
};

const CASES: readonly Case[] = [
  { what: "the picture comes late", soundDelayMs: 30, pictureDelayMs: 430, reportAtMs: 0 },
  { what: "the sound comes late", soundDelayMs: 500, pictureDelayMs: 20, reportAtMs: 0 },
  { what: "reports come while it waits", soundDelayMs: 20, pictureDelayMs: 320, reportAtMs: 900 },
];

for (const { what, soundDelayMs, pictureDelayMs, reportAtMs } of CASES) {
  Deno.test(`RoomRecorder keeps a flash and a beep together: ${what}`, async () => {
    await using fixture = new RecorderFixture();
    const microphone = fixture.begin("alice", "microphone", "opus");
    const camera = fixture.begin("alice", "camera", "VP8");
    const cancel = fixture.clock.after(reportAtMs, () => {
      fixture.report(microphone, MICROPHONE, { atMs: 700, ntpMs: 1_790_000_000_700 });
      fixture.report(camera, CAMERA, { atMs: 300, ntpMs: 1_790_000_000_300 });
    });

    fixture.feed(
      fixture.sent(microphone, sounds, soundDelayMs),
      fixture.sent(camera, pictures, pictureDelayMs),
    );
    cancel();
    const index = await fixture.stop();

    const [file, ...others] = filesOf(index);
    assert.deepEqual(others, []);
    const path = fixture.path(file!.name);
    const [seenMs, heardMs] = [await seenFrom(path), await heardFrom(path)];
    const apartMs = seenMs - heardMs;
    assert.ok(Math.abs(apartMs) < MAX_APART_MS, `seen ${seenMs} ms, heard ${heardMs} ms`);
    // On the recording's time line the moment lies where its sound came.
    const placed = file!.startMs + heardMs;
    assert.ok(Math.abs(placed - (1_000 + soundDelayMs)) < MAX_APART_MS, `${placed} ms`);
  });
}

Deno.test("RoomRecorder goes by when packets come where a publisher reports nothing", async () => {
  await using fixture = new RecorderFixture();
  const microphone = fixture.begin("alice", "microphone", "opus");
  const camera = fixture.begin("alice", "camera", "VP8");

  fixture.feed(fixture.sent(microphone, sounds, 20), fixture.sent(camera, pictures, 320));
  const index = await fixture.stop();

  const path = fixture.path(filesOf(index)[0]!.name);
  const apartMs = await seenFrom(path) - await heardFrom(path);
  assert.ok(Math.abs(apartMs - 300) < MAX_APART_MS, `${apartMs} ms`);
});
