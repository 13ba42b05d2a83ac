/** The media plane in memory keeps the contract, and does what tests ask of it beyond. */
import assert from "node:assert/strict";
import { FakeMediaPlane } from "../../../src/media/fake/fake_media_plane.ts";
import type { RoomId, UserId } from "../../../src/protocol/mod.ts";
import { mediaPlaneContract, PlaneRoom } from "../../contracts/media_plane.ts";

mediaPlaneContract("FakeMediaPlane", () => new FakeMediaPlane());

/** Ann publishes, Bob has answered. */
async function meeting() {
  const plane = new FakeMediaPlane();
  const room = new PlaneRoom(plane);
  room.join("ann", "bob");
  await room.publish("ann");
  await room.answer("bob");
  room.told.splice(0);
  return { plane, room, fake: plane.room("test" as RoomId)! };
}

Deno.test("FakeMediaPlane.restart loses everything but who is there", async () => {
  const { plane, room } = await meeting();

  plane.restart();
  assert.deepEqual(room.told.splice(0), ["restarted"]);
  await room.publish("ann");

  assert.deepEqual(room.told, [
    ...["ann+microphone", "ann+camera", "offer bob 1 a0=ann/microphone v0=ann/camera"],
  ]);
  const { publications, restarts } = await plane.stats();
  assert.deepEqual([publications, restarts], [2, 1]);
});

Deno.test("[SB5] FakeMediaRoom.lose tells of a connection that is lost, and goes on", async () => {
  const { room, fake } = await meeting();

  fake.lose("bob" as UserId, "subscriber");
  assert.deepEqual(room.told.splice(0), [
    ...["lost bob subscriber", "offer bob 2 a0=ann/microphone v0=ann/camera"],
  ]);
  fake.lose("ann" as UserId, "publisher");
  fake.lose("zoe" as UserId, "publisher");

  assert.deepEqual(room.told.slice(0, 3), [
    ...["ann-microphone", "ann-camera", "lost ann publisher"],
  ]);
});

Deno.test("[SP1] FakeMediaRoom.speak tells who is heard, loudest first, when that changes", async () => {
  const { room, fake } = await meeting();

  fake.speak("ann" as UserId, 0.2);
  fake.speak("bob" as UserId, 0.5);
  fake.speak("bob" as UserId, 0.5);
  fake.speak("ann" as UserId, 0);
  room.media.removeParticipant("bob" as UserId);
  fake.speak("zoe" as UserId, 1);

  assert.deepEqual(room.told.filter((line) => line.startsWith("speakers")), [
    ...["speakers ann", "speakers bob,ann", "speakers bob", "speakers "],
  ]);
});

Deno.test("FakeMediaRoom refuses to record where nothing is configured for it", async () => {
  const { room } = await meeting();
  const options = { maxBytes: 1, maxMs: 1, container: "webm" } as const;

  await assert.rejects(room.media.startRecording(options), /^MediaError: Cannot record/);
  await assert.rejects(room.media.stopRecording(), /^MediaError: Cannot end the recording/);
});

Deno.test("FakeMediaPlane finds the room that was opened last under a name", () => {
  const plane = new FakeMediaPlane();
  const [one, two] = [new PlaneRoom(plane), new PlaneRoom(plane)];

  assert.equal(plane.room("test" as RoomId), two.media);
  two.media.close();
  assert.equal(plane.room("test" as RoomId), one.media);
  one.media.close();
  assert.equal(plane.room("test" as RoomId), undefined);
});
