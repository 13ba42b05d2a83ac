/** One film of a recording, made by the command of its index. */
import assert from "node:assert/strict";
import { muxArguments, muxCommand } from "../../../src/media/record/mux_command.ts";
import type { IndexedFile, RecordingIndex } from "../../../src/media/record/recording_index.ts";
import { decodeErrors, FFMPEG, probe } from "../../support/ffmpeg.ts";
import { provide } from "../../support/debian_package.ts";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { heardFrom, seenFrom } from "./moments.ts";
import { packetize, type SenderOptions } from "./packetizers.ts";
import { RecorderFixture } from "./recorder_fixture.ts";

const CAMERA: SenderOptions = { codec: "VP8", ssrc: 1 };
const MICROPHONE: SenderOptions = { codec: "opus", ssrc: 2 };

function indexOf(...participants: (readonly IndexedFile[])[]): RecordingIndex {
  return {
    version: 1,
    recordingId: "rec",
    roomId: "room",
    state: "ended",
    startedAt: 0,
    durationMs: 0,
    participants: participants.map((files, n) => ({ userId: `user-${n}`, files })),
  };
}

function fileOf(name: string, startMs: number, durationMs: number, kinds = "va"): IndexedFile {
  const part = { startMs, durationMs, frames: 1 };
  return {
    name,
    group: "person",
    startMs,
    durationMs,
    bytes: 1,
    tracks: [
      ...kinds.includes("v")
        ? [{ ...part, trackId: "v", source: "camera", codec: "VP8", width: 1, height: 1 } as const]
        : [],
      ...kinds.includes("a")
        ? [{ ...part, trackId: "a", source: "microphone", codec: "opus" } as const]
        : [],
    ],
  };
}

Deno.test("the command of an index makes one film, each where it belongs", async () => {
  await using fixture = new RecorderFixture();
  const filter = "drawbox=color=white:t=fill:enable='gte(t,1)'";
  const pictures = await encodeVideo({ codec: "VP8", source: "color=black", filter });
  const sounds = await encodeSound({ expression: "if(gte(t,1),0.5*sin(2*PI*1000*t),0)" });
  // Alice flashes and beeps after a second. Bob comes a second later, and flashes one after that.
  const lanes = ["alice", "bob"].map((userId) => {
    const camera = fixture.begin(userId, "camera", "VP8");
    const microphone = fixture.begin(userId, "microphone", "opus");
    fixture.report(camera, CAMERA);
    fixture.report(microphone, MICROPHONE);
    return { camera, microphone };
  });
  fixture.feed(...lanes.flatMap(({ camera, microphone }, n) => [
    fixture.sent(camera, packetize(pictures, CAMERA), n * 1_000 + 200),
    fixture.sent(microphone, packetize(sounds, MICROPHONE), n * 1_000),
  ]));
  const index = await fixture.stop();

  const command = index.command!.replace(/^ffmpeg/, await provide(FFMPEG));
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: fixture.folder,
  }).output();

  assert.ok(success, new TextDecoder().decode(stderr));
  const film = fixture.path("room.mp4");
  const { streams, duration } = await probe(film);
  assert.deepEqual(streams.map(({ codec }) => codec).sort(), ["aac", "h264"]);
  const picture = streams.find(({ codec }) => codec === "h264")!;
  assert.deepEqual([picture.width, picture.height], [1280, 720]);
  assert.ok(Math.abs(duration - 3) < 0.1, `${duration} s`);
  assert.equal(picture.packets, 75);
  assert.equal(await decodeErrors(film), "");
  const [alice, bob] = [
    await seenFrom(film, "crop=iw/2:ih/2:0:0"),
    await seenFrom(film, "crop=iw/2:ih/2:iw/2:0"),
  ];
  const heard = await heardFrom(film);
  assert.ok(Math.abs(alice - 1_000) < 80, `alice is seen after ${alice} ms`);
  assert.ok(Math.abs(bob - 2_000) < 80, `bob is seen after ${bob} ms`);
  assert.ok(Math.abs(heard - alice) < 80, `heard after ${heard} ms, seen after ${alice} ms`);
});

Deno.test("muxArguments lays files out on a grid, one place for each who is seen", () => {
  const places = (index: RecordingIndex) =>
    muxArguments(index)!.join(" ").match(/overlay=\d+:\d+/g) ?? [];

  assert.deepEqual(places(indexOf([fileOf("a", 0, 1)])), ["overlay=0:0"]);
  assert.deepEqual(places(indexOf([fileOf("a", 0, 1)], [fileOf("b", 0, 1)], [fileOf("c", 0, 1)])), [
    "overlay=0:0",
    "overlay=640:0",
    "overlay=0:360",
  ]);
  // The same participant, before and after a pause, and with a second camera meanwhile.
  const files = [fileOf("a", 0, 1_000), fileOf("b", 500, 1_000), fileOf("c", 1_000, 1_000)];
  assert.deepEqual(places(indexOf(files)), ["overlay=0:0", "overlay=640:0", "overlay=0:0"]);
});

Deno.test("muxArguments begins with the earliest file, and ends with the last", () => {
  const args = muxArguments(indexOf([fileOf("a", -40, 1_000)], [fileOf("b", 960, 2_000)]))!;

  const filters = args[args.indexOf("-filter_complex") + 1]!;
  assert.equal(args[args.indexOf("-t") + 1], "3.000");
  assert.match(filters, /\[0:v\]setpts=PTS\+0\.000\/TB.*\[1:v\]setpts=PTS\+1\.000\/TB/);
  assert.match(filters, /\[0:a\][^;]*adelay=0:all=1.*\[1:a\][^;]*adelay=1000:all=1/);
  assert.match(filters, /amix=inputs=2/);
});

Deno.test("muxArguments makes a film of sounds, or of pictures, alone", () => {
  const sound = muxArguments(indexOf([fileOf("a", 0, 1_000, "a")]))!.join(" ");
  assert.doesNotMatch(sound, /overlay|libx264/);
  assert.match(sound, /-map \[sound\]/);

  const picture = muxArguments(indexOf([fileOf("a", 0, 1_000, "v")]))!.join(" ");
  assert.doesNotMatch(picture, /amix|aac/);
  assert.match(picture, /-map \[picture\]/);
});

Deno.test("muxArguments takes sizes and names that it is given", () => {
  const options = { width: 640, height: 360, frameRate: 10, output: "film.mkv" };
  const args = muxArguments(indexOf([fileOf("a", 0, 1_000)]), options)!;

  assert.equal(args.at(-1), "film.mkv");
  assert.match(args.join(" "), /color=black:size=640x360:rate=10/);
});

Deno.test("muxArguments has nothing to make of nothing", () => {
  assert.equal(muxArguments(indexOf()), undefined);
  assert.equal(muxArguments(indexOf([fileOf("a", 0, 0, "")])), undefined);
  assert.equal(muxCommand(indexOf()), undefined);
});

Deno.test("muxCommand quotes for a shell", async () => {
  const name = 'it\'s $(a) `b` "c" *.webm';
  const command = muxCommand(indexOf([fileOf(name, 0, 1_000)]))!;

  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", command.replace(/^ffmpeg/, "printf '%s\\n'")],
  }).output();

  assert.ok(new TextDecoder().decode(stdout).split("\n").includes(name));
});
