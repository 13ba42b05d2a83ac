/** The way back of a session whose connection was lost, and the ends that are final. */
import assert from "node:assert/strict";
import {
  MAX_REJOINS,
  SHUTDOWN_WAIT_MS,
  STABLE_MS,
  WELCOME_TIMEOUT_MS,
} from "../../../static/state/session.ts";
import { answerPings, error, idleSession, joinedSession } from "../../support/session_fixture.ts";

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
  const { session, sockets, clock } = idleSession();
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
  const { session, sockets, clock } = idleSession();
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
  assert.equal(sockets.all[0]?.closedWith, 4000);
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

Deno.test("Session rejoins the room that a join by hand led to", () => {
  const { session, sockets, clock } = idleSession();
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
  const { session, sockets, clock } = idleSession();
  session.connect();

  clock.advance(WELCOME_TIMEOUT_MS);

  assert.equal(session.state.phase, "reconnecting");
  assert.equal(sockets.all[0]?.closedWith, 4000);
});

Deno.test("Session.connect ends a pause at once", () => {
  const { session, sockets } = idleSession();
  session.connect();
  sockets.last.lose(1006);

  session.connect();

  assert.equal(sockets.all.length, 2);
  assert.deepEqual(session.state, { phase: "connecting", attempt: 1 });
});
