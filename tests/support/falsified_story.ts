/**
 * A story to falsify, and the ways to falsify it, for the tests of the judge.
 */
import assert from "node:assert/strict";
import type { Chat, Finding, Stay } from "../../cli/verify/mod.ts";
import { type Seen, Story } from "./story.ts";

/** The story with its people and what they say first. */
export type Cast = { story: Story; ann: Stay; bob: Stay; cleo: Stay; chats: Chat[] };

/** Ann, Bob and Cleo join; each says one thing; Cleo drops, then Ann and Bob leave. */
export function threeWhoChat(): Cast {
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

export function view(story: Story, stay: Stay): Seen[] {
  return story.views.get(stay)!;
}

export function stayOf(story: Story, userId: string): Stay {
  return story.room.latestStay(userId)!;
}

export function positionOf(story: Story, stay: Stay, event: number): number {
  const position = view(story, stay).findIndex((seen) => seen.event === event);
  assert.ok(position >= 0, "the view shows the event");
  return position;
}

export function remove(story: Story, stay: Stay, event: number): void {
  view(story, stay).splice(positionOf(story, stay, event), 1);
}

export function repeat(story: Story, stay: Stay, event: number): void {
  const position = positionOf(story, stay, event);
  view(story, stay).splice(position, 0, { ...view(story, stay)[position]! });
}

export function swap(story: Story, stay: Stay, event: number): void {
  const position = positionOf(story, stay, event);
  const seen = view(story, stay);
  seen.splice(position, 2, seen[position + 1]!, seen[position]!);
}

export function assertOne(
  story: Story,
  expected: { rule: string; userId: string; message: string; seen: string },
): readonly [Finding] {
  const findings = story.judge();
  const [finding] = findings;
  assert.ok(finding !== undefined && findings.length === 1, JSON.stringify(findings, null, 1));
  const { rule, userId, message, seen } = finding;
  assert.deepEqual({ rule, userId, message, seen }, expected);
  return [finding] as const;
}
