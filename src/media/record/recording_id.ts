/** The name of a recording: those that begin later come later in a list, and no two are the same. */
import { systemRandom } from "../../base/mod.ts";

/** Letters and digits that a folder's name takes on every system, in either case. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH = 6;

/** A new name, e.g. `mh3k2a1b-k3v9xa`; `startedAt` in milliseconds since the Unix epoch. */
export function createRecordingId(startedAt: number): string {
  let random = "";
  while (random.length < RANDOM_LENGTH) random += ALPHABET[systemRandom.below(ALPHABET.length)];
  return `${startedAt.toString(36)}-${random}`;
}
