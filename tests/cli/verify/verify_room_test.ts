/**
 * The judge of a room, by hand-written histories: who lacks an event, has it twice, or has one that
 * did not happen.
 */
import assert from "node:assert/strict";
import { EventKind, eventOf, reasonNumber, type Stay } from "../../../cli/verify/mod.ts";
import {
  assertOne,
  remove,
  repeat,
  stayOf,
  threeWhoChat,
  view,
} from "../../support/falsified_story.ts";
import { Story } from "../../support/story.ts";

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
