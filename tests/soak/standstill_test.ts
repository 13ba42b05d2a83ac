/** Rosters and remains, right and wrong. */
import assert from "node:assert/strict";
import { type Member, remainsOf, rosterFaults } from "./standstill.ts";
import { sampleOf } from "./sample_fixture.ts";

function member(roomId: string, userId: string, ...roster: string[]): Member {
  return { roomId, userId, roster: new Set(roster) };
}

Deno.test("rosterFaults finds nothing where everybody knows everybody of the room", () => {
  const members = [
    member("a", "ann", "bob", "ann"),
    member("a", "bob", "ann", "bob"),
    member("b", "cid", "cid"),
  ];

  assert.deepEqual(rosterFaults(members, { participants: 3, rooms: 2 }), []);
  assert.deepEqual(rosterFaults([], { participants: 0, rooms: 0 }), []);
});

Deno.test("rosterFaults names who sees a ghost, and who misses somebody", () => {
  const members = [member("a", "ann", "ann", "bob", "eve"), member("a", "bob", "bob")];

  assert.deepEqual(rosterFaults(members, { participants: 2, rooms: 1 }), [
    "ann in a has the roster ann, bob, eve, and there are ann, bob",
    "bob in a has the roster bob, and there are ann, bob",
  ]);
});

Deno.test("rosterFaults names a server that counts otherwise", () => {
  assert.deepEqual(rosterFaults([member("a", "ann", "ann")], { participants: 2, rooms: 1 }), [
    "the server counts 2 in 1 rooms, there are 1 in 1",
  ]);
  assert.equal(rosterFaults([], { participants: 0, rooms: 1 }).length, 1);
});

Deno.test("remainsOf names what is left, and nothing where nothing is", () => {
  assert.equal(remainsOf(sampleOf()), "");
  assert.equal(remainsOf(sampleOf({ rooms: 2, stays: 1 })), "2 rooms, 1 stays");
  assert.equal(remainsOf(sampleOf({ timers: 9, descriptors: 30, reservedCodes: 1 })), "");
});
