/** Who speaks, and who has the word, over time. */
import assert from "node:assert/strict";
import { HOLD_MS, SpeakerDetector, TAKE_MS } from "../../../static/call/speaker.ts";
import type { UserId } from "../../../src/protocol/mod.ts";

const STEP_MS = 100;
/** So many seconds with these levels; then who has the word, and who speaks. */
type Stretch = [seconds: number, levels: Record<string, number>, active: string, speaking: string];

const cases: [title: string, stretches: Stretch[]][] = [
  ["nobody speaks", [[5, { ann: 0, bob: 0.001 }, "", ""]]],
  ["noise is no voice", [[10, { ann: 0.025, bob: 0.02 }, "", ""]]],
  ["one speaks", [[1, { ann: 0.2, bob: 0 }, "ann", "ann"]]],
  ["a cough", [[0.2, { ann: 0.3 }, "", ""], [2, { ann: 0 }, "", ""]]],
  ["a pause between words", [
    [1, { ann: 0.2 }, "ann", "ann"],
    [0.6, { ann: 0 }, "ann", "ann"],
    [1, { ann: 0.2 }, "ann", "ann"],
  ]],
  ["silence after a word, which stays with its last owner", [
    [1, { ann: 0.2, bob: 0 }, "ann", "ann"],
    [3, { ann: 0, bob: 0 }, "ann", ""],
  ]],
  ["a voice that gets quiet is still one", [
    [1, { ann: 0.2 }, "ann", "ann"],
    [3, { ann: 0.02 }, "ann", "ann"],
  ]],
  ["two take turns", [
    [3, { ann: 0.2, bob: 0 }, "ann", "ann"],
    [2, { ann: 0, bob: 0.2 }, "bob", "bob"],
  ]],
  ["a quick yes does not take the word", [
    [3, { ann: 0.2, bob: 0 }, "ann", "ann"],
    [0.2, { ann: 0.2, bob: 0.5 }, "ann", "ann"],
    [3, { ann: 0.2, bob: 0 }, "ann", "ann"],
  ]],
  ["two speak at once, and the first one keeps the word", [
    [3, { ann: 0.2, bob: 0 }, "ann", "ann"],
    [9, { ann: 0.2, bob: 0.25 }, "ann", "ann bob"],
  ]],
  ["one drowns the other for long", [
    [3, { ann: 0.1, bob: 0 }, "ann", "ann"],
    [3, { ann: 0.1, bob: 0.6 }, "bob", "ann bob"],
  ]],
  ["of two who begin at once the louder one", [[2, { ann: 0.1, bob: 0.5 }, "bob", "ann bob"]]],
  ["who has the word leaves", [
    [3, { ann: 0.2, bob: 0 }, "ann", "ann"],
    [0.1, { bob: 0 }, "", ""],
    [1, { bob: 0.2 }, "bob", "bob"],
  ]],
  ["who leaves while another speaks", [
    [3, { ann: 0.2, bob: 0.2 }, "ann", "ann bob"],
    [0.1, { bob: 0.2 }, "bob", "bob"],
  ]],
  ["three at once", [[1, { ann: 0.2, bob: 0.1, cat: 0.3 }, "cat", "ann bob cat"]]],
];

for (const [title, stretches] of cases) {
  Deno.test(`SpeakerDetector.hear: ${title}`, () => {
    const detector = new SpeakerDetector();
    let at = 0;

    const seen = stretches.map(([seconds, levels]) => {
      let now = detector.hear(at, levelsOf(levels));
      for (const end = at + seconds * 1_000; at < end;) {
        now = detector.hear(at += STEP_MS, levelsOf(levels));
      }
      return [now.active ?? "", [...now.speaking].sort().join(" ")];
    });

    assert.deepEqual(seen, stretches.map(([, , active, speaking]) => [active, speaking]));
  });
}

Deno.test("SpeakerDetector.hear passes the word no more often than it is held", () => {
  const detector = new SpeakerDetector();
  const changes: number[] = [];
  let before: UserId | undefined;
  for (let at = 0; at <= 60_000; at += STEP_MS) {
    // They shout in turns, each for as long as it takes to be heard.
    const isAnn = Math.floor(at / (TAKE_MS + 400)) % 2 === 0;
    const { active } = detector.hear(at, levelsOf({ ann: isAnn ? 0.9 : 0, bob: isAnn ? 0 : 0.9 }));
    if (active !== before) changes.push(at);
    before = active;
  }

  assert.ok(changes.length > 2);
  assert.ok(changes.every((at, index) => index === 0 || at - changes[index - 1]! >= HOLD_MS));
});

Deno.test("SpeakerDetector.hear does not flicker with a voice in noise", () => {
  const detector = new SpeakerDetector();
  const seen = new Set<string>();
  for (let at = 0; at <= 20_000; at += STEP_MS) {
    // Syllables: loud and quiet in turns; noise beside it.
    const syllable = at % 400 < 200 ? 0.2 : 0.005;
    const noise = 0.01 + (at % 700) / 70_000;
    const { active, speaking } = detector.hear(at, levelsOf({ ann: syllable, bob: noise }));
    if (at > 1_500) seen.add(`${active} ${[...speaking]}`);
  }

  assert.deepEqual([...seen], ["ann ann"]);
});

function levelsOf(levels: Record<string, number>): ReadonlyMap<UserId, number> {
  // Branded, and any string of letters is one.
  return new Map(Object.entries(levels).map(([name, level]) => [name as UserId, level]));
}
