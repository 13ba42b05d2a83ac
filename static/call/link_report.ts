/**
 * What one link to one participant measures, in numbers for people: the statistics panel and the
 * signs of quality read it, `statistics.ts` makes it of two reports of `getStats` (W3C
 * webrtc-stats).
 */
import type { MediaPath } from "../../src/protocol/mod.ts";
import type { StreamCounters } from "./stream_counters.ts";
import type { Slot } from "./transport.ts";

/** One size in which a picture is sent to the server, which passes on the one that fits. */
export interface LayerReport {
  /** The a=rid. */
  readonly rid: string;
  /** Nobody may want it, or the network may not take it. */
  readonly isSending: boolean;
  readonly kbps: number;
  /** Pixels and pictures a second, while some are sent. */
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
}

/** One stream in one direction. */
export interface StreamReport {
  readonly slot: Slot;
  readonly kbps: number;
  /** For example `VP9`; empty while nothing was negotiated. */
  readonly codec: string;
  /** Pixels and pictures a second; of a picture only, and only while one comes. */
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  /** Pictures decoded or encoded since the beginning. */
  readonly frames?: number;
  /** Fraction of the packets that got lost since the last report, 0 to 1. */
  readonly loss: number;
  /** Milliseconds. */
  readonly jitterMs: number;
  /** What the browser has counted of it; undefined while it has not looked. */
  readonly counters?: StreamCounters;
  /** 0 to 1; of sound only. */
  readonly audioLevel?: number;
  /** Why less is sent than could be; of what is sent only. */
  readonly limitedBy?: "none" | "cpu" | "bandwidth" | "other";
  /** Of a picture that is sent in several sizes at once; smallest first. */
  readonly layers?: readonly LayerReport[];
  /**
   * Through the server: pixels of the tallest picture that anybody wants of what is sent, and that
   * we want of what is received; 0: nobody looks. Undefined: as tall as it comes.
   */
  readonly wantedHeight?: number;
}

/** One link. */
export interface LinkReport {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly path: MediaPath | "unknown";
  /** Milliseconds; undefined until one was measured. */
  readonly roundTripMs: number | undefined;
  /** Bits a second that the network is believed to take; undefined until the browser says so. */
  readonly availableOutgoingBitrate: number | undefined;
  readonly kbpsUp: number;
  readonly kbpsDown: number;
  readonly sent: readonly StreamReport[];
  readonly received: readonly StreamReport[];
}

/**
 * The reports that stand for a way out of their own: to the server there is one for all, which the
 * reports of all participants repeat.
 */
export function waysOut(reports: readonly LinkReport[]): readonly LinkReport[] {
  const through = reports.filter(({ path }) => path === "sfu");
  return [...through.slice(0, 1), ...reports.filter(({ path }) => path !== "sfu")];
}
