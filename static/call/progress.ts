/**
 * How much has come of a track: what decides when one connection may take another's place. A counter
 * that grows means that the new one plays, before anybody looks at it.
 */
import { Entries } from "./stats_entries.ts";
import { isPicture } from "./slot_kinds.ts";
import type { Slot } from "./transport.ts";

/** Pictures decoded, or packets of sound, by slot; a slot of which nothing is known is left out. */
export type Progress = { readonly [slot in Slot]?: number };

/** What one m-line has received since it began. */
export interface Counters {
  readonly packets: number;
  readonly frames: number;
  /** Pictures that need no other; the first one of every sender is one. */
  readonly keyFrames: number;
}

/** The counters of what `getStats` returned, by the id of the m-line. */
export function readCounters(stats: ReadonlyMap<string, unknown>): ReadonlyMap<string, Counters> {
  const inbound = new Entries({ at: 0, stats }).ofType("inbound-rtp");
  return new Map(inbound.map((entry) => [entry.text("mid"), {
    packets: entry.number("packetsReceived") ?? 0,
    frames: entry.number("framesDecoded") ?? 0,
    keyFrames: entry.number("keyFramesDecoded") ?? 0,
  }]));
}

/** The progress of the slots that are carried on these m-lines. */
export function progressOf(
  counters: ReadonlyMap<string, Counters>,
  slots: ReadonlyMap<string, Slot>,
): Progress {
  const known = [...slots].flatMap(([mid, slot]) => {
    const counter = counters.get(mid);
    return counter === undefined ? [] : [[slot, countOf(counter, slot)]];
  });
  return Object.fromEntries(known) as Progress; // The keys are slots.
}

/** The counter of a slot that tells whether it plays. */
export function countOf({ frames, packets }: Counters, slot: Slot): number {
  return isPicture(slot) ? frames : packets;
}
