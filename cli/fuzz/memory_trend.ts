/**
 * Whether a server keeps memory of what is over: the heap after each schedule, when all have left.
 * Collectors free when they like, so single values say nothing; the least of the last samples is held
 * against the least of the first, with room to spare.
 */

/** Samples that make a trend. */
const MIN_SAMPLES = 9;
/** What warming up and pools may take. A leaked schedule of many runs costs more. */
const ALLOWED_BYTES = 32 * 1024 * 1024;

/** The samples of one server. */
export class MemoryTrend {
  readonly #samples: number[] = [];

  /** Takes what is in use when nobody is there. */
  add(heapBytes: number): void {
    this.#samples.push(heapBytes);
  }

  /** The growth from the first third to the last; undefined where there are too few samples. */
  get grownBytes(): number | undefined {
    const third = Math.floor(this.#samples.length / 3);
    if (this.#samples.length < MIN_SAMPLES) return undefined;
    return Math.min(...this.#samples.slice(-third)) - Math.min(...this.#samples.slice(0, third));
  }

  /** Whether it has grown beyond what is allowed. */
  get isGrowing(): boolean {
    return (this.grownBytes ?? 0) > ALLOWED_BYTES;
  }
}
