/**
 * The judge of a room, by hand-written histories: rosters, the one order of all members, and what a
 * stay need not have seen.
 */
import assert from "node:assert/strict";
import { EventKind, eventOf, type Stay } from "../../../cli/verify/mod.ts";
import { assertOne, swap, threeWhoChat, view } from "../../support/falsified_story.ts";
import { Story } from "../../support/story.ts";

Deno.test("[OR1] verifyRoom finds nothing in an empty room", () => {
  assert.deepEqual(new Story().judge(), []);
});

Deno.test("[OR1] verifyRoom finds nothing where all went right", () => {
  const { story } = threeWhoChat();

  assert.deepEqual(story.judge(), []);
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

Deno.test("[LE5] verifyRoom lets a room that begins anew number its messages anew", () => {
  const story = new Story();
  for (const userId of ["ann", "bob"]) {
    const stay = story.join(userId);
    story.chat(stay).messageId = "1";
    story.step++;
    story.leave(stay);
    story.step++;
  }

  assert.deepEqual(story.judge(), []);
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

Deno.test("[OR1] verifyRoom stays bounded where every view is nonsense", () => {
  const story = new Story();
  const members = Array.from({ length: 60 }, (_, index) => story.join(`user-${index}`));
  for (let count = 0; count < 300; count++) story.chat(members[count % members.length]!);
  for (const [index, seen] of [...story.views.values()].entries()) {
    if (index % 2 === 0) seen.reverse();
  }

  assert.ok(story.judge().length > 0);
});
