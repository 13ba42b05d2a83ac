/**
 * The judge of a room, by hand-written histories and by generated ones: what is right is found
 * right whatever happens in which order, and each falsification is blamed on the one who saw it.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { EventKind, eventOf, reasonNumber, type Stay } from "../../../cli/verify/mod.ts";
import { type Seen, Story } from "../../support/story.ts";

Deno.test("[OR1] verifyRoom finds nothing in an empty room", () => {
  assert.deepEqual(new Story().judge(), []);
});

Deno.test("[OR1] verifyRoom finds nothing where all went right", () => {
  const { story } = threeWhoChat();

  assert.deepEqual(story.judge(), []);
});

Deno.test("[JO3] verifyRoom finds a user-joined that one member lacks", () => {
  const { story, ann, bob } = threeWhoChat();
  remove(story, ann, eventOf(EventKind.join, bob.index));

  assertOne(story, { rule: "JO3", userId: "ann", message: "user-joined of bob", seen: "none" });
});

Deno.test("[JO3] verifyRoom finds a user-joined that nobody saw", () => {
  const { story, ann, bob, cleo } = threeWhoChat();
  for (const stay of [ann, bob]) remove(story, stay, eventOf(EventKind.join, cleo.index));

  assert.deepEqual(
    story.judge().map(({ rule, userId, message }) => ({ rule, userId, message })),
    ["ann", "bob"].map((userId) => ({ rule: "JO3", userId, message: "user-joined of cleo" })),
  );
});

Deno.test("[JO3] verifyRoom finds a user-joined that came twice", () => {
  const { story, ann, bob } = threeWhoChat();
  repeat(story, ann, eventOf(EventKind.join, bob.index));

  assertOne(story, {
    rule: "JO3",
    userId: "ann",
    message: "user-joined of bob",
    seen: "another one",
  });
});

Deno.test("[JO3] verifyRoom finds a user-joined of somebody in the roster", () => {
  const { story, ann, bob } = threeWhoChat();
  view(story, bob).unshift({ event: eventOf(EventKind.join, ann.index), reason: 0 });

  const [finding] = assertOne(story, {
    rule: "JO3",
    userId: "bob",
    message: "user-joined of ann",
    seen: "another one",
  });
  assert.match(finding.expected, /roster/);
});

Deno.test("[LE3] verifyRoom finds a user-left that one member lacks", () => {
  const { story, bob, cleo } = threeWhoChat();
  remove(story, bob, eventOf(EventKind.left, cleo.index));

  assertOne(story, { rule: "LE3", userId: "bob", message: "user-left of cleo", seen: "none" });
});

Deno.test("[LE3] verifyRoom finds a departure by drop that nobody was told of", () => {
  const { story, ann, bob, cleo } = threeWhoChat();
  for (const stay of [ann, bob]) remove(story, stay, eventOf(EventKind.left, cleo.index));

  assert.deepEqual(
    story.judge().map(({ rule, userId, message }) => ({ rule, userId, message })),
    ["ann", "bob"].map((userId) => ({ rule: "LE3", userId, message: "user-left of cleo" })),
  );
});

Deno.test("[LE3] verifyRoom finds a user-left that came twice", () => {
  const { story, ann, cleo } = threeWhoChat();
  repeat(story, ann, eventOf(EventKind.left, cleo.index));

  assertOne(story, {
    rule: "LE3",
    userId: "ann",
    message: "user-left of cleo",
    seen: "another one",
  });
});

Deno.test("[LE3] verifyRoom finds a user-left of somebody who is still there", () => {
  const story = new Story();
  const [ann, bob] = ["ann", "bob"].map((name) => story.join(name)) as [Stay, Stay];
  view(story, ann).push({
    event: eventOf(EventKind.left, bob.index),
    reason: reasonNumber("left"),
  });

  assertOne(story, { rule: "LE3", userId: "ann", message: "user-left of bob", seen: "one" });
});

Deno.test("[LE4] verifyRoom finds a wrong reason", () => {
  const { story, ann, cleo } = threeWhoChat();
  const seen = view(story, ann).find(({ event }) => event === eventOf(EventKind.left, cleo.index))!;
  seen.reason = reasonNumber("left");

  assertOne(story, {
    rule: "LE4",
    userId: "ann",
    message: "user-left of cleo",
    seen: 'reason "left"',
  });
});

Deno.test("[LE4] verifyRoom finds a reason that the wire does not know", () => {
  const { story, ann, cleo } = threeWhoChat();
  const seen = view(story, ann).find(({ event }) => event === eventOf(EventKind.left, cleo.index))!;
  seen.reason = reasonNumber({ nonsense: true });

  assert.deepEqual(story.judge().map(({ rule, userId }) => [rule, userId]), [["LE4", "ann"]]);
});

Deno.test("[CH1] verifyRoom finds a chat that one member lacks", () => {
  const { story, cleo, chats } = threeWhoChat();
  remove(story, cleo, eventOf(EventKind.chat, chats[1]!.index));

  assertOne(story, { rule: "CH1", userId: "cleo", message: 'chat "Message 2"', seen: "none" });
});

Deno.test("[CH1] verifyRoom finds a chat that reached nobody", () => {
  const { story, chats } = threeWhoChat();
  for (const stay of story.views.keys()) {
    remove(story, stay, eventOf(EventKind.chat, chats[1]!.index));
  }

  assert.deepEqual(
    story.judge().map(({ rule, userId }) => [rule, userId]),
    [["CH1", "ann"], ["CH1", "bob"], ["CH1", "cleo"]],
  );
});

Deno.test("[CH1] verifyRoom finds a chat that came twice", () => {
  const { story, cleo, chats } = threeWhoChat();
  repeat(story, cleo, eventOf(EventKind.chat, chats[1]!.index));

  assertOne(story, {
    rule: "CH1",
    userId: "cleo",
    message: 'chat "Message 2"',
    seen: "another one",
  });
});

Deno.test("[ER2] verifyRoom finds a delivered chat that was refused", () => {
  const { story, chats } = threeWhoChat();
  chats[2]!.isRefused = true;
  for (const name of ["bob", "cleo"]) {
    remove(story, stayOf(story, name), eventOf(EventKind.chat, 2));
  }

  assertOne(story, { rule: "ER2", userId: "ann", message: 'chat "Message 3"', seen: "one" });
});

Deno.test("[CH3] verifyRoom finds message ids that do not grow", () => {
  const { story, chats } = threeWhoChat();
  chats[1]!.messageId = "0";

  assertOne(story, {
    rule: "CH3",
    userId: "bob",
    message: 'chat "Message 2"',
    seen: 'messageId "0", smaller than before',
  });
});

Deno.test("[CH3] verifyRoom finds a message id that was used before", () => {
  const { story, chats } = threeWhoChat();
  for (const chat of chats) chat.messageId = `id-${Math.min(chat.index, 1)}`;

  assertOne(story, {
    rule: "CH3",
    userId: "cleo",
    message: 'chat "Message 3"',
    seen: 'messageId "id-1", used before',
  });
});

Deno.test("[OR1] verifyRoom finds two messages that one member saw the other way round", () => {
  const { story, bob, chats } = threeWhoChat();
  swap(story, bob, eventOf(EventKind.chat, chats[0]!.index));

  assertOne(story, {
    rule: "OR1",
    userId: "bob",
    message: 'chat "Message 1"',
    seen: 'chat "Message 2" first',
  });
});

Deno.test("[OR1] verifyRoom blames one of two who disagree", () => {
  const story = new Story();
  const [ann, bob] = ["ann", "bob"].map((name) => story.join(name)) as [Stay, Stay];
  story.chat(ann);
  story.chat(bob);
  swap(story, bob, eventOf(EventKind.chat, 0));

  assert.deepEqual(story.judge().map(({ rule }) => rule), ["OR1"]);
});

Deno.test("[OR3] verifyRoom finds a sender whose messages everybody sees swapped", () => {
  const story = new Story();
  const ann = story.join("ann");
  story.join("bob");
  for (let count = 0; count < 2; count++) story.chat(ann);
  for (const chat of story.room.chats) chat.messageId = `id-${chat.index}`;
  for (const stay of story.present) swap(story, stay, eventOf(EventKind.chat, 0));

  assertOne(story, {
    rule: "OR3",
    userId: "ann",
    message: 'chat "Message 1"',
    seen: "delivered after it, to everyone",
  });
});

Deno.test("[JO2] verifyRoom finds a roster that lacks somebody", () => {
  const { story, ann, bob, cleo } = threeWhoChat();
  cleo.roster = [bob.index, cleo.index];

  const [finding] = assertOne(story, {
    rule: "JO2",
    userId: "cleo",
    message: "joined of cleo",
    seen: "users [bob, cleo]",
  });
  assert.equal(finding.expected, "users [ann, bob, cleo]");
  assert.equal(ann.index, 0);
});

Deno.test("[JO2] verifyRoom finds a roster in another order", () => {
  const { story, ann, bob, cleo } = threeWhoChat();
  cleo.roster = [bob.index, ann.index, cleo.index];

  assertOne(story, {
    rule: "JO2",
    userId: "cleo",
    message: "joined of cleo",
    seen: "users [bob, ann, cleo]",
  });
});

Deno.test("[JO2] verifyRoom finds a roster with somebody who has left", () => {
  const story = new Story();
  const ann = story.join("ann");
  const bob = story.join("bob");
  story.step++;
  story.leave(bob);
  story.step++;
  const cleo = story.join("cleo");
  cleo.roster = [ann.index, bob.index, cleo.index];

  assertOne(story, {
    rule: "JO2",
    userId: "cleo",
    message: "joined of cleo",
    seen: "users [ann, bob, cleo]",
  });
});

Deno.test("[JO2] verifyRoom finds a stranger in a roster", () => {
  const { story, ann, bob, cleo } = threeWhoChat();
  cleo.roster = [-1, ann.index, bob.index, cleo.index];

  assert.deepEqual(story.judge().map(({ rule, userId }) => [rule, userId]), [["JO2", "cleo"]]);
});

Deno.test("[OR2] verifyRoom finds what reached a member after its end", () => {
  const { story, cleo } = threeWhoChat();
  const later = story.room.chats.at(-1)!;
  view(story, cleo).push({ event: eventOf(EventKind.chat, later.index), reason: 0 });

  const rules = story.judge().map(({ rule, userId }) => `${rule} ${userId}`);
  assert.ok(
    rules.every((rule) => /^(OR2|CH1|OR1) cleo$/.test(rule)) && rules.length > 0,
    `${rules}`,
  );
});

Deno.test("[LE5] verifyRoom takes a drop that nobody witnessed as done when the roster lacks it", () => {
  const story = new Story();
  story.drop(story.join("ann"));
  story.step++;
  story.join("bob");

  assert.deepEqual(story.judge(), []);
});

Deno.test("[OR1] verifyRoom asks nothing of the last moments before a drop", () => {
  const story = new Story();
  const ann = story.join("ann");
  const bob = story.join("bob");
  story.step++;
  for (let count = 0; count < 3; count++) story.chat(ann);
  story.drop(bob, 2);

  assert.deepEqual(story.judge(), []);
});

Deno.test("[CH1] verifyRoom asks for what came in the steps before a drop", () => {
  const story = new Story();
  const ann = story.join("ann");
  const bob = story.join("bob");
  story.step++;
  for (let count = 0; count < 3; count++) story.chat(ann);
  story.step++;
  story.drop(bob, 2);

  assert.deepEqual(
    story.judge().map(({ rule, userId, message }) => [rule, userId, message]),
    [["CH1", "bob", 'chat "Message 2"'], ["CH1", "bob", 'chat "Message 3"']],
  );
});

Deno.test("[OR1] verifyRoom stays bounded where every view is nonsense", () => {
  const story = new Story();
  const members = Array.from({ length: 60 }, (_, index) => story.join(`user-${index}`));
  for (let count = 0; count < 300; count++) story.chat(members[count % members.length]!);
  for (const [index, seen] of [...story.views.values()].entries()) {
    if (index % 2 === 0) seen.reverse();
  }

  assert.ok(story.judge().length > 0);
});

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
        const seen = witness === undefined ? [] : view(story, witness);
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
      for (const present of story.present) seenBefore.set(present, view(story, present).length);
    } else if (what === "join" && stay === undefined) story.join(userId);
    else if (what === "chat" && stay !== undefined) story.chat(stay);
    else if (what === "leave" && stay !== undefined) story.leave(stay);
    else if (what === "drop" && stay !== undefined) {
      const inThisStep = view(story, stay).length - (seenBefore.get(stay) ?? 0);
      story.drop(stay, Math.min(unread, inThisStep));
    }
  }
  return story;
}

/** A chat that its own sender has not seen back may have been lost with the sender's socket. */
function isProven(story: Story, event: number): boolean {
  const chat = story.room.chats.find(({ index }) => eventOf(EventKind.chat, index) === event);
  const sender = chat === undefined ? undefined : story.room.stays[chat.from];
  return sender === undefined || view(story, sender).some((seen) => seen.event === event);
}

