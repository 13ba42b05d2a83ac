/** What the start page takes from `/api/rooms`. */
import assert from "node:assert/strict";
import { createdRoomIn, openRoomsIn } from "../../../static/state/open_rooms.ts";

Deno.test("openRoomsIn reads the rooms in order", () => {
  const room = {
    roomId: "test",
    kind: "live",
    topology: "mesh",
    participants: 2,
    viewers: 3,
    createdAt: 1,
    ageMs: 9,
  };

  assert.deepEqual(openRoomsIn({ rooms: [room, { ...room, roomId: "b", kind: "new" }] }), [
    { roomId: "test", kind: "live", participants: 2, viewers: 3, ageMs: 9 },
    { roomId: "b", kind: "meeting", participants: 2, viewers: 3, ageMs: 9 },
  ]);
});

Deno.test("openRoomsIn passes over what is no room", () => {
  assert.deepEqual(openRoomsIn(null), []);
  assert.deepEqual(openRoomsIn({ rooms: "many" }), []);
  assert.deepEqual(openRoomsIn({ rooms: [null, {}, { roomId: 5 }] }), []);
});

Deno.test("[CR5] createdRoomIn reads the id and the key of a room that was made", () => {
  assert.deepEqual(createdRoomIn({ roomId: "482913", hostKey: "key", more: 1 }), {
    roomId: "482913",
    hostKey: "key",
  });
  assert.equal(createdRoomIn({ roomId: "482913" }), undefined);
  assert.equal(createdRoomIn({ roomId: 482913, hostKey: "key" }), undefined);
  assert.equal(createdRoomIn("482913"), undefined);
});
