/** Which way the media of a room travel: every state of the decision, and everything that may happen. */
import assert from "node:assert/strict";
import { type Membership, TopologyDecision, type TopologyMode } from "../../src/rooms/topology.ts";
import { FakeClock } from "../support/fake_clock.ts";

const LATER_MS = 10_000;

/** Members who all can, unless `more` says otherwise. */
function members(count: number, more: Partial<Membership> = {}): Membership {
  const usual = { canAll: true, needsOne: false, isOneLimited: false, isWanted: false };
  return { members: count, ...usual, isLive: false, ...more };
}

function makeDecision(mode: TopologyMode = "auto") {
  const clock = new FakeClock();
  let returns = 0;
  const decision = new TopologyDecision(mode, { clock, returned: () => returns++ });
  return { clock, decision, returns: () => returns };
}

/** How a decision comes into a state of its own. */
const states = {
  "a mesh": [],
  "an SFU for four": [members(4)],
  "an SFU for one of three": [members(3, { isOneLimited: true })],
  "an SFU over HTTP": [members(1, { needsOne: true })],
  "an SFU for four that became three": [members(4), members(3)],
  "an SFU for one of three that became two": [members(3, { isOneLimited: true }), members(2)],
} satisfies Record<string, Membership[]>;

/** What may happen in any of them. */
const events = {
  "one member": members(1),
  "two members": members(2),
  "two, one of them limited": members(2, { isOneLimited: true }),
  "three members": members(3),
  "three, one of them limited": members(3, { isOneLimited: true }),
  "four members": members(4),
  "two, one of them over HTTP": members(2, { needsOne: true }),
  "four, not all of whom can": members(4, { canAll: false }),
  "two over HTTP, not all of whom can": members(2, { needsOne: true, canAll: false }),
} satisfies Record<string, Membership>;

