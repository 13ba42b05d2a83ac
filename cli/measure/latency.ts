/**
 * One kind of latency over a run: the histogram of all of it, and the same durations in blocks of
 * neighbours. Neighbours resemble each other (a broadcast reaches a whole room at once), so a
 * million deliveries are not a million independent measurements; the comparison with an earlier run
 * draws whole blocks to learn how much a percentile wobbles.
 */
import { BUCKETS, Histogram, type HistogramContents } from "./histogram.ts";

/** Blocks beyond this many are merged pairwise: enough to draw from, few enough to store. */
export const MAX_BLOCKS = 64;
/** Durations of a block at first. */
const FIRST_BLOCK_SIZE = 16;

/** Durations of one block: `[bucket, count]`. */
export type Block = readonly (readonly [number, number])[];

/** What a latency holds, for another thread or a file. */
export type LatencyContents = HistogramContents & { readonly blocks: readonly Block[] };

/** A histogram that also keeps blocks. */
export class Latency extends Histogram {
  #full: Uint32Array[] = [];
  #current: Uint32Array | undefined;
  #inCurrent = 0;
  #blockSize = FIRST_BLOCK_SIZE;

  /** Counts one duration. Returns its bucket. */
  override record(ms: number): number {
    const bucket = super.record(ms);
    this.#current ??= new Uint32Array(BUCKETS);
    this.#current[bucket]!++;
    if (++this.#inCurrent === this.#blockSize) this.#endBlock(this.#current);
    return bucket;
  }

  /** The blocks in the order of time; what does not fill one is left out. */
  get blocks(): Block[] {
    return this.#full.map((counts) => {
      const block: [number, number][] = [];
      counts.forEach((count, bucket) => {
        if (count > 0) block.push([bucket, count]);
      });
      return block;
    });
  }

  /** What it holds, as plain values. */
  override get contents(): LatencyContents {
    return { ...super.contents, blocks: this.blocks };
  }

  /** Adds what another one held; its blocks stand behind those that are here. */
  override add(contents: HistogramContents & { readonly blocks?: readonly Block[] }): void {
    super.add(contents);
    for (const block of contents.blocks ?? []) {
      const counts = new Uint32Array(BUCKETS);
      for (const [bucket, count] of block) counts[bucket]! += count;
      this.#full.push(counts);
    }
    while (this.#full.length > MAX_BLOCKS) this.#halve();
  }

  #endBlock(block: Uint32Array): void {
    this.#full.push(block);
    this.#current = undefined;
    this.#inCurrent = 0;
    if (this.#full.length > MAX_BLOCKS) this.#halve();
  }

  #halve(): void {
    const merged: Uint32Array[] = [];
    for (let index = 0; index + 1 < this.#full.length; index += 2) {
      const sum = this.#full[index]!;
      const next = this.#full[index + 1]!;
      for (let bucket = 0; bucket < BUCKETS; bucket++) sum[bucket]! += next[bucket]!;
      merged.push(sum);
    }
    // An odd one begins the next block: it is half of one by now.
    if (this.#full.length % 2 === 1) {
      this.#current = this.#full.at(-1)!;
      this.#inCurrent = this.#blockSize;
    }
    this.#full = merged;
    this.#blockSize *= 2;
  }
}

/** Blocks as text, a line each: `bucket:count bucket:count`; what a report stores. */
export function blocksToText(blocks: readonly Block[]): string[] {
  return blocks.map((block) => block.map(([bucket, count]) => `${bucket}:${count}`).join(" "));
}

/** The blocks that {@linkcode blocksToText} wrote; undefined when the lines are none of its. */
export function blocksFromText(lines: unknown): Block[] | undefined {
  if (!Array.isArray(lines)) return undefined;
  const blocks: [number, number][][] = [];
  for (const line of lines) {
    if (typeof line !== "string" || !/^\d+:\d+( \d+:\d+)*$/.test(line)) return undefined;
    const block = line.split(" ").map((pair): [number, number] => {
      const [bucket, count] = pair.split(":").map(Number);
      return [bucket!, count!]; // The expression above has seen both.
    });
    if (block.some(([bucket]) => bucket >= BUCKETS)) return undefined;
    blocks.push(block);
  }
  return blocks;
}
