/** What a witness makes of single messages: what it notes, and what it reports at once. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RoomHistory, RunRecord, type Stay, Witness } from "../../../cli/verify/mod.ts";

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
  assert.equal(run.joinLatency.maxMs, 12);
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

Deno.test("[JO3] Witness counts a user-joined", () => {
  const { run, witness, ann } = setUp();

  witness.receive(userJoined("bob"), 0);

  assert.equal(run.findings.total, 0);
  assert.equal(ann.view.length, 1);
  assert.equal(witness.rosterSize, 2);
});

for (
  const [what, rule, change] of [
    ["of oneself", "JO3", { userId: "ann", participant: { userId: "ann", name: "ann" } }],
    ["of a stranger", "JO3", { userId: "mallory", participant: { userId: "mallory" } }],
    ["of nobody", "JO3", { userId: undefined }],
    ["of something else", "JO3", { userId: { toString: "x" } as unknown }],
    ["without participant", "JO3", { participant: undefined }],
    ["with somebody else's participant", "JO3", { participant: { userId: "cleo", name: "bob" } }],
    ["with another name", "JO3", { participant: { userId: "bob", name: "Robert" } }],
    ["of a user of another room", "OR2", { userId: "far", participant: { userId: "far" } }],
    ["for another room", "JO3", { roomId: "elsewhere" }],
    ["from another room", "OR2", { roomId: "elsewhere", userId: "far" }],
  ] as const
) {
  Deno.test(`[${rule}] Witness reports a user-joined ${what}`, () => {
    const { run, witness } = setUp();

    witness.receive({ ...userJoined("bob"), ...change }, 0);

    assert.equal(run.findings.kept[0]?.rule, rule, JSON.stringify(run.findings.kept));
  });
}

for (
  const [what, rule, change] of [
    ["of oneself", "LE3", { userId: "ann" }],
    ["of a stranger", "LE3", { userId: "mallory" }],
    ["of somebody who never joined", "LE3", { userId: "late" }],
    ["of a user of another room", "OR2", { userId: "far" }],
    ["for another room", "LE3", { roomId: 7 }],
  ] as const
) {
  Deno.test(`[${rule}] Witness reports a user-left ${what}`, () => {
    const { run, witness } = setUp();

    witness.receive(
      { type: "user-left", roomId: "test", userId: "bob", reason: "left", ...change },
      0,
    );

    assertFinding(run, { rule });
  });
}

Deno.test("[LE3] Witness tells the stays of a user who returned apart", () => {
  const { run, witness, ann, room } = setUp();
  witness.receive(userJoined("bob"), 0);
  witness.receive({ type: "user-left", roomId: "test", userId: "bob", reason: "left" }, 0);
  const second = room.addStay("bob", 1);

  witness.receive(userJoined("bob", second.name), 0);
  witness.receive({ type: "user-left", roomId: "test", userId: "bob", reason: "left" }, 0);

  assert.equal(run.findings.total, 0);
  const stays = [0, 1, 2, 3].map((position) => ann.view.eventAt(position) >> 2);
  assert.deepEqual(stays, [1, 1, second.index, second.index]);
});

Deno.test("[CH1] Witness measures every delivery", () => {
  const { run, witness, room, ann } = setUp();
  room.addChat(room.latestStay("bob")!, "Hello", { step: 2, sentAt: 10 });

  witness.receive(chat("bob", "Hello"), 17);

  assert.equal(run.findings.total, 0);
  assert.equal(run.broadcastLatency.maxMs, 7);
  assert.equal(witness.chatsSeen, 1);
  assert.equal(ann.view.length, 1);
});

for (
  const [what, rule, change] of [
    ["with another text", "CH2", { text: "Hullo" }],
    ["without text", "CH2", { text: undefined }],
    ["from another member", "CH1", { from: "ann" }],
    ["from a stranger", "CH1", { from: "mallory" }],
    ["from another room", "OR2", { from: "far" }],
    ["without messageId", "CH3", { messageId: undefined }],
    ["with another messageId", "CH3", { messageId: "9" }],
    ["that answers nothing", "ME4", { requestId: 99 }],
  ] as const
) {
  Deno.test(`[${rule}] Witness reports a chat ${what}`, () => {
    const { run, witness, room } = setUp();
    const sent = room.addChat(room.latestStay("bob")!, "Hello", { step: 2, sentAt: 0 });
    sent.messageId = "1";

    witness.receive({ ...chat("bob", "Hello"), ...change }, 0);

    assertFinding(run, { rule });
  });
}

for (const type of ["user-joined", "user-left", "chat"]) {
  Deno.test(`[OR2] Witness reports a ${type} while it is in no room`, () => {
    const { run, witness } = setUp();
    witness.stay = undefined;

    witness.receive({ type, roomId: "test", userId: "bob", from: "bob", text: "Hello" }, 0);

    assertFinding(run, { rule: "OR2" });
  });
}

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
  const message = fc.record({
    type: fc.constantFrom("joined", "user-joined", "user-left", "leaved", "chat", "error", "ok"),
    ...Object.fromEntries([...names, ...more].map((name) => [name, value])),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.boolean(), (messages, isJoined) => {
      const { witness } = setUp({ isJoined });
      for (const one of messages) witness.receive(one, 0);
    }),
    { numRuns: 3_000 },
  );
});

/** Ann's eyes in room "test", where Bob is known too; Far is in another room, Late never joined. */
function setUp({ isGreeted = true, isJoined = true } = {}) {
  const run = new RunRecord();
  const room = new RoomHistory("test");
  const witness = new Witness("ann", room, run);
  const ann: Stay = room.addStay("ann", 1);
  room.addStay("bob", 1);
  for (const userId of ["bob", "late"]) new Witness(userId, room, run);
  new Witness("far", new RoomHistory("elsewhere"), run);
  witness.stay = ann;
  if (isGreeted) witness.receive({ type: "welcome", protocol: "signalbox.v1" }, 0);
  if (isJoined) {
    ann.roster = [ann.index];
    witness.rosterSize = 1;
  } else {
    witness.requests.add({ type: "join", sentAt: 0, step: 1, settle: () => {} });
  }
  return { run, room, witness, ann };
}

function joinedMessage(users: readonly string[]): Record<string, unknown> {
  return {
    type: "joined",
    roomId: "test",
    userId: "ann",
    users,
    participants: users.map((userId) => ({ userId, name: userId })),
    requestId: 1,
  };
}

function joined(witness: Witness, users: readonly string[], at: number): void {
  witness.receive(joinedMessage(users), at);
}

function userJoined(userId: string, name = userId): Record<string, unknown> {
  return { type: "user-joined", roomId: "test", userId, participant: { userId, name } };
}

function chat(from: string, text: string): Record<string, unknown> {
  return { type: "chat", from, text, at: 0, messageId: "1" };
}

function assertFinding(
  run: RunRecord,
  expected: { rule: string; message?: string; seen?: string },
) {
  const [finding] = run.findings.kept;
  assert.ok(finding !== undefined && run.findings.total === 1, JSON.stringify(run.findings.kept));
  assert.equal(finding.userId, "ann");
  assert.equal(finding.roomId, "test");
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(finding[name as keyof typeof expected], value);
  }
}
