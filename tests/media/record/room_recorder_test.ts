/** A recording from its beginning to its end, whatever ends it. */
import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/mod.ts";
import { diskAt, OpenFile } from "../../../src/media/record/disk.ts";
import {
  CLOSE_TIMEOUT_MS,
  INDEX_PERIOD_MS,
  MAX_FILES,
  RoomRecorder,
  TICK_MS,
} from "../../../src/media/record/room_recorder.ts";
import { parseUserId } from "../../../src/protocol/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { decodeErrors, probe } from "../../support/ffmpeg.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { hex } from "../rtp/hex.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { packetize, type SenderOptions } from "./packetizers.ts";
import { packetOf } from "./packets.ts";
import { filesOf, RecorderFixture } from "./recorder_fixture.ts";

const MICROPHONE: SenderOptions = { codec: "opus", ssrc: 2 };
const CAMERA: SenderOptions = { codec: "VP8", ssrc: 1 };
const audio = packetize(await encodeSound({}), MICROPHONE);
const BOUNDS = { maxBytes: 1e9, maxMs: 3_600_000, container: "webm" } as const;

Deno.test("RoomRecorder begins with a folder and an index", async () => {
  await using fixture = new RecorderFixture();
  assert.deepEqual(fixture.recorder.view, {
    recordingId: "rec",
    state: "recording",
    startedAt: fixture.clock.now(),
    files: ["rec/index.json"],
    bytes: 0,
  });

  const view = await fixture.recorder.ready();

  assert.equal(view.state, "recording");
  assert.deepEqual(await fixture.index(), {
    version: 1,
    recordingId: "rec",
    roomId: "room",
    state: "recording",
    startedAt: fixture.clock.now(),
    durationMs: 0,
    participants: [],
  });
});

Deno.test("RoomRecorder tells in view and index what it has, when it was told to end", async () => {
  await using fixture = new RecorderFixture();
  const lanes = ["alice", "боб"].map((userId) => fixture.begin(userId, "microphone", "opus"));
  fixture.feed(...lanes.map((lane, n) => fixture.sent(lane, audio, n * 500)));

  const view = await fixture.recorder.stop("asked");

  const index = await fixture.index();
  const files = filesOf(index);
  assert.deepEqual(view.files, [
    "rec/01-alice-person-1.webm",
    "rec/02-боб-person-1.webm",
    "rec/index.json",
  ]);
  assert.deepEqual([view.state, view.reason], ["ended", "asked"]);
  assert.deepEqual([index.state, index.reason, index.durationMs], ["ended", "asked", 2_480]);
  assert.deepEqual(index.participants.map(({ userId }) => userId), ["alice", "боб"]);
  assert.deepEqual(files.map(({ startMs, durationMs }) => [startMs, durationMs]), [
    [0, 2_000],
    [500, 2_000],
  ]);
  const sizes = files.map(({ name }) => Deno.statSync(fixture.path(name)).size);
  assert.deepEqual(files.map(({ bytes }) => bytes), sizes);
  assert.equal(view.bytes, sizes[0]! + sizes[1]!);
  assert.match(index.command ?? "", /^ffmpeg /);
  assert.deepEqual(fixture.ended, [], "nobody needs to be told who ended it");
});

Deno.test("RoomRecorder.stop ends once, and nothing is taken after it", async () => {
  await using fixture = new RecorderFixture();
  const lane = fixture.begin("alice", "microphone", "opus");
  fixture.feed(fixture.sent(lane, audio.slice(0, 10)));

  const [first, second] = await Promise.all([
    fixture.recorder.stop("asked"),
    fixture.recorder.stop("room-ended"),
  ]);
  fixture.feed(fixture.sent(lane, audio.slice(10)));
  fixture.report(lane, MICROPHONE);
  fixture.recorder.end(lane);

  assert.equal(first, second);
  assert.equal(first.reason, "asked");
  assert.deepEqual(fixture.recorder.view, first);
  assert.equal(filesOf(await fixture.index())[0]!.tracks[0]!.frames, 10);
  const track = { trackId: "t", source: "camera" } as const;
  const late = { userId: parseUserId("late")!, track, codec: "VP8", requestKeyFrame() {} } as const;
  assert.equal(fixture.recorder.begin(late), undefined);
});

