/** A session of the page that takes its seat again after a lost connection (rules RE1-RE9). */
import assert from "node:assert/strict";
import { error, idleSession, request } from "../../support/session_fixture.ts";

const bob = { userId: "bob", role: "participant", state: {}, joinedAt: 1 };
const room = { roomId: "test", kind: "meeting", topology: "mesh", createdAt: 1 };

/** A session in room `test` that may resume, and has heard up to message `seq`. */
function resumableSession(seq: number) {
  const parts = idleSession();
  parts.session.join(request);
  const { sockets } = parts;
  sockets.last.welcome().receive({
    type: "joined",
    roomId: "test",
    userId: "ann",
    users: ["ann"],
    participants: [{ ...bob, userId: "ann" }],
    room,
    resumeToken: "secret",
    requestId: sockets.last.sent[0]?.requestId,
  });
  for (let n = 1; n <= seq; n++) sockets.last.receive({ type: "pong", at: -1, seq: n });
  return parts;
}

/** Loses the connection and lets the session come back as far as the welcome. */
function comeBack({ session, sockets, clock }: ReturnType<typeof resumableSession>) {
  sockets.last.lose(1006);
  clock.advance(session.state.phase === "reconnecting" ? session.state.pauseMs : 0);
  sockets.last.welcome();
  return sockets.last.sent[0];
}

Deno.test("[RE1] Session asks for a seat that is kept", () => {
  const { sockets } = resumableSession(0);

  assert.equal(sockets.last.sent[0]?.resumable, true);
});

Deno.test("[RE4] Session resumes after the last message it heard, and is in the room again", () => {
  const parts = resumableSession(3);

  const sent = comeBack(parts);
  parts.sockets.last.receive({
    type: "resumed",
    missed: 1,
    lastSeq: 4,
    requestId: sent?.requestId,
  });
  parts.sockets.last.receive({
    ...{ type: "chat", from: "bob", text: "hi", at: 1, messageId: "1", seq: 4 },
  });

  assert.deepEqual([sent?.type, sent?.resumeToken, sent?.lastSeq], ["resume", "secret", 3]);
  assert.equal(parts.session.state.phase, "joined");
  assert.deepEqual(parts.received.slice(-2), ["resumed", "chat"]);
  assert.equal(parts.sockets.last.sent.some(({ type }) => type === "join"), false);
});

Deno.test("[RE7] Session resumes again and again, each time after what it heard", () => {
  const parts = resumableSession(1);
  for (let seq = 2; seq < 6; seq++) {
    const sent = comeBack(parts);
    assert.equal(sent?.lastSeq, seq - 1);
    parts.sockets.last.receive({
      ...{ type: "resumed", missed: 1, lastSeq: seq, requestId: sent?.requestId },
    });
    parts.sockets.last.receive({ type: "pong", at: -1, seq });
  }
});

Deno.test("[RE5] Session goes on from a snapshot", () => {
  const parts = resumableSession(1);

  const first = comeBack(parts);
  const snapshot = { users: ["ann", "bob"], participants: [bob], room };
  parts.sockets.last.receive({
    ...{ type: "resumed", missed: 0, lastSeq: 900, snapshot, requestId: first?.requestId },
  });
  const second = comeBack(parts);

  assert.equal(second?.lastSeq, 900);
});

Deno.test("[RE8] Session joins anew where the seat is gone, and tells nobody of it", () => {
  const parts = resumableSession(1);

  const sent = comeBack(parts);
  parts.sockets.last.receive(error("resume-expired", sent?.requestId));
  const join = parts.sockets.last.sent[1];
  parts.sockets.last.joined("test", "ann");

  assert.deepEqual([join?.type, join?.userId, join?.resumable], ["join", "ann", true]);
  assert.equal(parts.session.state.phase, "joined");
  assert.deepEqual(parts.refused, []);
  assert.equal(parts.received.includes("error"), false);
});

Deno.test("[RE3] Session gives up a connection without giving up its seat", () => {
  const parts = resumableSession(1);
  const { sockets, clock } = parts;

  // Nothing answers the pings any more.
  clock.advance(60_000);

  assert.equal(sockets.all[0]?.closedWith, 4000);
});

Deno.test("[RE3] Session.disconnect is a departure: nothing is resumed after it", () => {
  const parts = resumableSession(1);

  parts.session.disconnect();
  parts.session.join(request);
  parts.sockets.last.welcome();

  assert.equal(parts.sockets.all[0]?.closedWith, 1000);
  assert.equal(parts.sockets.last.sent[0]?.type, "join");
});

Deno.test("[RE8] Session resumes nothing after it left the room", () => {
  const parts = resumableSession(1);
  parts.session.leave();
  parts.sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann" });

  comeBack(parts);

  assert.deepEqual(parts.sockets.last.sent, []);
});

Deno.test("[CO9] Session stays closed when another connection took its seat over", () => {
  const parts = resumableSession(1);

  parts.sockets.last.lose(4001, "taken-over");
  parts.clock.advance(120_000);

  assert.equal(parts.session.state.phase, "closed");
  assert.equal(parts.sockets.all.length, 1);
});

Deno.test("[LE1] Session leaves the seat it comes back to when it was left meanwhile", () => {
  const parts = resumableSession(1);
  const { session, sockets, clock } = parts;
  sockets.last.lose(1006);

  session.leave();
  clock.advance(500);
  sockets.last.welcome();
  const requestId = sockets.last.sent[0]?.requestId;
  sockets.last.receive({ type: "resumed", missed: 0, lastSeq: 1, requestId });
  sockets.last.receive({ type: "leaved", roomId: "test", userId: "ann", seq: 2 });

  assert.deepEqual(sockets.last.sent.map(({ type }) => type), ["resume", "leave"]);
  assert.ok(session.state.phase === "open" && !session.state.isJoining);
});

Deno.test("[RE8] Session stays out of a room that was left while its seat ran out", () => {
  const parts = resumableSession(1);
  const { session, sockets, clock } = parts;
  sockets.last.lose(1006);

  session.leave();
  clock.advance(500);
  sockets.last.welcome();
  sockets.last.receive(error("resume-expired", sockets.last.sent[0]?.requestId));

  assert.deepEqual(sockets.last.sent.map(({ type }) => type), ["resume"]);
  assert.ok(session.state.phase === "open" && !session.state.isJoining);
});
