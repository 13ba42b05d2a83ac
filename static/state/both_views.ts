/**
 * Streams as the browser counts them and as the server does, side by side, for the statistics panel:
 * where the two differ, packets are on the way or lost on it. Pure.
 */
import type { UserId } from "../../src/protocol/mod.ts";
import type { LinkReport, StreamReport } from "../call/link_report.ts";
import { slotOf } from "../call/slot_kinds.ts";
import { addCounters, type StreamCounters } from "../call/stream_counters.ts";
import type { Slot } from "../call/transport.ts";
import type { Counters } from "./server_counters.ts";

/** One side's view of a stream. */
export interface View extends StreamCounters {
  readonly kbps: number;
  /** Pixels of the picture that travels; undefined of sound, and while it is not known. */
  readonly height?: number;
  /** The a=rid of the size that the server has chosen, where there are several. */
  readonly rid?: string;
}

/** One stream, as far as each side knows of it. */
export interface BothViews {
  readonly slot: Slot;
  readonly browser: View | undefined;
  readonly server: View | undefined;
  /** The server sends nothing of it now, or has nothing to send. */
  readonly isPaused: boolean;
}

/** The order in which they are shown. */
const SLOTS: readonly Slot[] = ["camera", "screen", "microphone", "screenSound"];

/** What we send, as the browser sends it and as it comes to the server. */
export function sentViews(
  report: LinkReport | undefined,
  counters: Counters | undefined,
): readonly BothViews[] {
  return together(
    report?.sent ?? [],
    (counters?.published ?? []).map(({ source, layers }) => {
      const heights = layers.filter(({ bitrateKbps }) => bitrateKbps > 0)
        .map(({ height }) => height);
      const kbps = layers.reduce((total, { bitrateKbps }) => total + bitrateKbps, 0);
      const view = { kbps, ...heightIn(Math.max(0, ...heights)), ...addCounters(layers) };
      return { slot: slotOf(source), view, isPaused: false };
    }),
  );
}

/** What we receive of `userId`, as the server sends it and as it comes to the browser. */
export function receivedViews(
  userId: UserId,
  report: LinkReport | undefined,
  counters: Counters | undefined,
): readonly BothViews[] {
  const received = (counters?.received ?? []).filter((one) => one.userId === userId);
  return together(
    report?.received ?? [],
    received.map(({ source, bitrateKbps, height, rid, paused: isPaused, ...counted }) => {
      const view = {
        kbps: bitrateKbps,
        ...heightIn(height),
        ...(rid === "" ? {} : { rid }),
        ...addCounters([counted]),
      };
      return { slot: slotOf(source), view, isPaused };
    }),
  );
}

type Counted = { readonly slot: Slot | undefined; readonly view: View; readonly isPaused: boolean };

/** A slot whose track was changed is there twice for a moment: the later one counts. */
function together(
  streams: readonly StreamReport[],
  counted: readonly Counted[],
): readonly BothViews[] {
  return SLOTS.flatMap((slot): BothViews[] => {
    const browser = browserView(streams.find((stream) => stream.slot === slot));
    const server = counted.findLast((one) => one.slot === slot);
    if (server === undefined) return []; // A browser counts for itself elsewhere in the panel.
    return [{ slot, browser, server: server.view, isPaused: server.isPaused }];
  });
}

function browserView(stream: StreamReport | undefined): View | undefined {
  if (stream?.counters === undefined) return undefined;
  return { kbps: stream.kbps, ...heightIn(stream.height), ...stream.counters };
}

function heightIn(height = 0): Pick<View, "height"> {
  return height > 0 ? { height } : {};
}
