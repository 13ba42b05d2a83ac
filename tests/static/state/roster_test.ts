/** The roster as a reducer, and what of it is told aloud. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import {
  EMPTY_ROSTER,
  nameIn,
  reduceRoster,
  type Roster,
  rosterEventOf,
  withState,
} from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";
import { parseUserId } from "../../../static/state/ids.ts";

const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;

Deno.test("[JO2] reduceRoster starts from the participants of joined, in their order", () => {
  const roster = joined("bob", "ann");

  assert.deepEqual(idsOf(roster), ["bob", "ann"]);
  assert.equal(roster.selfId, "ann");
  assert.equal(roster.room?.roomId, "test");
});

Deno.test("[RE3] reduceRoster shows whose connection is lost, until it is back", () => {
  const update = (connected: boolean) =>
    asServerMessage({ type: "participant-updated", userId: "bob", connected })!;
  const lost = after(joined("ann", "bob"), update(false));
  const back = after(lost, update(true));

  assert.deepEqual(lost.participants.map((one) => one.connected), [undefined, false]);
  assert.deepEqual(back.participants.map((one) => one.connected), [undefined, undefined]);
  assert.deepEqual(lost.participants.map((one) => one.state), [{}, {}]);
});

Deno.test("[HO3] reduceRoster shows the new host", () => {
  const roster = after(
    joined("ann", "bob"),
    asServerMessage({ type: "host-changed", userId: "bob" })!,
  );

  assert.deepEqual(roster.participants.map(({ host }) => host), [undefined, true]);
});

Deno.test("[LK2, LB1] reduceRoster shows the room as it is now", () => {
  const { room } = joined("ann");
  const update = asServerMessage({ type: "room-updated", room: { ...room, locked: true } })!;

  assert.equal(after(joined("ann"), update).room?.locked, true);
  assert.equal(after(EMPTY_ROSTER, update), EMPTY_ROSTER);
});

Deno.test("[TO4] reduceRoster shows how media travel now", () => {
  const update = asServerMessage({ type: "topology", topology: "sfu" })!;

  assert.equal(after(joined("ann"), update).room?.topology, "sfu");
  assert.equal(after(EMPTY_ROSTER, update), EMPTY_ROSTER);
});

Deno.test("[PB3] reduceRoster shows what somebody sends to the server", () => {
  const publish = (trackId: string, source: string) =>
    asServerMessage({ type: "track-published", userId: "bob", track: { trackId, source } })!;
  const sent = [publish("3", "camera"), publish("4", "screen")].reduce(
    after,
    joined("ann", "bob"),
  );
  const ended = after(
    sent,
    asServerMessage({ type: "track-unpublished", userId: "bob", trackId: "3" })!,
  );

  assert.deepEqual(sent.participants.map(({ tracks }) => tracks?.map(({ trackId }) => trackId)), [
    undefined,
    ["3", "4"],
  ]);
  assert.deepEqual(ended.participants[1]?.tracks, [{ trackId: "4", source: "screen" }]);
});

for (
  const [rule, wrap] of [
    ["RE5", (snapshot: object) => ({ type: "resumed", missed: 0, lastSeq: 9, snapshot })],
    [
      "BP2",
      (snapshot: object) => ({ type: "snapshot", roomId: "test", userId: "ann", ...snapshot }),
    ],
  ] as const
) {
  Deno.test(`[${rule}] reduceRoster starts anew from a snapshot, and stays who it is`, () => {
    const cat = { userId: "cat", role: "participant", state: { hand: true }, joinedAt: 1 };
    const room = { roomId: "test", kind: "live", topology: "mesh", createdAt: 1 };
    const message = wrap({ users: ["cat"], participants: [cat], room });

    const roster = after(joined("bob", "ann"), asServerMessage(message)!);

    assert.deepEqual(idsOf(roster), ["cat"]);
    assert.deepEqual([roster.selfId, roster.room?.kind], ["ann", "live"]);
  });
}

Deno.test("[RE4] reduceRoster keeps what it knows when nothing but messages was missed", () => {
  const roster = joined("ann", "bob");

  const resumed = asServerMessage({ type: "resumed", missed: 2, lastSeq: 4 })!;

  assert.equal(after(roster, resumed), roster);
});

Deno.test("[JO3] reduceRoster adds who joins at the end, once", () => {
  const once = after(joined("ann"), userJoined("bob"));
  const twice = after(once, userJoined("bob"));

  assert.deepEqual(idsOf(once), ["ann", "bob"]);
  assert.deepEqual(idsOf(twice), ["ann", "bob"]);
});

Deno.test("[LE3] reduceRoster removes who leaves", () => {
  const roster = after(joined("bob", "ann"), left("bob"));

  assert.deepEqual(idsOf(roster), ["ann"]);
});

Deno.test("reduceRoster gives the same roster back when somebody unknown leaves", () => {
  const roster = joined("ann");

  assert.equal(after(roster, left("zed")), roster);
});

Deno.test("[LE2, LE6] reduceRoster is empty after leaved", () => {
  const roster = after(joined("ann"), { type: "leaved", roomId: "test", userId: "ann" });

  assert.deepEqual(roster, EMPTY_ROSTER);
});

Deno.test("reduceRoster ignores arrivals while in no room", () => {
  assert.equal(after(EMPTY_ROSTER, userJoined("bob")), EMPTY_ROSTER);
});

Deno.test("[ST1] reduceRoster shows the state of others, withState the own one", () => {
  const updated = after(joined("bob", "ann"), {
    type: "participant-updated",
    userId: "bob",
    state: { audio: true },
  });
  const both = withState(updated, ann, { hand: true });

  assert.deepEqual(both.participants.map(({ state }) => state), [{ audio: true }, { hand: true }]);
});

Deno.test("rosterEventOf names who came and who left, by the name of the person", () => {
  const roster = after(joined("ann"), userJoined("bob", "Bob B."));

  assert.deepEqual(rosterEventOf(EMPTY_ROSTER, message(userJoined("bob", "Bob B."))), {
    kind: "joined",
    who: "Bob B.",
  });
  assert.deepEqual(rosterEventOf(roster, message(left("bob"))), {
    kind: "left",
    who: "Bob B.",
    reason: "disconnected",
  });
  assert.equal(rosterEventOf(roster, message({ type: "ok" })), undefined);
  assert.equal(nameIn(roster, bob), "Bob B.");
  assert.equal(nameIn(EMPTY_ROSTER, bob), "bob");
});

function joined(...userIds: string[]): Roster {
  return after(EMPTY_ROSTER, {
    type: "joined",
    roomId: "test",
    userId: userIds.at(-1),
    users: userIds,
    participants: userIds.map((userId) => participant(userId)),
    room: { roomId: "test", kind: "meeting", topology: "mesh", createdAt: 0 },
  });
}

function userJoined(userId: string, name?: string): Record<string, unknown> {
  return { type: "user-joined", roomId: "test", userId, participant: participant(userId, name) };
}

function left(userId: string): Record<string, unknown> {
  return { type: "user-left", roomId: "test", userId, reason: "disconnected" };
}

function participant(userId: string, name?: string): Record<string, unknown> {
  return { userId, role: "participant", state: {}, joinedAt: 0, ...(name ? { name } : {}) };
}

function after(roster: Roster, value: Record<string, unknown>): Roster {
  return reduceRoster(roster, message(value));
}

function message(value: Record<string, unknown>): ServerMessage {
  const known = asServerMessage(value);
  assert.ok(known, JSON.stringify(value));
  return known;
}

function idsOf(roster: Roster): string[] {
  return roster.participants.map(({ userId }) => userId);
}
