/** Reactions: what is one, how long it is seen, how many of one person. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../static/state/ids.ts";
import {
  MAX_OF_ONE,
  REACTION_MS,
  reactionIn,
  reactionPayload,
  REACTIONS,
  Reactions,
} from "../../../static/state/reactions.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;

Deno.test("[DA1] reactionIn reads what reactionPayload makes, and nothing else", () => {
  for (const sign of REACTIONS) assert.equal(reactionIn(reactionPayload(sign)), sign);
  for (
    const payload of [null, 1, "🎉", [], {}, { kind: "reaction" }, {
      kind: "reaction",
      emoji: "<b>",
    }, {
      kind: "slide",
      emoji: "🎉",
    }]
  ) {
    assert.equal(reactionIn(payload), undefined);
  }
});

Deno.test("Reactions show one for a moment", () => {
  const clock = new FakeClock();
  const reactions = new Reactions(clock);

  reactions.add(ann, "👍");
  clock.advance(REACTION_MS - 1);
  const before = reactions.list.value.map(({ sign }) => sign);
  clock.advance(1);

  assert.deepEqual(before, ["👍"]);
  assert.deepEqual(reactions.list.value, []);
});

Deno.test("Reactions show a few of one person and do not count the others'", () => {
  const reactions = new Reactions(new FakeClock());
  reactions.add(bob, "🎉");

  for (let count = 0; count < MAX_OF_ONE + 4; count++) reactions.add(ann, "👍");

  assert.equal(reactions.list.value.filter(({ from }) => from === ann).length, MAX_OF_ONE);
  assert.equal(reactions.list.value.filter(({ from }) => from === bob).length, 1);
});

Deno.test("Reactions.clear leaves no timer behind", () => {
  const clock = new FakeClock();
  const reactions = new Reactions(clock);
  reactions.add(ann, "👍");

  reactions.clear();

  assert.deepEqual([reactions.list.value, clock.pending], [[], 0]);
});
