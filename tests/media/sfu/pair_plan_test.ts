/** Who sits on which pair of m-lines. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type MediaGroup,
  PairPlan,
  type PublishedGroup,
} from "../../../src/media/sfu/pair_plan.ts";
import { parseUserId } from "../../../src/protocol/mod.ts";

Deno.test("[SB1] PairPlan.assign offers a pair for each group, once", () => {
  const plan = new PairPlan();

  const first = plan.assign([person("ann"), person("bob"), screen("ann")]);
  const second = plan.assign([person("ann"), person("bob"), screen("ann")]);

  assert.deepEqual([namesOf(first), first.isLonger, first.changed], [
    ["ann/person", "bob/person", "ann/screen"],
    true,
    [0, 1, 2],
  ]);
  assert.deepEqual([namesOf(second), second.isLonger, second.changed], [
    ["ann/person", "bob/person", "ann/screen"],
    false,
    [],
  ]);
});

Deno.test("[SB1] PairPlan.assign of nothing offers nothing", () => {
  assert.deepEqual(new PairPlan().assign([]), { pairs: [], changed: [], isLonger: false });
});

Deno.test("[SB2] PairPlan.assign lets who sits sit, and gives free pairs away without an offer", () => {
  const plan = new PairPlan();
  plan.assign([person("ann"), person("bob"), person("eve")]);

  const left = plan.assign([person("eve"), person("ann")]);
  const came = plan.assign([person("dan"), person("eve"), person("ann")]);

  assert.deepEqual([namesOf(left), left.changed], [["ann/person", "-", "eve/person"], [1]]);
  assert.deepEqual([namesOf(came), came.changed, came.isLonger], [
    ["ann/person", "dan/person", "eve/person"],
    [1],
    false,
  ]);
});

Deno.test("[SB2] PairPlan.assign offers more only when no pair is free", () => {
  const plan = new PairPlan();
  plan.assign([person("ann"), person("bob")]);
  plan.assign([person("bob")]);

  const one = plan.assign([person("bob"), person("dan")]);
  const two = plan.assign([person("bob"), person("dan"), person("eve")]);

  assert.deepEqual([one.isLonger, two.isLonger], [false, true]);
  assert.deepEqual([namesOf(two), two.changed], [["dan/person", "bob/person", "eve/person"], [2]]);
});

Deno.test("[SB2] PairPlan.assign takes the groups themselves through, with what they say now", () => {
  const plan = new PairPlan();
  const group = { ...person("ann"), tracks: ["7"] };
  plan.assign([{ ...group, tracks: ["6"] }]);

  assert.equal(plan.assign([group]).pairs[0], group);
});

/** Two pairs, ann and bob sit, bob spoke at 5: who sits when a third one is like this. */
const thirds: [what: string, third: PublishedGroup, pairs: string[]][] = [
  ["never spoke", person("eve"), ["ann/person", "bob/person"]],
  ["spoke before ann", person("eve", { spokeAtMs: 2 }), ["ann/person", "bob/person"]],
  ["spoke as lately as ann", person("eve", { spokeAtMs: 3 }), ["ann/person", "bob/person"]],
  ["spoke after ann", person("eve", { spokeAtMs: 4 }), ["eve/person", "bob/person"]],
  ["spoke last", person("eve", { spokeAtMs: 9 }), ["eve/person", "bob/person"]],
  ["is asked for", person("eve", { isWanted: true }), ["eve/person", "bob/person"]],
  ["is a screen", screen("eve"), ["eve/screen", "bob/person"]],
  ["is paused", person("eve", { spokeAtMs: 9, isPaused: true }), ["ann/person", "bob/person"]],
  ["is a paused screen", screen("eve", { isPaused: true }), ["ann/person", "bob/person"]],
];
for (const [what, third, pairs] of thirds) {
  Deno.test(`PairPlan.assign beyond its bound, with a third who ${what}: ${pairs}`, () => {
    const plan = new PairPlan(2);
    const two = [person("ann", { spokeAtMs: 3 }), person("bob", { spokeAtMs: 5 })];
    plan.assign(two);

    const seating = plan.assign([...two, third]);

    assert.deepEqual(namesOf(seating), pairs);
    assert.equal(seating.isLonger, false);
  });
}

Deno.test("PairPlan.assign gives a paused group a pair while there is one", () => {
  const seating = new PairPlan(2).assign([person("ann", { isPaused: true }), person("bob")]);

  assert.deepEqual(namesOf(seating), ["ann/person", "bob/person"]);
});

Deno.test("PairPlan.assign with as many screens as pairs leaves no person, and one more no screen", () => {
  const plan = new PairPlan(2);
  const screens = ["ann", "bob", "eve"].map((name) => screen(name));

  const seating = plan.assign([person("dan", { isWanted: true, spokeAtMs: 9 }), ...screens]);

  assert.deepEqual(namesOf(seating), ["ann/screen", "bob/screen"]);
});

Deno.test("PairPlan.assign seats the right ones with the least changes, whatever happens", () => {
  const groups = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(..."abcdefghij"),
      group: fc.constantFrom<MediaGroup>("person", "screen"),
      spokeAtMs: fc.integer({ min: -1, max: 3 }),
      isWanted: fc.boolean(),
      isPaused: fc.boolean(),
    }),
    { selector: ({ name, group }) => `${name}/${group}`, maxLength: 20 },
  );
  fc.assert(fc.property(fc.array(groups, { maxLength: 12 }), (history) => {
    const plan = new PairPlan(6);
    let before: string[] = [];
    for (const step of history) {
      const now = step.map(({ name, ...rest }) => ({ userId: parseUserId(name)!, ...rest }));
      const seating = plan.assign(now);
      const names = namesOf(seating);
      const sitting = names.filter((name) => name !== "-");

      assert.equal(new Set(sitting).size, sitting.length);
      assert.equal(sitting.length, Math.min(6, now.length));
      assert.ok(names.length <= 6);
      assert.equal(seating.isLonger, names.length > before.length);
      // Nobody who sat and sits has moved; no pair was added while one was free.
      for (const [index, name] of before.entries()) {
        if (name !== "-" && sitting.includes(name)) assert.equal(names[index], name);
      }
      if (seating.isLonger) assert.ok(!names.includes("-"));
      const changed = names.flatMap((name, n) => name === (before[n] ?? "-") ? [] : [n]);
      assert.deepEqual(seating.changed, changed);
      before = names;
    }
  }));
});

function person(name: string, more: Partial<PublishedGroup> = {}): PublishedGroup {
  const userId = parseUserId(name)!;
  return { userId, group: "person", spokeAtMs: -1, isWanted: false, isPaused: false, ...more };
}

function screen(name: string, more: Partial<PublishedGroup> = {}): PublishedGroup {
  return person(name, { ...more, group: "screen" });
}

function namesOf({ pairs }: { pairs: readonly (PublishedGroup | undefined)[] }): string[] {
  return pairs.map((group) => group === undefined ? "-" : `${group.userId}/${group.group}`);
}
