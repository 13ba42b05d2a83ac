/**
 * Breaks bytes as a network or an attacker does: flipped bits, ends that are missing, lengths that
 * lie. The same seed breaks the same way, so a failure is found again by its number.
 */

/** A source of numbers from a seed (mulberry32); good enough to choose, and fast. */
export class SeededChoice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % end;
  }

  /** One of them. */
  of<T>(values: readonly T[]): T {
    // There is a value at every place below the length.
    return values[this.below(values.length)] as T;
  }
}

/** A copy, broken in one to four places. */
export function mutateBytes(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  let mutated: Uint8Array = bytes.slice();
  for (let left = 1 + choice.below(4); left > 0; left--) {
    mutated = choice.of(MUTATIONS)(mutated, choice);
  }
  return mutated;
}

type Mutation = (bytes: Uint8Array, choice: SeededChoice) => Uint8Array;

/** Lengths, counts and flags stand in the first bytes: most changes are made there. */
const EARLY = 64;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  flipBit,
  setByte,
  setByte,
  lieAboutLength,
  truncate,
  dropMiddle,
  repeatMiddle,
  append,
];

function placeIn(bytes: Uint8Array, choice: SeededChoice): number {
  const isEarly = choice.below(4) > 0;
  return choice.below(Math.max(1, isEarly ? Math.min(EARLY, bytes.length) : bytes.length));
}

function flipBit(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = placeIn(bytes, choice);
  bytes[at] = (bytes[at] ?? 0) ^ 1 << choice.below(8);
  return bytes;
}

function setByte(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  bytes[placeIn(bytes, choice)] = choice.of([0, 1, 0x7f, 0x80, 0xff, choice.below(256)]);
  return bytes;
}

/** Two bytes that are too large, too small by one, or nothing. */
function lieAboutLength(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = placeIn(bytes, choice) & ~1;
  const value = (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
  const lie = choice.of([0, 0xffff, value + 1, value - 1, bytes.length, choice.below(64)]);
  bytes[at] = lie >>> 8;
  bytes[at + 1] = lie;
  return bytes;
}

function truncate(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  return bytes.slice(0, choice.below(bytes.length + 1));
}

function dropMiddle(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = placeIn(bytes, choice);
  return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + choice.below(8)));
}

function repeatMiddle(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = placeIn(bytes, choice);
  return joined(bytes.subarray(0, at + 1 + choice.below(16)), bytes.subarray(at));
}

function append(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  return joined(bytes, Uint8Array.from({ length: 1 + choice.below(16) }, () => choice.below(256)));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
