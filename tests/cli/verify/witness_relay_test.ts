/** What a witness makes of relayed messages and of seats that outlive connections. */
import assert from "node:assert/strict";
import { assertFinding, joinedMessage, setUp, userJoined } from "../../support/witness_scene.ts";

const SENT = { type: "offer", from: "bob", body: "v=0", sentAt: 10, step: 1 } as const;
const OFFER = { type: "offer", from: "bob", description: { type: "offer", sdp: "v=0" } };

Deno.test("[RL1] Witness measures a relayed message and answers it", () => {
  const { run, witness } = setUp();
  let arrivals = 0;
  witness.relays.expect({ ...SENT, onArrival: () => arrivals++ });

  witness.receive(OFFER, 15);

  assert.deepEqual([run.findings.total, arrivals, run.latencies.relay.maxMs], [0, 1, 5]);
});

for (
  const [what, rule, change] of [
    ["twice", "RL1", OFFER],
    ["of another room's user", "OR2", { ...OFFER, from: "far" }],
    ["of a stranger", "RL4", { ...OFFER, from: "mallory" }],
    ["without description", "RL1", { ...OFFER, description: undefined }],
    ["of somebody else", "RL1", { ...OFFER, from: "late" }],
  ] as const
) {
  Deno.test(`[${rule}] Witness reports a relayed message ${what}`, () => {
    const { run, witness } = setUp();
    witness.relays.expect(SENT);
    if (what === "twice") witness.receive(OFFER, 15);

    witness.receive(change, 16);

    assertFinding(run, { rule });
  });
}

Deno.test("[OR3] Witness reports a relayed message before one that was sent earlier", () => {
  const { run, witness } = setUp();
  witness.relays.expect({ ...SENT, body: "v=1" });
  witness.relays.expect(SENT);

  witness.receive(OFFER, 15);

  assertFinding(run, { rule: "OR3" });
});

Deno.test("[RE2] Witness reports a number that is missing, and one that comes again", () => {
  const { run, witness } = setUp({ isJoined: false });
  witness.receive({ ...joinedMessage(["ann"]), resumeToken: "secret" }, 0);
  witness.receive({ ...userJoined("bob"), seq: 1 }, 0);
  assert.equal(run.findings.total, 0);

  witness.receive({ type: "pong", at: 1, seq: 3 }, 0);
  witness.receive({ type: "pong", at: 1, seq: 3 }, 0);
  witness.receive({ type: "pong", at: 1 }, 0);

  assert.deepEqual(run.findings.kept.map(({ rule, seen }) => [rule, seen]), [
    ["RE2", "seq 3"],
    ["RE2", "seq 3"],
    ["RE2", "seq nothing"],
  ]);
});

Deno.test("[RE3] Witness knows who is away, from the roster and from updates", () => {
  const { run, witness } = setUp({ isJoined: false });
  const message = joinedMessage(["bob", "ann"]);
  witness.receive({
    ...message,
    participants: [{ userId: "bob", name: "bob", connected: false }, {
      userId: "ann",
      name: "ann",
    }],
  }, 0);
  assert.equal(witness.seats.someoneAway, "bob");

  witness.receive({ type: "participant-updated", userId: "bob", connected: true }, 0);

  assert.deepEqual([witness.seats.someoneAway, run.findings.total], [undefined, 0]);
});

Deno.test("[RE4] Witness measures a resume, and reports a snapshot in the place of messages", () => {
  const { run, witness } = setUp();
  const settled: boolean[] = [];
  for (const sentAt of [5, 6]) {
    witness.requests.add({
      type: "resume",
      sentAt,
      step: 1,
      settle: ({ isOk }) => settled.push(isOk),
    });
  }

  witness.receive({ type: "resumed", missed: 0, lastSeq: 0, requestId: 1 }, 9);
  assert.deepEqual([run.findings.total, run.latencies.resume.maxMs], [0, 4]);
  witness.receive({ type: "resumed", missed: 0, lastSeq: 9, snapshot: {}, requestId: 2 }, 9);

  assertFinding(run, { rule: "RE4" });
  assert.deepEqual(settled, [true, true]);
});

Deno.test("[ME4] Witness reports an ok that nobody asked for", () => {
  const { run, witness } = setUp();
  witness.requests.add({ type: "offer", sentAt: 0, step: 1, settle: () => {} });
  witness.receive({ type: "ok", requestId: 1 }, 0);
  assert.equal(run.findings.total, 0);

  witness.receive({ type: "ok", requestId: 1 }, 0);

  assertFinding(run, { rule: "ME4", seen: "another answer to the same request" });
});
