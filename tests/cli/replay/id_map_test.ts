/** Ids that the server makes anew, and the prefix of rooms, there and back. */
import assert from "node:assert/strict";
import { IdMap } from "../../../cli/replay/id_map.ts";

Deno.test("IdMap passes on what it has learned of users, rooms and secrets, both ways", () => {
  const ids = new IdMap("");
  ids.learn(
    { type: "room-created", roomId: "111111", hostKey: "old-key" },
    { type: "room-created", roomId: "222222", hostKey: "new-key" },
  );
  ids.learn(
    { type: "joined", roomId: "111111", userId: "guest-a", resumeToken: "old" },
    { type: "joined", roomId: "222222", userId: "guest-b", resumeToken: "new" },
  );

  assert.deepEqual(ids.toNow({ type: "join", roomId: "111111", hostKey: "old-key" }), {
    type: "join",
    roomId: "222222",
    hostKey: "new-key",
  });
  assert.deepEqual(ids.toNow({ type: "chat", to: "guest-a", text: "guest-a" }), {
    type: "chat",
    to: "guest-b",
    text: "guest-a",
  });
  assert.deepEqual(ids.toNow({ type: "resume", resumeToken: "old" }), {
    type: "resume",
    resumeToken: "new",
  });
  const seen = { users: ["guest-b"], participants: [{ userId: "guest-b" }], roomId: "222222" };
  assert.deepEqual(ids.toCaptured(seen), {
    users: ["guest-a"],
    participants: [{ userId: "guest-a" }],
    roomId: "111111",
  });
});

Deno.test("IdMap puts a prefix before rooms, and takes it off again", () => {
  const ids = new IdMap("replay-");

  const now = ids.toNow({ type: "join", roomId: "test", userId: "ann" });

  assert.deepEqual(now, { type: "join", roomId: "replay-test", userId: "ann" });
  assert.deepEqual(ids.toCaptured({ room: { roomId: "replay-test" } }), {
    room: { roomId: "test" },
  });
});

Deno.test("IdMap leaves alone what applications send through a room", () => {
  const ids = new IdMap("replay-");
  const data = { type: "data", payload: { roomId: "test", from: "ann" } };

  assert.deepEqual(ids.toNow(data), data);
  assert.deepEqual(ids.toCaptured(data), data);
});

Deno.test("IdMap learns nothing from a message that is another, or none", () => {
  const ids = new IdMap("");

  ids.learn({ type: "joined", userId: "a" }, { type: "error", userId: "b" });
  ids.learn({ type: "chat", from: "a" }, { type: "chat", from: "b" });
  ids.learn(undefined, "text");

  assert.deepEqual(ids.toNow({ userId: "a" }), { userId: "a" });
  assert.equal(ids.toNow("text"), "text");
});
