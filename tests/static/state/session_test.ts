/** One participant of the page: joining, leaving, and the way back after a lost connection. */
import assert from "node:assert/strict";
import type { ServerMessageOf } from "../../../src/protocol/mod.ts";
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import {
  MAX_REJOINS,
  Session,
  SHUTDOWN_WAIT_MS,
  STABLE_MS,
  WELCOME_TIMEOUT_MS,
} from "../../../static/state/session.ts";
import type { JoinRequest } from "../../../static/state/session_state.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PageSockets } from "../../support/page_sockets.ts";

const request: JoinRequest = { roomId: parseRoomId("test")!, userId: parseUserId("ann")! };

Deno.test("[CO2] Session is open when the server has said welcome, not before", () => {
  const { session, sockets } = setUp();

  session.connect();
  const before = session.state;
  sockets.last.welcome();

  assert.deepEqual(before, { phase: "connecting", attempt: 0 });
  assert.deepEqual(session.state, { phase: "open", connectionId: "c1", isJoining: false });
});

Deno.test("Session.connect does nothing while there is a connection", () => {
  const { session, sockets } = setUp();

  session.connect();
  session.connect();
  sockets.last.welcome();
  session.connect();

  assert.equal(sockets.all.length, 1);
});

Deno.test("[JO1] Session.join connects, and joins when the server has said welcome", () => {
  const { session, sockets } = setUp();

  session.join(request);
  const early = sockets.last.sent;
  sockets.last.welcome();

  assert.deepEqual(early, []);
  const { requestId, ...join } = sockets.last.sent[0] ?? {};
  assert.deepEqual(join, { type: "join", roomId: "test", userId: "ann" });
  assert.equal(typeof requestId, "string");
});

Deno.test("[JO2] Session is joined as whom the server says", () => {
  const { session, sockets } = setUp();

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
  const { session, sockets, refused } = setUp();
  session.join(request);
  sockets.last.welcome();

  sockets.last.receive(error("room-full", sockets.last.sent[0]?.requestId));

  assert.deepEqual(refused.map(({ code }) => code), ["room-full"]);
  assert.deepEqual(session.state, { phase: "open", connectionId: "c1", isJoining: false });
});

Deno.test("Session takes an error with another requestId for no answer to its join", () => {
  const { session, sockets, refused, received } = setUp();
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
  const { session, sockets } = setUp();
  session.connect();
  sockets.last.welcome();

  session.leave();

  assert.deepEqual(sockets.last.sent, []);
});

for (const code of [1001, 1005, 1006, 1011, 1012]) {
  Deno.test(`[CO9] Session reconnects and rejoins after close code ${code}`, () => {
    const { session, sockets, clock } = joinedSession();

    sockets.last.lose(code, "gone");
    const during = session.state;
    clock.advance(500);
    sockets.last.welcome().joined("test", "ann");

    assert.equal(during.phase, "reconnecting");
    assert.equal(sockets.all.length, 2);
    assert.equal(sockets.last.sent[0]?.type, "join");
    assert.equal(sockets.last.sent[0]?.userId, "ann");
    assert.equal(session.state.phase, "joined");
  });
}

for (const [code, reason] of [[1000, ""], [1008, "rate-limited"]] as const) {
  Deno.test(`[CO9] Session stays closed after close code ${code}, and says why`, () => {
    const { session, sockets, clock } = joinedSession();

    sockets.last.lose(code, reason);
    clock.advance(120_000);

    assert.deepEqual(session.state, { phase: "closed", code, reason });
    assert.equal(sockets.all.length, 1);
    assert.equal(clock.pending, 0);
  });
}

Deno.test("[CO9] Session waits longer from attempt to attempt", () => {
  const { session, sockets, clock } = setUp();
  session.connect();
  const pauses: number[] = [];

  for (let count = 0; count < 4; count++) {
    sockets.last.lose(1006);
    if (session.state.phase !== "reconnecting") assert.fail(session.state.phase);
    pauses.push(session.state.pauseMs);
    clock.advance(session.state.pauseMs);
  }

  assert.deepEqual(pauses, [375, 750, 1_500, 3_000]);
});

Deno.test("[CO9] Session begins with the short pause again after a connection that lasted", () => {
  const { session, sockets, clock } = setUp();
  session.connect();
  for (let count = 0; count < 3; count++) {
    sockets.last.lose(1006);
    session.connect();
  }
  sockets.last.welcome();
  answerPings(sockets, clock, STABLE_MS);

  sockets.last.lose(1006);

  if (session.state.phase !== "reconnecting") assert.fail(session.state.phase);
  assert.equal(session.state.attempt, 1);
});

