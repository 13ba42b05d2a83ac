/**
 * What the browser has counted of a stream since it began, under the names that the server counts by
 * (rule MS1): the two stand side by side in the statistics panel. Pure.
 */
import type { Entry } from "./stats_entries.ts";

/** The counters of one stream; what a browser leaves out is 0. */
export interface StreamCounters {
  readonly packets: number;
  /** Payloads alone. */
  readonly bytes: number;
  /** Packets that the receiving side missed. */
  readonly lost: number;
  /** RFC 4585: requests for packets, and for key frames, that were sent or came. */
  readonly nacks: number;
  readonly plis: number;
  /** RFC 4588: packets that were sent again, or came again. */
  readonly retransmitted: number;
}

/**
 * Those of an `outbound-rtp`; `remote` is what the other side last said of it. Chromium counts packets
 * too with which it probes the path, so of pictures it may count more than come in.
 */
export function sentCounters(entry: Entry, remote: Entry | undefined): StreamCounters {
  return {
    packets: entry.number("packetsSent") ?? 0,
    bytes: entry.number("bytesSent") ?? 0,
    lost: atLeastNone(remote?.number("packetsLost")),
    retransmitted: entry.number("retransmittedPacketsSent") ?? 0,
    ...requests(entry),
  };
}

/** Those of an `inbound-rtp`. */
export function receivedCounters(entry: Entry): StreamCounters {
  return {
    packets: entry.number("packetsReceived") ?? 0,
    bytes: entry.number("bytesReceived") ?? 0,
    lost: atLeastNone(entry.number("packetsLost")),
    retransmitted: entry.number("retransmittedPacketsReceived") ?? 0,
    ...requests(entry),
  };
}

/** The counters of streams that are one to whoever looks at them, such as the layers of a picture. */
export function addCounters(all: readonly StreamCounters[]): StreamCounters {
  const sum = (name: keyof StreamCounters) => all.reduce((total, one) => total + one[name], 0);
  return {
    packets: sum("packets"),
    bytes: sum("bytes"),
    lost: sum("lost"),
    nacks: sum("nacks"),
    plis: sum("plis"),
    retransmitted: sum("retransmitted"),
  };
}

function requests(entry: Entry): Pick<StreamCounters, "nacks" | "plis"> {
  return { nacks: entry.number("nackCount") ?? 0, plis: entry.number("pliCount") ?? 0 };
}

/** Doubles make a receiver count less than none (RFC 3550, section 6.4.1). */
function atLeastNone(lost = 0): number {
  return Math.max(0, lost);
}
