/** What a witness makes of joins, departures and chat: what it notes, and what it reports at once. */
import assert from "node:assert/strict";
import { assertFinding, chat, setUp, userJoined } from "../../support/witness_scene.ts";

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
  assert.equal(run.latencies.broadcast.maxMs, 7);
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
