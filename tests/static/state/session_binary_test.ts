/** Binary frames of a session: out while it is in a room, in as long as its connection is its own. */
import assert from "node:assert/strict";
import { idleSession, joinedSession, request } from "../../support/session_fixture.ts";

const bytes = new Uint8Array([1, 2, 3]);

Deno.test("[FR6] Session.sendBytes sends a binary frame as it is", () => {
  const { session, sockets } = joinedSession();

  assert.equal(session.sendBytes(bytes), true);
  assert.deepEqual(sockets.last.binary, [bytes]);
});

Deno.test("[FR6] Session.sendBytes sends nothing without a seat", () => {
  const { session, sockets } = idleSession();
  const answers = [session.sendBytes(bytes)];

  session.join(request);
  answers.push(session.sendBytes(bytes));
  sockets.last.welcome();
  answers.push(session.sendBytes(bytes));

  assert.deepEqual(answers, [false, false, false]);
  assert.deepEqual(sockets.last.binary, []);
});

Deno.test("[FR8] Session.sendBytes sends nothing while the connection is lost", () => {
  const { session, sockets } = joinedSession();

  sockets.last.lose(1006);

  assert.equal(session.sendBytes(bytes), false);
});

Deno.test("[FR6] Session passes binary frames on, and none of a connection that it gave up", () => {
  const { session, sockets, binary } = joinedSession();
  const socket = sockets.last;

  socket.receiveBytes(4, 0);
  session.disconnect();
  socket.receiveBytes(4, 1);

  assert.deepEqual(binary, [new Uint8Array([4, 0])]);
});

Deno.test("Session.bufferedAmount is that of its socket, and nothing without one", () => {
  const { session, sockets } = joinedSession();
  sockets.last.bufferedAmount = 500;

  const amounts = [session.bufferedAmount];
  session.disconnect();
  amounts.push(session.bufferedAmount);

  assert.deepEqual(amounts, [500, 0]);
});
