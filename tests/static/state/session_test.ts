/** One participant of the page: joining, leaving, and what passes in between. */
import assert from "node:assert/strict";
import { error, idleSession, joinedSession, request } from "../../support/session_fixture.ts";

Deno.test("[CO2] Session is open when the server has said welcome, not before", () => {
  const { session, sockets } = idleSession();

  session.connect();
  const before = session.state;
  sockets.last.welcome();

  assert.deepEqual(before, { phase: "connecting", attempt: 0 });
  assert.deepEqual(session.state, { phase: "open", connectionId: "c1", isJoining: false });
});

Deno.test("Session.connect does nothing while there is a connection", () => {
  const { session, sockets } = idleSession();

  session.connect();
  session.connect();
  sockets.last.welcome();
  session.connect();

  assert.equal(sockets.all.length, 1);
});

Deno.test("[JO1] Session.join connects, and joins when the server has said welcome", () => {
  const { session, sockets } = idleSession();

  session.join(request);
  const early = sockets.last.sent;
  sockets.last.welcome();

  assert.deepEqual(early, []);
  const { requestId, ...join } = sockets.last.sent[0] ?? {};
  assert.deepEqual(join, { type: "join", roomId: "test", userId: "ann", resumable: true });
  assert.equal(typeof requestId, "string");
});

Deno.test("[JO2] Session is joined as whom the server says", () => {
  const { session, sockets } = idleSession();

  session.join({ roomId: request.roomId });
  sockets.last.welcome().joined("test", "bob", "guest7");

  assert.deepEqual(session.state, {
    phase: "joined",
    connectionId: "c1",
    roomId: "test",
    userId: "guest7",
  });
});

Deno.test("[ER1] Session tells why a join was refused, and is open in no room", () => {
  const { session, sockets, refused } = idleSession();
  session.join(request);
  sockets.last.welcome();

  sockets.last.receive(error("room-full", sockets.last.sent[0]?.requestId));

  assert.deepEqual(refused.map(({ code }) => code), ["room-full"]);
  assert.deepEqual(session.state, { phase: "open", connectionId: "c1", isJoining: false });
});

Deno.test("Session takes an error with another requestId for no answer to its join", () => {
  const { session, sockets, refused, received } = idleSession();
  session.join(request);
  sockets.last.welcome().receive(error("bad-message", "other"));

  assert.equal(refused.length, 0);
  assert.ok(received.includes("error"));
  assert.deepEqual(session.state, { phase: "open", connectionId: "c1", isJoining: true });
});

Deno.test("[LE2] Session.leave is over when the server says leaved, and the session stays open", () => {
  const { session, sockets } = joinedSession();

  session.leave();
  const before = session.state.phase;
  sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann", reason: "left" });

  assert.equal(before, "joined");
  assert.equal(sockets.last.sent.at(-1)?.type, "leave");
  assert.equal(session.state.phase, "open");
});

Deno.test("[LE6] Session is open in no room when the server ends the stay, and does not go back", () => {
  const { session, sockets, clock } = joinedSession();

  sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann", reason: "room-ended" });
  sockets.last.lose(1006);
  clock.advance(1_000);
  sockets.last.welcome();

  assert.deepEqual(sockets.last.sent, []);
  assert.equal(session.state.phase, "open");
});

Deno.test("Session.leave says nothing in no room", () => {
  const { session, sockets } = idleSession();
  session.connect();
  sockets.last.welcome();

  session.leave();

  assert.deepEqual(sockets.last.sent, []);
});

Deno.test("[JO5] Session does not try again when somebody picked a taken id", () => {
  const { session, sockets, refused } = idleSession();
  session.join(request);
  sockets.last.welcome();

  sockets.last.receive(error("user-id-taken", sockets.last.sent[0]?.requestId));

  assert.deepEqual(refused.map(({ code }) => code), ["user-id-taken"]);
});

Deno.test("Session.disconnect is final, closes the socket and leaves no timer", () => {
  const { session, sockets, clock } = joinedSession();

  session.disconnect();
  session.disconnect();
  sockets.last.lose(1006);
  sockets.last.receive({ type: "pong", at: 0 });

  assert.deepEqual(session.state, { phase: "closed", code: 1000, reason: "" });
  assert.equal(sockets.last.closedWith, 1000);
  assert.equal(clock.pending, 0);
});

Deno.test("Session.sendText sends anything as it is and says false without a connection", () => {
  const { session, sockets, logged } = idleSession();
  const early = session.sendText("x");
  session.connect();
  const beforeWelcome = session.sendText("x");
  sockets.last.welcome();

  const sent = session.sendText("{not json");

  assert.deepEqual([early, beforeWelcome, sent], [false, false, true]);
  assert.equal(sockets.last.frames.at(-1), "{not json");
  assert.deepEqual(logged.at(-1), ["out", { raw: "{not json" }]);
});

Deno.test("[CO6] Session takes the messages of one frame in order", () => {
  const { session, sockets, received } = joinedSession();
  received.length = 0;

  sockets.last.receive({ type: "ok" }, { type: "data", from: "bob" }, {
    type: "leaved",
    roomId: "test",
    userId: "ann",
  });

  assert.deepEqual(received, ["ok", "data", "leaved"]);
  assert.equal(session.state.phase, "open");
});

Deno.test("Session logs what it does not understand and goes on", () => {
  const { session, sockets, logged, received } = joinedSession();
  received.length = 0;

  sockets.last.receiveText("{broken").receive(5, { type: "from-the-future" }, { type: "joined" });

  assert.deepEqual(received, []);
  assert.deepEqual(logged.slice(-4).map(([, message]) => message), [
    { raw: "{broken" },
    5,
    { type: "from-the-future" },
    { type: "joined" },
  ]);
  assert.equal(session.state.phase, "joined");
});

Deno.test("[PI1] Session measures the round trip of every connection", () => {
  const { sockets, clock, measured } = joinedSession();
  const ping = sockets.last.all.find(({ type }) => type === "ping");

  clock.advance(12);
  sockets.last.receive({ type: "pong", at: ping?.at });

  assert.deepEqual(measured, [12]);
});
