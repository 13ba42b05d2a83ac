/** Samples of a server that nobody uses, for the tests of this folder. */
import type { Sample } from "./sampler.ts";
import type { Cycle } from "./verdict.ts";

/** A sample that is all rest but for `more`. */
export function sampleOf(more: Partial<Sample> = {}): Sample {
  return {
    atMs: 0,
    connections: 0,
    sockets: 0,
    rooms: 0,
    participants: 0,
    stays: 0,
    reservedCodes: 0,
    timers: 3,
    residentMb: 150,
    heapMb: 20,
    descriptors: 30,
    driftMs: 2,
    messages: 0,
    errors: {},
    ...more,
  };
}

/** Cycles of a minute; `restAt` and `busyAt` say what differs in each. */
export function cyclesOf(
  count: number,
  { restAt = () => ({}), busyAt = () => ({}) }: {
    restAt?: (cycle: number) => Partial<Sample>;
    busyAt?: (cycle: number) => Partial<Sample>;
  },
): Cycle[] {
  return Array.from({ length: count }, (_, n) => {
    const atMs = n * 60_000;
    const calm = sampleOf({ atMs, ...restAt(n) });
    // A peak in one sample of a rest, such as garbage, does not count.
    const peak = {
      ...calm,
      residentMb: calm.residentMb + 700,
      heapMb: calm.heapMb + 300,
      timers: calm.timers + 40,
    };
    return { busy: sampleOf({ atMs, ...busyAt(n) }), testerDriftMs: 2, rest: [peak, calm] };
  });
}
