/**
 * Randomness as a value, from the system's CSPRNG. Ids and room codes take a {@linkcode Random}, so
 * a test can script what comes next.
 */

/** The source of everything unguessable. */
export interface Random {
  /** A whole number from 0 up to, but not including, `end` (at most 2^32), without bias. */
  below(end: number): number;
  /** A url-safe identifier of `length` characters, 6 bits of entropy each. */
  id(length: number): string;
}

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const TWO_TO_32 = 2 ** 32;

/** The system's CSPRNG. */
export const systemRandom: Random = {
  below(end) {
    if (!Number.isInteger(end) || end < 1 || end > TWO_TO_32) {
      throw new RangeError(`Cannot draw a number below ${end}: it must be from 1 to 2^32`);
    }
    // Values at and above the last multiple of `end` would favour small results: draw again.
    const limit = TWO_TO_32 - (TWO_TO_32 % end);
    const word = new Uint32Array(1);
    let value: number;
    do {
      crypto.getRandomValues(word);
      value = word[0] ?? 0;
    } while (value >= limit);
    return value % end;
  },
  id(length) {
    let id = "";
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      id += ID_ALPHABET.charAt(byte & 63);
    }
    return id;
  },
};
