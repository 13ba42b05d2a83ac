/** The company: added, named, listed, leaving and dropped. */
import assert from "node:assert/strict";
import { parseRoomId } from "../../../static/state/ids.ts";
import { MAX_SIMULATED_USERS, SimulatedUsers } from "../../../static/state/simulated_users.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type PageSocket, PageSockets } from "../../support/page_sockets.ts";

const target = { roomId: parseRoomId("test")!, base: "ann" };

Deno.test("SimulatedUsers.add gives each user a connection and a numbered id", () => {
  const { users, sockets } = setUp();

  const added = users.add(3, target);
  for (const socket of sockets.all) socket.welcome();

  assert.equal(added, 3);
  assert.deepEqual(sockets.all.map((socket) => socket.sent[0]?.userId), [
    "ann-1",
    "ann-2",
    "ann-3",
  ]);
  assert.deepEqual(users.list.value.map(({ userId }) => userId), ["ann-1", "ann-2", "ann-3"]);
});

Deno.test("SimulatedUsers.add adds no more than fit", () => {
  const { users, sockets } = setUp();

  const added = [users.add(40, target), users.add(40, target), users.add(-3, target)];

  assert.deepEqual(added, [40, MAX_SIMULATED_USERS - 40, 0]);
  assert.equal(sockets.all.length, MAX_SIMULATED_USERS);
});

Deno.test("[JO5] SimulatedUsers takes the next number when an id is taken", () => {
  const { users, sockets, clock } = setUp();
  users.add(1, target);
  sockets.last.welcome();

  refuse(sockets.last, "user-id-taken");
  const second = sockets.last.sent.at(-1);
  sockets.last.joined("test", "ann-2");
  clock.advance(50);

  assert.equal(second?.userId, "ann-2");
  assert.deepEqual(users.list.value.map(({ userId, state }) => [userId, state.phase]), [
    ["ann-2", "joined"],
  ]);
});

Deno.test("SimulatedUsers keeps a user in the list that the server would not have, with the code", () => {
  const { users, sockets, clock } = setUp();
  users.add(1, target);
  sockets.last.welcome();

  refuse(sockets.last, "room-full");
  clock.advance(50);

  assert.equal(users.list.value[0]?.refusal, "room-full");
});

Deno.test("[LE2] SimulatedUsers.leave says leave, and lets the user go when it is answered", () => {
  const { users, sockets } = setUp();
  users.add(1, target);
  sockets.last.welcome().joined("test", "ann-1");

  users.leave(users.list.value[0]!.key);
  const during = users.list.value.length;
  sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann-1", reason: "left" });

  assert.equal(sockets.last.sent.at(-1)?.type, "leave");
  assert.equal(during, 1);
  assert.deepEqual(users.list.value, []);
  assert.equal(sockets.last.closedWith, 1000);
});

Deno.test("SimulatedUsers.drop cuts the connection without a leave and leaves no timer", () => {
  const { users, sockets, clock } = setUp();
  users.add(1, target);
  sockets.last.welcome().joined("test", "ann-1");

  users.drop(users.list.value[0]!.key);
  users.drop(99);

  assert.notEqual(sockets.last.sent.at(-1)?.type, "leave");
  assert.equal(sockets.last.closedWith, 1000);
  assert.deepEqual(users.list.value, []);
  assert.equal(clock.pending, 0);
});

Deno.test("SimulatedUsers.leaveAll lets those go at once that are in no room", () => {
  const { users, sockets } = setUp();
  users.add(2, target);
  sockets.all[0]?.welcome().joined("test", "ann-1");

  users.leaveAll();

  assert.deepEqual(users.list.value.map(({ userId }) => userId), ["ann-1"]);
});

Deno.test("SimulatedUsers.sendTextAs sends as that user, and is logged under its id", () => {
  const { users, sockets, logged } = setUp();
  users.add(2, target);
  for (const [index, socket] of sockets.all.entries()) {
    socket.welcome().joined("test", `ann-${index + 1}`);
  }

  const sent = users.sendTextAs(users.list.value[1]!.key, '{"type":"leave"}');

  assert.equal(sent, true);
  assert.equal(users.sendTextAs(99, "{}"), false);
  assert.equal(sockets.all[1]?.frames.at(-1), '{"type":"leave"}');
  assert.deepEqual(logged.at(-1), [{ user: "ann-2", client: 2 }, "out", { type: "leave" }]);
});

function setUp() {
  const clock = new FakeClock();
  const sockets = new PageSockets();
  const logged: unknown[] = [];
  const users = new SimulatedUsers({
    clock,
    connect: sockets.connect,
    random: () => 0.5,
    logged: (...entry) => logged.push(entry),
  });
  return { users, sockets, clock, logged };
}

function refuse(socket: PageSocket, code: string): void {
  const requestId = socket.sent.at(-1)?.requestId;
  socket.receive({ type: "error", code, message: "Cannot join", requestId });
}