/** Ann, Bob and Cleo join; each says one thing; Cleo drops, then Ann and Bob leave. */
function threeWhoChat() {
  const story = new Story();
  const [ann, bob, cleo] = ["ann", "bob", "cleo"].map((name) => story.join(name)) as [
    Stay,
    Stay,
    Stay,
  ];
  story.step++;
  const chats = [ann, bob, cleo].map((stay) => story.chat(stay));
  story.step++;
  story.drop(cleo);
  story.step++;
  story.chat(ann);
  story.step++;
  story.leave(ann);
  story.step++;
  story.leave(bob);
  return { story, ann, bob, cleo, chats };
}

function view(story: Story, stay: Stay): Seen[] {
  return story.views.get(stay)!;
}

function stayOf(story: Story, userId: string): Stay {
  return story.room.latestStay(userId)!;
}

function positionOf(story: Story, stay: Stay, event: number): number {
  const position = view(story, stay).findIndex((seen) => seen.event === event);
  assert.ok(position >= 0, "the view shows the event");
  return position;
}

function remove(story: Story, stay: Stay, event: number): void {
  view(story, stay).splice(positionOf(story, stay, event), 1);
}

function repeat(story: Story, stay: Stay, event: number): void {
  const position = positionOf(story, stay, event);
  view(story, stay).splice(position, 0, { ...view(story, stay)[position]! });
}

function swap(story: Story, stay: Stay, event: number): void {
  const position = positionOf(story, stay, event);
  const seen = view(story, stay);
  seen.splice(position, 2, seen[position + 1]!, seen[position]!);
}

function assertOne(
  story: Story,
  expected: { rule: string; userId: string; message: string; seen: string },
) {
  const findings = story.judge();
  const [finding] = findings;
  assert.ok(finding !== undefined && findings.length === 1, JSON.stringify(findings, null, 1));
  const { rule, userId, message, seen } = finding;
  assert.deepEqual({ rule, userId, message, seen }, expected);
  return [finding] as const;
}
