/**
 * One witness and the messages that it may get, for the tests of `Witness`.
 */
import assert from "node:assert/strict";
import { RoomHistory, RunRecord, type Stay, Witness } from "../../cli/verify/mod.ts";

/** A witness in its room. */
export type Scene = { run: RunRecord; room: RoomHistory; witness: Witness; ann: Stay };

/** Ann's eyes in room "test", where Bob is known too; Far is in another room, Late never joined. */
export function setUp({ isGreeted = true, isJoined = true } = {}): Scene {
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

export function joinedMessage(users: readonly string[]): Record<string, unknown> {
  return {
    type: "joined",
    roomId: "test",
    userId: "ann",
    users,
    participants: users.map((userId) => ({ userId, name: userId })),
    requestId: 1,
  };
}

export function joined(witness: Witness, users: readonly string[], at: number): void {
  witness.receive(joinedMessage(users), at);
}

export function userJoined(userId: string, name = userId): Record<string, unknown> {
  return { type: "user-joined", roomId: "test", userId, participant: { userId, name } };
}

export function chat(from: string, text: string): Record<string, unknown> {
  return { type: "chat", from, text, at: 0, messageId: "1" };
}

export function assertFinding(
  run: RunRecord,
  expected: { rule: string; message?: string; seen?: string },
): void {
  const [finding] = run.findings.kept;
  assert.ok(finding !== undefined && run.findings.total === 1, JSON.stringify(run.findings.kept));
  assert.equal(finding.userId, "ann");
  assert.equal(finding.roomId, "test");
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(finding[name as keyof typeof expected], value);
  }
}
