/**
 * The last messages of a participant who may resume, numbered, in a ring with two bounds: their count
 * and their length (rule RE6). Its session fills it; what falls out can no longer be sent again.
 */
import { MAX_KEPT_LENGTH, MAX_KEPT_MESSAGES } from "../protocol/mod.ts";

/** Numbered messages, oldest first, without a gap. */
export class KeptMessages {
  readonly #ring: string[] = [];
  /** Where the oldest stands in the ring. */
  #head = 0;
  #count = 0;
  #length = 0;
  #lastSeq = 0;

  /** The number of the last message; 0 if there was none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Takes one more message and gives it its number. */
  add(encoded: string): number {
    this.#ring[(this.#head + this.#count) % MAX_KEPT_MESSAGES] = encoded;
    this.#count++;
    this.#length += encoded.length;
    while (this.#count > MAX_KEPT_MESSAGES - 1 || this.#length > MAX_KEPT_LENGTH) this.#forget();
    return ++this.#lastSeq;
  }

  /** The messages after number `seq`, or `undefined` when not all of them are kept. */
  after(seq: number): string[] | undefined {
    const missing = this.#lastSeq - seq;
    if (missing > this.#count) return undefined;
    return Array.from(
      { length: missing },
      (_, n) => this.#ring[(this.#head + this.#count - missing + n) % MAX_KEPT_MESSAGES]!,
    );
  }

  #forget(): void {
    this.#length -= this.#ring[this.#head]!.length;
    this.#ring[this.#head] = "";
    this.#head = (this.#head + 1) % MAX_KEPT_MESSAGES;
    this.#count--;
  }
}