Deno.test("RoomRecorder keeps the index up to date while it records", async () => {
  await using fixture = new RecorderFixture();
  const lane = fixture.begin("alice", "microphone", "opus");
  await fixture.recorder.ready();
  fixture.feed(fixture.sent(lane, audio));
  await waitUntil(async () => {
    const [file] = filesOf(await fixture.index());
    return file === undefined ? "the file is not in the index" : undefined;
  });

  fixture.clock.advance(INDEX_PERIOD_MS);

  await waitUntil(async () => {
    const [file] = filesOf(await fixture.index());
    return file!.durationMs >= 2_000 ? undefined : `${file!.durationMs} ms`;
  });
  const index = await fixture.index();
  assert.equal(index.state, "recording");
  assert.equal(filesOf(index)[0]!.endReason, undefined);
});

Deno.test("RoomRecorder ends at its time", async () => {
  await using fixture = new RecorderFixture({ bounds: { ...BOUNDS, maxMs: 1_000 } });
  const lane = fixture.begin("alice", "microphone", "opus");

  fixture.feed(fixture.sent(lane, audio));
  await waitUntil(() => fixture.ended.length === 1 ? undefined : "it goes on");

  const [view] = fixture.ended;
  assert.deepEqual([view!.state, view!.reason], ["ended", "max-ms"]);
  const index = await fixture.index();
  assert.deepEqual([index.reason, index.durationMs], ["max-ms", 1_000]);
  assert.equal(filesOf(index)[0]!.tracks[0]!.frames, 50);
  assert.equal(await decodeErrors(fixture.path(filesOf(index)[0]!.name)), "");
});

Deno.test("RoomRecorder ends at its size, with files that are whole and no larger", async () => {
  for (const container of ["webm", "mp4"] as const) {
    const maxBytes = 30_000;
    await using fixture = new RecorderFixture({ bounds: { ...BOUNDS, maxBytes, container } });
    const vp9 = { ...CAMERA, codec: "VP9" } as const;
    const camera = fixture.begin("alice", "camera", "VP9");
    const microphone = fixture.begin("alice", "microphone", "opus");
    fixture.report(camera, vp9);
    fixture.report(microphone, MICROPHONE);

    fixture.feed(
      fixture.sent(camera, packetize(await encodeVideo({ codec: "VP9" }), vp9)),
      fixture.sent(microphone, audio),
    );
    await waitUntil(() => fixture.ended.length === 1 ? undefined : "it goes on");

    const [view] = fixture.ended;
    assert.deepEqual([view!.state, view!.reason], ["ended", "max-bytes"]);
    assert.ok(view!.bytes <= maxBytes && view!.bytes > maxBytes * 0.7, `${view!.bytes}`);
    for (const { name } of filesOf(await fixture.index())) {
      assert.equal(await decodeErrors(fixture.path(name)), "");
    }
  }
});

Deno.test("RoomRecorder fails where no folder can be made, and tells it", async () => {
  const folder = await Deno.makeTempFile();
  const fixture = new RecorderFixture({ folder });

  const view = await fixture.recorder.ready();

  assert.deepEqual([view.state, view.reason], ["failed", "disk"]);
  assert.deepEqual(fixture.ended, [view]);
  assert.deepEqual(await fixture.recorder.stop("asked"), view);
  assert.equal(fixture.clock.pending, 0);
  await Deno.remove(folder);
});

