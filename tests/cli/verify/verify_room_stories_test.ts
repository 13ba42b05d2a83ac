/**
 * The judge of a room, by generated histories: what a correct room can do is found right, whatever
 * happens in which order, and a falsified view is found wrong.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { EventKind, eventOf, type Stay } from "../../../cli/verify/mod.ts";
import { type Seen, Story } from "../../support/story.ts";

Deno.test("[OR1] verifyRoom finds nothing in any story that a correct room can tell", () => {
  fc.assert(
    fc.property(stories, (actions) => {
      assert.deepEqual(tell(actions).judge(), []);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("[OR1] verifyRoom finds every missing, repeated or swapped event of a full step", () => {
  fc.assert(
    fc.property(
      stories,
      fc.nat(),
      fc.constantFrom("miss", "repeat", "swap"),
      (actions, at, how) => {
        const story = tell(actions);
        // Somebody stays to the end, so that nothing is excused by a drop.
        const witness = story.present.at(-1);
        const seen = witness === undefined ? [] : viewOf(story, witness);
        const last = how === "swap" ? seen.length - 1 : seen.length;
        fc.pre(witness !== undefined && last > 0);
        // That an order is wrong takes a second one who saw both.
        fc.pre(how !== "swap" || story.present.length > 1);
        const index = at % last;
        fc.pre(how !== "miss" || isProven(story, seen[index]!.event));
        if (how === "miss") seen.splice(index, 1);
        else if (how === "repeat") seen.splice(index, 0, { ...seen[index]! });
        else seen.splice(index, 2, seen[index + 1]!, seen[index]!);
        for (const stay of story.present) stay.endStep = story.step + 1;

        assert.ok(story.judge().length > 0);
      },
    ),
    { numRuns: 2_000 },
  );
});

type Action = { what: "join" | "leave" | "drop" | "chat" | "step"; who: number; unread: number };

const stories = fc.array(
  fc.record({
    what: fc.constantFrom<Action["what"]>("join", "join", "leave", "drop", "chat", "chat", "step"),
    who: fc.nat({ max: 5 }),
    unread: fc.nat({ max: 3 }),
  }),
  { maxLength: 40 },
);

/** Tells a story by actions; those that do not fit are passed over. */
function tell(actions: readonly Action[]): Story {
  const story = new Story();
  const seenBefore = new Map<Stay, number>();
  for (const { what, who, unread } of actions) {
    const userId = `user-${who}`;
    const stay = story.present.find((present) => present.userId === userId);
    if (what === "step") {
      story.step++;
      for (const present of story.present) seenBefore.set(present, viewOf(story, present).length);
    } else if (what === "join" && stay === undefined) story.join(userId);
    else if (what === "chat" && stay !== undefined) story.chat(stay);
    else if (what === "leave" && stay !== undefined) story.leave(stay);
    else if (what === "drop" && stay !== undefined) {
      const inThisStep = viewOf(story, stay).length - (seenBefore.get(stay) ?? 0);
      story.drop(stay, Math.min(unread, inThisStep));
    }
  }
  return story;
}

/** A chat that its own sender has not seen back may have been lost with the sender's socket. */
function isProven(story: Story, event: number): boolean {
  const chat = story.room.chats.find(({ index }) => eventOf(EventKind.chat, index) === event);
  const sender = chat === undefined ? undefined : story.room.stays[chat.from];
  return sender === undefined || viewOf(story, sender).some((seen) => seen.event === event);
}

function viewOf(story: Story, stay: Stay): Seen[] {
  return story.views.get(stay)!;
}