Deno.test("[ER4] Session comes back no sooner than a stopping server asked", () => {
  const { session, sockets, clock } = joinedSession();

  sockets.last.receive({ ...error("server-shutting-down"), reconnectAfterMs: 4_000 });
  sockets.last.lose(1012, "server-shutting-down");
  clock.advance(4_000);
  const early = sockets.all.length;
  clock.advance(500);
  sockets.last.welcome();

  assert.equal(early, 1);
  assert.equal(sockets.all.length, 2);
  assert.equal(sockets.last.sent[0]?.type, "join");
  assert.equal(session.state.phase, "open");
});

Deno.test("[ER4] Session does not wait for ever for a stopping server to close", () => {
  const { session, sockets, clock } = joinedSession();

  sockets.last.receive(error("server-shutting-down"));
  clock.advance(SHUTDOWN_WAIT_MS);

  assert.equal(session.state.phase, "reconnecting");
  assert.equal(sockets.all[0]?.closedWith, 1000);
});

Deno.test("[JO5] Session tries again on its way back while the server still holds its id", () => {
  const { session, sockets, clock, refused } = joinedSession();
  sockets.last.lose(1006);
  clock.advance(500);
  sockets.last.welcome();

  for (let count = 0; count < 3; count++) {
    sockets.last.receive(error("user-id-taken", sockets.last.sent.at(-1)?.requestId));
    answerPings(sockets, clock, 4_000);
  }
  sockets.last.joined("test", "ann");

  assert.equal(refused.length, 0);
  assert.equal(session.state.phase, "joined");
});

Deno.test("[JO5] Session gives its id up on the way back after some tries", () => {
  const { sockets, clock, refused } = joinedSession();
  sockets.last.lose(1006);
  clock.advance(500);
  sockets.last.welcome();

  for (let count = 0; count <= MAX_REJOINS; count++) {
    sockets.last.receive(error("user-id-taken", sockets.last.sent.at(-1)?.requestId));
    answerPings(sockets, clock, 30_000);
  }

  assert.deepEqual(refused.map(({ code }) => code), ["user-id-taken"]);
});

Deno.test("[JO5] Session does not try again when somebody picked a taken id", () => {
  const { session, sockets, refused } = setUp();
  session.join(request);
  sockets.last.welcome();

  sockets.last.receive(error("user-id-taken", sockets.last.sent[0]?.requestId));

  assert.deepEqual(refused.map(({ code }) => code), ["user-id-taken"]);
});

Deno.test("Session rejoins the room that a join by hand led to", () => {
  const { session, sockets, clock } = setUp();
  session.connect();
  sockets.last.welcome();
  session.sendText('{"type":"join","roomId":"other","userId":"zed"}');
  sockets.last.joined("other", "zed");

  sockets.last.lose(1006);
  clock.advance(500);
  sockets.last.welcome();

  assert.equal(sockets.last.sent[0]?.roomId, "other");
  assert.equal(sockets.last.sent[0]?.userId, "zed");
});

Deno.test("Session takes a server that says nothing for none", () => {
  const { session, sockets, clock } = setUp();
  session.connect();

  clock.advance(WELCOME_TIMEOUT_MS);

  assert.equal(session.state.phase, "reconnecting");
  assert.equal(sockets.all[0]?.closedWith, 1000);
});

Deno.test("Session.connect ends a pause at once", () => {
  const { session, sockets } = setUp();
  session.connect();
  sockets.last.lose(1006);

  session.connect();

  assert.equal(sockets.all.length, 2);
  assert.deepEqual(session.state, { phase: "connecting", attempt: 1 });
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
  const { session, sockets, logged } = setUp();
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

function setUp() {
  const clock = new FakeClock();
  const sockets = new PageSockets();
  const logged: [string, unknown][] = [];
  const received: string[] = [];
  const refused: ServerMessageOf<"error">[] = [];
  const measured: number[] = [];
  const session = new Session({
    clock,
    connect: sockets.connect,
    random: () => 0.5,
    pingPeriodMs: 5_000,
    handler: {
      changed: () => {},
      logged: (direction, message) => logged.push([direction, message]),
      received: (message) => received.push(message.type),
      refused: (error) => refused.push(error),
      measured: (roundTripMs) => measured.push(roundTripMs),
    },
  });
  return { session, sockets, clock, logged, received, refused, measured };
}

function joinedSession() {
  const parts = setUp();
  parts.session.join(request);
  parts.sockets.last.welcome().joined("test", "ann");
  return parts;
}

/** Lets time pass on a connection that is alive. */
function answerPings(sockets: PageSockets, clock: FakeClock, ms: number): void {
  for (let passed = 0; passed < ms; passed += 1_000) {
    clock.advance(1_000);
    sockets.last.receive({ type: "pong", at: -1 });
  }
}

function error(code: string, requestId?: unknown): Record<string, unknown> {
  return { type: "error", code, message: "Cannot", ...(requestId ? { requestId } : {}) };
}
