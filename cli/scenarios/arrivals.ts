/**
 * When each of many users arrives: the times are fixed before the first one comes, whatever the
 * server answers (open loop). Latencies count from these times, so a server that makes users queue
 * up is charged for the queue. Pure; the phases that connect and join users go by it.
 */
import type { SeededRandom } from "./random.ts";

/** The ways to arrive. */
export const ARRIVALS = ["poisson", "ramp", "burst"] as const;
/** One of {@linkcode ARRIVALS}. */
export type ArrivalKind = (typeof ARRIVALS)[number];

/** How users arrive. */
export type Arrival =
  /** Independently of each other, `perSecond` on average: the gaps are exponential. */
  | { readonly kind: "poisson"; readonly perSecond: number }
  /** Evenly over `rampMs`: the number of users grows linearly. */
  | { readonly kind: "ramp"; readonly rampMs: number }
  /** All at once. */
  | { readonly kind: "burst" };

/** When users number 0 to `count` - 1 arrive, in milliseconds after the first could; ascending. */
export function arrivalTimes(count: number, arrival: Arrival, random: SeededRandom): number[] {
  switch (arrival.kind) {
    case "poisson": {
      let at = 0;
      return Array.from({ length: count }, () => {
        // 1 - next() is never 0, so the logarithm is finite.
        at += -Math.log(1 - random.next()) / arrival.perSecond * 1_000;
        return at;
      });
    }
    case "ramp":
      return Array.from({ length: count }, (_, index) => (index / count) * arrival.rampMs);
    case "burst":
      return new Array(count).fill(0);
  }
}

/** `arrival` in one word with its figure, for a reader. */
export function describeArrival(arrival: Arrival): string {
  switch (arrival.kind) {
    case "poisson":
      return `poisson, ${arrival.perSecond}/s`;
    case "ramp":
      return `ramp over ${arrival.rampMs} ms`;
    case "burst":
      return "burst";
  }
}
