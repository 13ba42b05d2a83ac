/** The name of a recording: when it began, and enough chance that two of one second differ. */

/** Letters and digits that a folder's name takes on every system, in either case. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH = 6;

/** A new name, e.g. `20261129-162001-k3v9xa`; `startedAt` in milliseconds since the Unix epoch. */
export function createRecordingId(startedAt: number): string {
  const [date = "", time = ""] = new Date(startedAt).toISOString().split(/[T.]/);
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH));
  const random = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${random}`;
}