Deno.test("RoomRecorder fails when the disk is full, keeps what it has, and others go on", async () => {
  const disk = new MemoryDisk();
  disk.capacity = 8_000;
  await using full = new RecorderFixture({ disk });
  await using other = new RecorderFixture();
  const fullLane = full.begin("alice", "microphone", "opus");
  const otherLane = other.begin("alice", "microphone", "opus");

  full.feed(full.sent(fullLane, audio));
  other.feed(other.sent(otherLane, audio));
  await waitUntil(() => {
    full.clock.advance(TICK_MS);
    return full.ended.length === 1 ? undefined : "it goes on";
  });
  full.feed(full.sent(fullLane, audio));
  await other.stop();

  const [view] = full.ended;
  assert.deepEqual([view!.state, view!.reason], ["failed", "disk"]);
  assert.deepEqual(full.recorder.view, view);
  assert.equal(disk.open.size, 0, "files are given back");
  const index = JSON.parse(new TextDecoder().decode(disk.files.get("index.json")));
  assert.deepEqual([index.state, index.reason], ["failed", "disk"]);
  assert.equal(index.participants[0].files[0].endReason, "disk");
  assert.equal(filesOf(await other.index())[0]!.tracks[0]!.frames, audio.length);
});

Deno.test("RoomRecorder fails by what the system says of a disk without room", async () => {
  await using fixture = new RecorderFixture();
  const real = diskAt(fixture.folder);
  await using full = new RecorderFixture({
    disk: {
      ...real,
      create: async () => new OpenFile(await Deno.open("/dev/full", { write: true })),
    },
  });
  const lane = full.begin("alice", "microphone", "opus");

  full.feed(full.sent(lane, audio));
  const view = await full.recorder.stop("asked");

  assert.deepEqual([view.state, view.reason], ["failed", "disk"]);
});

Deno.test("RoomRecorder does not wait for a disk that answers nothing", async () => {
  const disk = new MemoryDisk();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.gate = promise;
  await using fixture = new RecorderFixture({ disk });
  const lane = fixture.begin("alice", "microphone", "opus");
  fixture.feed(fixture.sent(lane, audio));

  const stopped = fixture.recorder.stop("asked");
  fixture.clock.advance(CLOSE_TIMEOUT_MS);
  const view = await stopped;

  assert.deepEqual([view.state, view.reason], ["failed", "disk"]);
  resolve();
  await waitUntil(() => disk.open.size === 0 ? undefined : "the file is open");
});

Deno.test("RoomRecorder writes over no recording that is there", async () => {
  await using fixture = new RecorderFixture();
  const lane = fixture.begin("alice", "microphone", "opus");
  fixture.feed(fixture.sent(lane, audio));
  await fixture.stop();
  const before = await Deno.readFile(fixture.path("01-alice-person-1.webm"));
  const again = new RecorderFixture({ disk: diskAt(fixture.folder) });
  const other = again.begin("alice", "microphone", "opus");

  again.feed(again.sent(other, audio.slice(0, 10)));
  const view = await again.recorder.stop("asked");

  assert.equal(view.state, "failed");
  assert.deepEqual(await Deno.readFile(fixture.path("01-alice-person-1.webm")), before);
});

Deno.test("RoomRecorder takes no id that is not the name of a folder", () => {
  for (const recordingId of ["", "..", "a/b", "a b", "é"]) {
    assert.throws(
      () =>
        new RoomRecorder({
          recordingId,
          roomId: "room",
          folder: "/nowhere",
          bounds: BOUNDS,
          clock: new FakeClock(),
          log: silentLogger,
          onEnded: () => {},
        }),
      RangeError,
    );
  }
});

Deno.test("RoomRecorder stays in its folder, whatever users are called", async () => {
  await using fixture = new RecorderFixture();
  for (const userId of ["..", ".", "...hidden", "花子.webm", "a".repeat(64), "𐐷".repeat(32)]) {
    const lane = fixture.begin(userId, "microphone", "opus");
    fixture.feed(fixture.sent(lane, audio.slice(0, 3)));
  }

  const index = await fixture.stop();

  const names = [...Deno.readDirSync(fixture.folder)].map(({ name }) => name).sort();
  assert.deepEqual(names, [...filesOf(index).map(({ name }) => name), "index.json"].sort());
  assert.equal(names.length, 7);
  assert.deepEqual([...Deno.readDirSync(fixture.path("rec/.."))].map(({ name }) => name), ["rec"]);
});

