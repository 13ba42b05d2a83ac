/** What is known of a room's recordings. */
import assert from "node:assert/strict";
import { RoomRecordings } from "../../src/rooms/room_recordings.ts";

const viewOf = (recordingId: string, state: "recording" | "ended" | "failed", bytes = 0) => ({
  ...{ recordingId, state, startedAt: 0, files: [], bytes },
});

Deno.test("RoomRecordings keeps the newest view of each, oldest recording first", () => {
  const recordings = new RoomRecordings();

  recordings.tell(viewOf("a", "recording"));
  recordings.tell(viewOf("b", "recording"));
  recordings.tell(viewOf("a", "ended", 7));

  assert.deepEqual(recordings.all, [viewOf("a", "ended", 7), viewOf("b", "recording")]);
});

Deno.test("RoomRecordings takes no recording up again that has ended", () => {
  const recordings = new RoomRecordings();
  recordings.tell(viewOf("a", "failed"));

  recordings.tell(viewOf("a", "recording"));

  assert.deepEqual(recordings.all, [viewOf("a", "failed")]);
});

Deno.test("RoomRecordings forgets the oldest beyond a thousand", () => {
  const recordings = new RoomRecordings();

  for (let n = 0; n < 1_001; n++) recordings.tell(viewOf(`${n}`, "ended"));

  assert.deepEqual([recordings.all.length, recordings.all[0]?.recordingId], [1_000, "1"]);
});

Deno.test("RoomRecordings.lose ends the one that runs, and none that is over", () => {
  const recordings = new RoomRecordings();
  recordings.lose();
  recordings.tell(viewOf("a", "ended"));
  recordings.tell(viewOf("b", "recording", 5));
  assert.equal(recordings.isRunning, true);

  recordings.lose();
  recordings.lose();

  const lost = { ...viewOf("b", "failed", 5), reason: "process-died" };
  assert.deepEqual(recordings.all, [viewOf("a", "ended"), lost]);
  assert.equal(recordings.isRunning, false);
});
