/** What a witness makes of greetings, answers and anything that is no message at all. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { assertFinding, joined, joinedMessage, setUp } from "../../support/witness_scene.ts";

Deno.test("[CO2] Witness reports a first message that is no welcome", () => {
  const { run, witness } = setUp({ isGreeted: false });

  witness.receive({ type: "pong", at: 1 }, 0);

  assertFinding(run, { rule: "CO2", message: "first message" });
});

Deno.test("[CO2] Witness reports a welcome to another protocol", () => {
  const { run, witness } = setUp({ isGreeted: false });

  witness.receive({ type: "welcome", protocol: "signalbox.v9" }, 0);

  assertFinding(run, { rule: "CO2", message: "first message" });
});

for (const message of [undefined, null, 7, "text", [], {}, { type: 7 }, { type: null }]) {
  Deno.test(`[ME1] Witness reports ${JSON.stringify(message)} and goes on`, () => {
    const { run, witness } = setUp();

    witness.receive(message, 0);

    assertFinding(run, { rule: "ME1", message: "a message" });
  });
}

Deno.test("[ME5] Witness takes types that it does not know", () => {
  const { run, witness } = setUp();

  witness.receive({ type: "stats-summary", viewerCount: 0 }, 0);
  witness.receive({ type: "from-the-future" }, 0);

  assert.equal(run.findings.total, 0);
});

Deno.test("[JO2] Witness notes roster and time of joined", () => {
  const { run, witness, ann, room } = setUp({ isJoined: false });

  joined(witness, ["bob", "ann"], 12);

  assert.equal(run.findings.total, 0);
  assert.deepEqual(ann.roster, [room.latestStay("bob")!.index, ann.index]);
  assert.equal(witness.rosterSize, 2);
  assert.equal(run.latencies.join.maxMs, 12);
});

Deno.test("[JO2] Witness reports a joined of another user", () => {
  const { run, witness } = setUp({ isJoined: false });

  witness.receive({ ...joinedMessage(["ann"]), userId: "bob" }, 0);

  assertFinding(run, { rule: "JO2", message: "joined", seen: '"bob"' });
});

for (
  const [what, change] of Object.entries({
    "no lists": { users: 7, participants: undefined },
    "lists of different lengths": { participants: [] },
    "participants of other people": { participants: [{ userId: "bob", name: "bob" }] },
  })
) {
  Deno.test(`[JO2] Witness reports a joined with ${what}`, () => {
    const { run, witness } = setUp({ isJoined: false });

    witness.receive({ ...joinedMessage(["ann"]), ...change }, 0);

    assert.ok(run.findings.total > 0);
    assert.deepEqual(run.findings.rules, ["JO2"]);
  });
}

Deno.test("[JO2] Witness reports a stranger in the roster", () => {
  const { run, witness, ann } = setUp({ isJoined: false });

  joined(witness, ["mallory", "ann"], 0);

  assertFinding(run, { rule: "JO2", seen: '"mallory", who is not of this run' });
  assert.equal(ann.roster?.[0], -1);
});

Deno.test("[OR2] Witness reports a user of another room in the roster", () => {
  const { run, witness } = setUp({ isJoined: false });

  joined(witness, ["far", "ann"], 0);

  assertFinding(run, { rule: "OR2", seen: '"far", who is in room "elsewhere"' });
});

Deno.test("[LE2] Witness ends the stay at the answer to leave", () => {
  const { run, witness, ann } = setUp();
  let answer: unknown;
  const requestId = witness.requests.add({
    type: "leave",
    sentAt: 0,
    step: 1,
    settle: (given) => answer = given,
  });

  witness.receive({ type: "leaved", roomId: "test", userId: "ann", reason: "left", requestId }, 0);

  assert.equal(run.findings.total, 0);
  assert.deepEqual(answer, { isOk: true, code: "" });
  assert.equal(witness.stay, undefined);
  assert.equal(ann.view.length, 1);
});

Deno.test("[LE6] Witness reports a leaved that nobody asked for", () => {
  const { run, witness } = setUp();

  witness.receive({ type: "leaved", roomId: "test", userId: "ann", reason: "room-ended" }, 0);

  assertFinding(run, { rule: "LE6", seen: 'reason "room-ended"' });
});

Deno.test("[ME4] Witness reports a second answer", () => {
  const { run, witness } = setUp({ isJoined: false });
  joined(witness, ["ann"], 0);

  joined(witness, ["ann"], 0);

  assertFinding(run, { rule: "ME4", seen: "another answer to the same request" });
});

Deno.test("[ER1] Witness reports an error with its code and sentence", () => {
  const { run, witness } = setUp();

  witness.receive({ type: "error", code: "internal-error", message: "Oops" }, 0);

  assertFinding(run, { rule: "ER1", seen: 'error "internal-error": Oops' });
});

Deno.test("[JO5] Witness lets a tolerated error pass to who asked", () => {
  const { run, witness } = setUp();
  let code = "";
  const requestId = witness.requests.add({
    type: "join",
    sentAt: 0,
    step: 1,
    tolerated: "user-id-taken",
    settle: (answer) => code = answer.code,
  });

  witness.receive({ type: "error", code: "user-id-taken", message: "Taken", requestId }, 0);

  assert.equal(run.findings.total, 0);
  assert.equal(code, "user-id-taken");
});

Deno.test("[ME1] Witness never throws, whatever a server sends", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("ann", "bob", "far", "test", 1, undefined),
  );
  const names = [
    "roomId",
    "userId",
    "users",
    "participants",
    "participant",
    "from",
    "text",
  ] as const;
  const more = ["reason", "requestId", "code", "message", "messageId", "protocol"] as const;
  const seats = ["description", "candidate", "connected", "resumeToken", "seq", "lastSeq"] as const;
  const message = fc.record({
    type: fc.constantFrom(
      ...["joined", "user-joined", "user-left", "leaved", "chat", "error", "ok", "offer", "answer"],
      ...["ice-candidate", "participant-updated", "resumed"],
    ),
    ...Object.fromEntries([...names, ...more, ...seats].map((name) => [name, value])),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.boolean(), (messages, isJoined) => {
      const { witness } = setUp({ isJoined });
      for (const one of messages) witness.receive(one, 0);
    }),
    { numRuns: 3_000 },
  );
});
