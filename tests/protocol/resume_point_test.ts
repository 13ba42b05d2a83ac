/** How far a client has heard. */
import assert from "node:assert/strict";
import { ResumePoint } from "../../src/protocol/mod.ts";

const joined = { type: "joined", resumeToken: "secret" };

function after(...messages: Record<string, unknown>[]): ResumePoint {
  const point = new ResumePoint();
  for (const message of messages) point.read(message);
  return point;
}

Deno.test("[RE1] ResumePoint has nothing to ask for before a token came", () => {
  assert.equal(after().request, undefined);
  assert.equal(after({ type: "joined" }).request, undefined);
  assert.equal(after({ type: "joined", resumeToken: 7 }).request, undefined);
});

Deno.test("[RE4] ResumePoint asks for what comes after the largest seq", () => {
  assert.deepEqual(after(joined).request, { type: "resume", resumeToken: "secret", lastSeq: 0 });
  const point = after(joined, { type: "chat", seq: 1 }, { type: "pong", seq: 4 }, { seq: 2 });
  assert.equal(point.request?.lastSeq, 4);
});

Deno.test("[RE5] ResumePoint goes on from a snapshot, and not from what is still to come", () => {
  const resumed = { type: "resumed", missed: 2, lastSeq: 9 };

  assert.equal(after(joined, { seq: 7 }, resumed).request?.lastSeq, 7);
  assert.equal(after(joined, { seq: 7 }, { ...resumed, snapshot: {} }).request?.lastSeq, 9);
});

Deno.test("[RE8] ResumePoint forgets the seat with the room, and starts anew with the next", () => {
  assert.equal(after(joined, { seq: 3 }, { type: "leaved" }).request, undefined);
  const next = after(joined, { seq: 3 }, { type: "joined", resumeToken: "other" });
  assert.deepEqual(next.request, { type: "resume", resumeToken: "other", lastSeq: 0 });
});

Deno.test("[RE2] ResumePoint takes no number from what is none", () => {
  const strange = [{ seq: "9" }, { seq: null }, { type: "resumed", snapshot: {}, lastSeq: "9" }];

  assert.equal(after(joined, ...strange).request?.lastSeq, 0);
});
