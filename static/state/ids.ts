/**
 * Room ids and user ids as the page's fields need them: a check before the server's, and a friendly
 * default. The pattern is the one of the protocol; the page does not carry the schema library that
 * the protocol's own module needs, so a test holds the two equal.
 */
import type { RoomId, UserId } from "../../src/protocol/mod.ts";

/** Rule ID1, as in `src/protocol/ids.ts`. */
export const ID_PATTERN = "^[\\p{L}\\p{N}_.-]{1,64}$";
/** The room that everybody meets in who names none. */
export const DEFAULT_ROOM = "test";

const MAX_ID_LENGTH = 64;
const idExpression = new RegExp(ID_PATTERN, "u");

// Short, friendly words that are easy to say across a room and hard to take amiss.
const MOODS = [
  "amber",
  "brave",
  "calm",
  "clear",
  "early",
  "fair",
  "gentle",
  "happy",
  "keen",
  "kind",
];
const MORE_MOODS = ["light", "lucky", "merry", "neat", "quick", "quiet", "rapid", "sunny", "warm"];
const ANIMALS = [
  "badger",
  "crane",
  "finch",
  "fox",
  "hare",
  "heron",
  "ibis",
  "lark",
  "lynx",
  "marten",
];
const MORE_ANIMALS = ["otter", "owl", "plover", "raven", "robin", "seal", "stoat", "swift", "wren"];

/** `text` as a room id, or `undefined` when it is none. */
export function parseRoomId(text: string): RoomId | undefined {
  return idExpression.test(text) ? text as RoomId : undefined; // The brand is what the test proved.
}

/** `text` as a user id, or `undefined` when it is none. */
export function parseUserId(text: string): UserId | undefined {
  return idExpression.test(text) ? text as UserId : undefined; // The brand is what the test proved.
}

/** A user id to start with, such as `calm-otter-42`. */
export function friendlyUserId(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? "new";
  const number = 10 + Math.floor(random() * 90);
  return `${pick([...MOODS, ...MORE_MOODS])}-${pick([...ANIMALS, ...MORE_ANIMALS])}-${number}`;
}

/** `base` with a number, cut so that it stays an id: `ann` and 2 make `ann-2`. */
export function numberedUserId(base: string, number: number): string {
  const suffix = `-${number}`;
  return `${cutAtCodePoint(base, MAX_ID_LENGTH - suffix.length)}${suffix}`;
}

/** The next id to try when `userId` is taken: `ann` makes `ann-2`, `ann-2` makes `ann-3`. */
export function nextUserId(userId: string): string {
  const match = /^(.+)-(\d{1,6})$/.exec(userId);
  if (match === null) return numberedUserId(userId, 2);
  return numberedUserId(match[1] ?? userId, Number(match[2]) + 1);
}

/** The pattern counts code points, and half of a pair is no letter: never cut one in two. */
function cutAtCodePoint(text: string, maxCodePoints: number): string {
  return [...text].slice(0, maxCodePoints).join("");
}
