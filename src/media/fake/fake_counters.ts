/** The counters of streams in memory. */
import type { StreamCounters } from "../port.ts";

/** No packet has come or gone. */
export const NO_PACKETS: StreamCounters = {
  packets: 0,
  bytes: 0,
  lost: 0,
  nacks: 0,
  plis: 0,
  retransmitted: 0,
};
