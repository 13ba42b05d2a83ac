/**
 * Passcodes of rooms: kept as a salted hash, never as they were said. Signaling makes and checks
 * them while a join waits; the room itself only compares which {@linkcode PasscodeHash} was proven.
 */
import { type BinaryLike, scrypt, type ScryptOptions, timingSafeEqual } from "node:crypto";
import { type Random, systemRandom } from "../base/mod.ts";
import { ProtocolError } from "../protocol/mod.ts";

/** Cost of one hash: 16 MiB and some 40 ms of one core. The throttle bounds guesses beside it. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const HASH_BYTES = 32;
/** Characters of a salt: 132 bits. */
const SALT_LENGTH = 22;
/** Hashes at once: the thread pool has four threads, and others want some too. */
const MAX_RUNNING = 2;
/** Hashes that wait their turn; beyond, a joiner is told to come back. */
const MAX_WAITING = 64;
/** When to come back: about the time of a full queue. */
const RETRY_AFTER_MS = 2_000;

/** What is kept of a passcode. Each is an object of its own: being proven is being the same one. */
export type PasscodeHash = { readonly salt: string; readonly hash: Uint8Array };

/** Hashes passcodes, a few at a time. The hub has one. */
export class PasscodeHasher {
  readonly #random: Random;
  readonly #cost: ScryptOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `cost` is for tests, which have better things to do. */
  constructor(options: { random?: Random; cost?: ScryptOptions } = {}) {
    this.#random = options.random ?? systemRandom;
    this.#cost = options.cost ?? COST;
  }

  /** A new hash. Rejects with ProtocolError `rate-limited` when too many wait already. */
  async hash(passcode: string): Promise<PasscodeHash> {
    const salt = this.#random.id(SALT_LENGTH);
    return { salt, hash: await this.#run(passcode, salt) };
  }

  /** Whether `passcode` is the one that `known` was made of. Rejects as `hash` does. */
  async matches(passcode: string, known: PasscodeHash): Promise<boolean> {
    return timingSafeEqual(await this.#run(passcode, known.salt), known.hash);
  }

  async #run(passcode: string, salt: string): Promise<Uint8Array> {
    await this.#turn();
    try {
      return await derive(passcode.normalize("NFC"), salt, this.#cost);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < MAX_RUNNING && this.#waiting.length === 0) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      const sentence = `Cannot check a passcode now: ${MAX_WAITING} others wait`;
      throw new ProtocolError("rate-limited", sentence, { retryAfterMs: RETRY_AFTER_MS });
    }
    // Who wakes this one has counted itself out; nobody can come in between unless it waits too.
    await new Promise<void>((resolve) =>
      this.#waiting.push(() => {
        this.#running++;
        resolve();
      })
    );
  }
}

function derive(passcode: BinaryLike, salt: string, cost: ScryptOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    scrypt(passcode, salt, HASH_BYTES, cost, (error, hash) => error ? reject(error) : resolve(hash))
  );
}
