/**
 * How a latency went over the run: one histogram for each piece of time, so that a slow minute is not
 * lost among fast ones. Pieces grow with the run, so the memory is bounded. The run's record keeps one
 * for each kind of latency; the reports draw lines from it.
 */
import { Histogram, type HistogramContents } from "./histogram.ts";

/** Pieces that are kept; beyond it neighbours are merged and each piece is twice as long. */
const MAX_COLUMNS = 60;
/** The first length of a piece: a short run still gets several. */
const FIRST_WIDTH_MS = 100;

/** The latencies that ended in one piece of the run, in milliseconds. */
export type LatencyColumn = {
  /** Where the piece begins, counted from the start of the run. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
};

/** What it holds, for another thread: `[index of the piece, its durations]`. */
export type LatencyOverTimeContents = {
  readonly widthMs: number;
  readonly columns: readonly (readonly [number, HistogramContents])[];
};

/** Latencies by when they ended. */
export class LatencyOverTime {
  #startedAt = 0;
  #widthMs = FIRST_WIDTH_MS;
  #columns: (Histogram | undefined)[] = [];

  /** The run began at `at`, by the clock of the recorded times. Default 0. */
  begin(at: number): void {
    this.#startedAt = at;
  }

  /** Counts a latency of `ms` that ended `at`. One from before the beginning counts as of then. */
  record(ms: number, at: number): void {
    let index = this.#indexOf(at);
    while (index >= MAX_COLUMNS) {
      this.#halve();
      index = this.#indexOf(at);
    }
    (this.#columns[index] ??= new Histogram()).record(ms);
  }

  /** The pieces in which there is anything, in order. */
  get columns(): LatencyColumn[] {
    const width = this.#widthMs;
    return this.#columns.flatMap((histogram, index) => {
      if (histogram === undefined) return [];
      const [p50 = 0, p95 = 0, p99 = 0] = [50, 95, 99].map((part) => histogram.percentile(part));
      const { count, maxMs: max } = histogram;
      return [{ fromMs: index * width, toMs: (index + 1) * width, count, p50, p95, p99, max }];
    });
  }

  /** What it holds, as plain values; its times count from its own beginning. */
  get contents(): LatencyOverTimeContents {
    const columns = this.#columns.flatMap((histogram, index) =>
      histogram === undefined ? [] : [[index, histogram.contents] as const]
    );
    return { widthMs: this.#widthMs, columns };
  }

  /** Adds what another one held that began at the same time. */
  add({ widthMs, columns }: LatencyOverTimeContents): void {
    while (this.#widthMs < widthMs) this.#halve();
    for (const [index, held] of columns) {
      const own = Math.floor(index * widthMs / this.#widthMs);
      (this.#columns[own] ??= new Histogram()).add(held);
    }
  }

  #halve(): void {
    this.#columns = halved(this.#columns);
    this.#widthMs *= 2;
  }

  #indexOf(at: number): number {
    return Math.max(0, Math.floor((at - this.#startedAt) / this.#widthMs));
  }
}

function halved(columns: readonly (Histogram | undefined)[]): (Histogram | undefined)[] {
  return Array.from({ length: Math.ceil(columns.length / 2) }, (_, index) => {
    const first = columns[2 * index];
    const second = columns[2 * index + 1];
    if (first !== undefined && second !== undefined) first.add(second.contents);
    return first ?? second;
  });
}
