/** A room is recorded once at a time, into a folder that holds all of it in the end. */
import assert from "node:assert/strict";
import type { RoomId } from "../../../src/protocol/mod.ts";
import { silentLogger, systemClock } from "../../../src/base/mod.ts";
import { MediaError, type RecordingView } from "../../../src/media/port.ts";
import { Recordings } from "../../../src/media/sfu/recordings.ts";

const BOUNDS = { maxBytes: 1_000_000, maxMs: 60_000, container: "webm" } as const;

function recordings(folder: string | undefined, ended: (view: RecordingView) => void = () => {}) {
  return new Recordings({
    roomId: "test" as RoomId, // A good room id.
    folder,
    clock: systemClock,
    log: silentLogger,
    ended,
  });
}

function failsWith(code: string) {
  return (error: unknown) => error instanceof MediaError && error.code === code;
}

Deno.test("Recordings.start needs a folder", async () => {
  await assert.rejects(recordings(undefined).start(BOUNDS, []), failsWith("not-configured"));
});

Deno.test("Recordings records once at a time, and again when that has ended", async () => {
  const folder = await Deno.makeTempDir();
  const room = recordings(folder);

  const first = await room.start(BOUNDS, []);
  assert.equal(first.state, "recording");
  assert.equal(room.current?.recordingId, first.recordingId);
  await assert.rejects(room.start(BOUNDS, []), failsWith("already-recording"));
  const ended = await room.stop("asked");
  assert.deepEqual([ended.state, ended.reason], ["ended", "asked"]);
  assert.equal(room.current, undefined);
  await assert.rejects(room.stop("asked"), failsWith("not-recording"));
  const second = await room.start(BOUNDS, []);
  await room.close();

  assert.notEqual(second.recordingId, first.recordingId);
  for (const { recordingId } of [first, second]) {
    const index = JSON.parse(await Deno.readTextFile(`${folder}/${recordingId}/index.json`));
    assert.equal(index.state, "ended");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Recordings tells of one that the disk ended, and takes another", async () => {
  const folder = await Deno.makeTempFile(); // A file, where a folder has to be.
  const told = Promise.withResolvers<RecordingView>();
  const room = recordings(folder, told.resolve);

  const view = await room.start(BOUNDS, []);

  assert.deepEqual([view.state, view.reason], ["failed", "disk"]);
  assert.equal((await told.promise).state, "failed");
  await assert.rejects(room.stop("asked"), failsWith("not-recording"));
  await room.close();
  await Deno.remove(folder);
});