/** The topology right after the event, and when nothing else has happened for a while. */
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  "a mesh": {
    "one member": "mesh",
    "two members": "mesh",
    "two, one of them limited": "mesh",
    "three members": "mesh",
    "three, one of them limited": "sfu",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
  "an SFU for four": {
    "one member": "sfu, later mesh",
    "two members": "sfu, later mesh",
    "two, one of them limited": "sfu, later mesh",
    "three members": "sfu, later mesh",
    "three, one of them limited": "sfu, later mesh",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
  "an SFU for one of three": {
    "one member": "sfu, later mesh",
    "two members": "sfu, later mesh",
    "two, one of them limited": "sfu, later mesh",
    "three members": "sfu",
    "three, one of them limited": "sfu",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
  "an SFU over HTTP": {
    "one member": "sfu, later mesh",
    "two members": "sfu, later mesh",
    "two, one of them limited": "sfu, later mesh",
    "three members": "sfu, later mesh",
    "three, one of them limited": "sfu, later mesh",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
  "an SFU for four that became three": {
    "one member": "sfu, later mesh",
    "two members": "sfu, later mesh",
    "two, one of them limited": "sfu, later mesh",
    "three members": "sfu, later mesh",
    "three, one of them limited": "sfu, later mesh",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
  "an SFU for one of three that became two": {
    "one member": "sfu, later mesh",
    "two members": "sfu, later mesh",
    "two, one of them limited": "sfu, later mesh",
    "three members": "sfu",
    "three, one of them limited": "sfu",
    "four members": "sfu",
    "two, one of them over HTTP": "sfu",
    "four, not all of whom can": "mesh",
    "two over HTTP, not all of whom can": "mesh",
  },
};

for (const [state, before] of Object.entries(states)) {
  Deno.test(`[TO2, TO3] TopologyDecision goes on from ${state} as the rules say`, () => {
    const found: Record<string, string> = {};
    for (const [event, membership] of Object.entries(events)) {
      const { clock, decision, returns } = makeDecision();
      for (const earlier of before) decision.look(earlier);
      const from = decision.topology;

      const isMoved = decision.look(membership);
      const { topology } = decision;
      clock.advance(LATER_MS);

      assert.equal(isMoved, topology !== from, event);
      assert.equal(returns(), decision.topology === topology ? 0 : 1, event);
      assert.equal(clock.pending, 0, event);
      const later = decision.topology === topology ? "" : `, later ${decision.topology}`;
      found[event] = `${topology}${later}`;
    }
    assert.deepEqual(found, table[state as keyof typeof states]);
  });
}

Deno.test("[TO5] TopologyDecision moves a live room with its sixth member, and back with five", () => {
  const { clock, decision, returns } = makeDecision();
  const live = (count: number) => decision.look(members(count, { isLive: true }));

  assert.deepEqual([1, 2, 3, 4, 5, 6].map(live), [false, false, false, false, false, true]);
  live(5);
  clock.advance(LATER_MS - 1);
  assert.equal(decision.topology, "sfu");
  clock.advance(1);

  assert.deepEqual([decision.topology, returns()], ["mesh", 1]);
});

Deno.test("[TO5] TopologyDecision moves a live room of three of whom one is limited, and back with two", () => {
  const { clock, decision } = makeDecision();
  const isLive = true;

  assert.ok(!decision.look(members(2, { isLive, isOneLimited: true })));
  assert.ok(decision.look(members(3, { isLive, isOneLimited: true })));
  decision.look(members(3, { isLive }));
  clock.advance(LATER_MS);
  assert.equal(decision.topology, "sfu");
  decision.look(members(2, { isLive }));
  clock.advance(LATER_MS);

  assert.equal(decision.topology, "mesh");
});

Deno.test("[TO5] TopologyDecision moves any room while one wants it, and back after the 10 s", () => {
  for (const isLive of [true, false]) {
    const { clock, decision } = makeDecision();

    assert.ok(decision.look(members(1, { isLive, isWanted: true })));
    decision.look(members(1, { isLive, isWanted: false }));
    clock.advance(LATER_MS - 1);
    decision.look(members(1, { isLive, isWanted: true }));
    clock.advance(LATER_MS);
    assert.equal(decision.topology, "sfu");
    decision.look(members(1, { isLive, isWanted: false }));
    clock.advance(LATER_MS);

    assert.equal(decision.topology, "mesh");
  }
});

Deno.test("[TO5] TopologyDecision moves no room by a wish where one of its members cannot", () => {
  const { decision } = makeDecision();

  assert.ok(!decision.look(members(2, { isWanted: true, canAll: false })));
  assert.ok(decision.look(members(2, { isWanted: true })));
});

Deno.test("[TO3] TopologyDecision counts the 10 s from when the room came down", () => {
  const { clock, decision, returns } = makeDecision();
  decision.look(members(4));
  decision.look(members(3));

  clock.advance(LATER_MS - 1);
  decision.look(members(2));
  assert.equal(decision.topology, "sfu");
  clock.advance(1);

  assert.equal(decision.topology, "mesh");
  assert.equal(returns(), 1);
});

Deno.test("[TO3] TopologyDecision begins the 10 s anew when the room was large in between", () => {
  const { clock, decision } = makeDecision();
  decision.look(members(4));
  decision.look(members(3));
  clock.advance(LATER_MS - 1);
  decision.look(members(4));
  decision.look(members(3));

  clock.advance(LATER_MS - 1);
  assert.equal(decision.topology, "sfu");
  clock.advance(1);

  assert.equal(decision.topology, "mesh");
});

Deno.test("[TO2] TopologyDecision moves again after it has gone back", () => {
  const { clock, decision } = makeDecision();
  decision.look(members(3, { isOneLimited: true }));
  decision.look(members(2));
  clock.advance(LATER_MS);

  decision.look(members(4));
  decision.look(members(3));
  clock.advance(LATER_MS);

  // What moved it the second time counts, not what did before.
  assert.equal(decision.topology, "mesh");
});

Deno.test("[TO1] TopologyDecision never moves where the operator wants one of the two", () => {
  for (const mode of ["mesh", "sfu"] as const) {
    for (const membership of Object.values(events)) {
      const { clock, decision, returns } = makeDecision(mode);

      assert.equal(decision.look(membership), false);
      clock.advance(LATER_MS);

      assert.equal(decision.topology, mode);
      assert.equal(returns(), 0);
    }
  }
});

Deno.test("[TO1, TO2] TopologyDecision knows whether a room may ever have an SFU", () => {
  for (const canAll of [true, false]) {
    assert.equal(makeDecision("mesh").decision.canBeSfu({ canAll }), false);
    assert.equal(makeDecision("sfu").decision.canBeSfu({ canAll }), true);
    assert.equal(makeDecision("auto").decision.canBeSfu({ canAll }), canAll);
  }
});

Deno.test("TopologyDecision.close leaves no timer, and may be called again", () => {
  const { clock, decision, returns } = makeDecision();
  decision.look(members(4));
  decision.look(members(3));

  decision.close();
  decision.close();
  clock.advance(LATER_MS);

  assert.equal(clock.pending, 0);
  assert.equal(returns(), 0);
});