Deno.test("RoomRecorder goes on when a publisher sends what no file takes", async () => {
  const told: unknown[] = [];
  const log = { ...silentLogger, warn: (message: string) => told.push(message) };
  await using fixture = new RecorderFixture({ log });
  const [alice, mallory] = [
    fixture.begin("alice", "microphone", "opus"),
    fixture.begin("mallory", "camera", "H264"),
  ];
  // A parameter set of x264's that ends too early for the muxer, and another one behind it.
  const payload = hex(
    "78 0016 6742c00bda0a11f97011000003000100000300320f14 0004 68ce0fc8 0003 658880",
  );
  for (let n = 0; n < 3; n++) {
    const packet = packetOf({ sequenceNumber: n, timestamp: n * 3_000, payload, marker: true });
    fixture.recorder.packet(mallory, packet);
    await waitUntil(() => told.length > n ? undefined : "the muxer takes it");
  }

  fixture.feed(fixture.sent(alice, audio));
  const index = await fixture.stop();

  assert.equal(index.state, "ended");
  const [hers, his] = index.participants.map(({ files }) => files);
  assert.deepEqual(hers!.map(({ tracks }) => tracks[0]!.frames), [audio.length]);
  assert.deepEqual(his!.map(({ endReason }) => endReason), Array(3).fill("unreadable"));
  assert.doesNotMatch(index.command!, /mallory/);
});

Deno.test("RoomRecorder makes no more files than it may, and goes on", async () => {
  const disk = new MemoryDisk();
  await using fixture = new RecorderFixture({ disk });
  for (let count = 0; count < MAX_FILES + 50; count++) {
    const lane = fixture.begin(`user-${count % 200}`, "microphone", "opus");
    fixture.recorder.packet(lane, packetOf({ payload: Uint8Array.of(0xf8, 1) }));
    fixture.recorder.end(lane);
  }

  const view = await fixture.recorder.stop("asked");

  assert.equal(view.state, "ended");
  assert.equal(disk.files.size, MAX_FILES + 1);
});

Deno.test("RoomRecorder needs permission for its folder alone", async () => {
  const folder = await Deno.makeTempDir();
  const program = `
    import { RoomRecorder } from ${
    JSON.stringify(import.meta.resolve("../../../src/media/record/room_recorder.ts"))
  };
    import { silentLogger, systemClock } from ${
    JSON.stringify(import.meta.resolve("../../../src/base/mod.ts"))
  };
    const recorder = new RoomRecorder({
      recordingId: "rec", roomId: "room", folder: ${JSON.stringify(folder)},
      bounds: { maxBytes: 1e6, maxMs: 1e6, container: "webm" },
      clock: systemClock, log: silentLogger, onEnded() {},
    });
    const view = await recorder.stop("asked");
    console.log(view.state);
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", `--allow-write=${folder}`, `--allow-read=${folder}`],
      `--config=${new URL("../../../deno.json", import.meta.url).pathname}`,
      `data:application/typescript,${encodeURIComponent(program)}`,
    ],
    cwd: new URL("../../..", import.meta.url),
  }).output();

  assert.equal(new TextDecoder().decode(stdout).trim(), "ended", new TextDecoder().decode(stderr));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("RoomRecorder leaves files that can be played when its process is killed", async () => {
  const worker = new URL("./killed_recorder.ts", import.meta.url).pathname;
  const folder = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", worker, folder],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  assert.equal(value, "written\n");

  child.kill("SIGKILL");
  const { signal } = await child.status;
  await reader.cancel();
  await child.stdin.abort();

  assert.equal(signal, "SIGKILL");
  const index = JSON.parse(await Deno.readTextFile(`${folder}/rec/index.json`));
  assert.equal(index.state, "recording");
  const names = filesOf(index).map(({ name }) => name).sort();
  assert.deepEqual(names, ["01-alice-person-1.webm", "02-bob-person-1.mp4"]);
  for (const name of names) {
    const path = `${folder}/rec/${name}`;
    const { streams } = await probe(path);
    for (const { codec, packets, times } of streams) {
      assert.ok(packets > 70, `${packets} packets of ${codec} in ${name}`);
      assert.ok(times.at(-1)! > 2.9, `${times.at(-1)} s of ${codec} in ${name}`);
    }
    assert.equal(await decodeErrors(path), "");
  }
  await Deno.remove(folder, { recursive: true });
});
