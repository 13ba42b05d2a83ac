/**
 * The largest size at which something still holds: doubled until it fails, then halved between the
 * last that held and the first that did not. Knows neither users nor servers; `simulate --search`
 * hands it a run as the probe, the tests a function.
 */

/** One probe. */
export type Probe<T> = {
  /** The size. */
  readonly size: number;
  /** Whether this run held. */
  readonly holds: boolean;
  /** It repeats the one before, which failed: once may be noise. */
  readonly isRepeat: boolean;
  /** What the run was. */
  readonly outcome: T;
};

/** What came of it. */
export type SearchAnswer<T> = {
  /** The largest size that held; 0: not even the first did. */
  readonly largest: number;
  /** The smallest that failed twice; undefined: none did up to the maximum. */
  readonly smallestFailing: number | undefined;
  readonly probes: readonly Probe<T>[];
};

/** How it searches. */
export type SearchOptions<T> = {
  /** Where it begins. */
  readonly from: number;
  /** Where it ends. */
  readonly max: number;
  /** Runs once at a size. */
  readonly run: (size: number) => Promise<{ holds: boolean; outcome: T }>;
  /** Sizes are multiples of this; default 1. */
  readonly grain?: number;
  /** Hears of each probe as it ends. */
  readonly onProbe?: (probe: Probe<T>) => void;
};

/** The answer is known to this share of itself: a machine does not repeat itself more exactly. */
const PRECISION = 0.05;

/** Searches; rejects with what `run` rejects with. */
export async function searchCapacity<T>(options: SearchOptions<T>): Promise<SearchAnswer<T>> {
  const { from, max, grain = 1, run, onProbe = () => {} } = options;
  const probes: Probe<T>[] = [];
  const probe = async (size: number) => {
    for (const isRepeat of [false, true]) {
      const result = { size, isRepeat, ...await run(size) };
      probes.push(result);
      onProbe(result);
      if (result.holds) return true;
    }
    return false;
  };
  let largest = 0;
  let smallestFailing: number | undefined;
  for (let size = Math.min(from, max);; size = Math.min(size * 2, max)) {
    if (!await probe(size)) {
      smallestFailing = size;
      break;
    }
    largest = size;
    if (size >= max) break;
  }
  while (largest > 0 && smallestFailing !== undefined) {
    const gap = smallestFailing - largest;
    if (gap <= Math.max(grain, largest * PRECISION)) break;
    const size = largest + Math.max(grain, Math.floor(gap / 2 / grain) * grain);
    if (size >= smallestFailing) break;
    if (await probe(size)) largest = size;
    else smallestFailing = size;
  }
  return { largest, smallestFailing, probes };
}
