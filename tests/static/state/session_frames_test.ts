/** Binary frames over the socket of a session: only from a seat, and only from the present socket. */
import assert from "node:assert/strict";
import { idleSession, joinedSession } from "../../support/session_fixture.ts";

const FRAME = new Uint8Array([1, 2, 3]);

Deno.test("[FR6] Session.sendFrame sends from a seat, and nothing without one", () => {
  const { session, sockets } = joinedSession();
  const idle = idleSession();
  idle.session.connect();
  idle.sockets.last.welcome();

  const wasSent = session.sendFrame(FRAME);

  assert.deepEqual([wasSent, sockets.last.bytes], [true, [FRAME]]);
  assert.deepEqual([idle.session.sendFrame(FRAME), idle.sockets.last.bytes], [false, []]);
});

Deno.test("[FR6] Session hands on the frames of its socket, and none of a former one", () => {
  const { session, sockets, frames } = joinedSession();
  const former = sockets.last;
  former.receiveBytes(FRAME);

  former.lose(1006);
  session.connect();
  former.receiveBytes(FRAME);

  assert.deepEqual(frames, [FRAME]);
});

Deno.test("[FR6] Session.bufferedAmount is that of the socket, 0 without one", () => {
  const { session, sockets } = joinedSession();
  sockets.last.bufferedAmount = 700;
  const before = session.bufferedAmount;

  session.disconnect();

  assert.deepEqual([before, session.bufferedAmount], [700, 0]);
});
