/** What a tab of `live_tab.ts` says of its live call; the harness in the tab shares it. */
import type { MediaPath, PathTimes } from "../../src/protocol/mod.ts";

/** How a live call fares. */
export type LiveReport = {
  readonly rung: MediaPath | undefined;
  readonly why: string | undefined;
  readonly pathMs: PathTimes;
  readonly topology: string;
  /** As the link says, or the frames of the socket. */
  readonly path: string;
  /** Pictures decoded by whatever is shown now, and kbit/s of it. */
  readonly frames: number;
  readonly kbpsDown: number;
  readonly height: number;
  /** Pictures that the video element of the tab has shown so far, on whichever way. */
  readonly shown: number;
  /** From the call of `join` to the first picture that the element showed, milliseconds. */
  readonly firstPictureMs: number | undefined;
  /** The longest time between two of them since that was forgotten, milliseconds. */
  readonly longestGapMs: number;
  /** Packets of sound that came by whatever is heard now. */
  readonly packets: number;
  /** Of a broadcaster. */
  readonly relayed: { readonly viewers: number; readonly pictures: number } | undefined;
  readonly bufferedBytes: number;
  /** Of the last `stats-summary`. */
  readonly summary: unknown;
  readonly faults: readonly string[];
};

/** When flashes were seen and beeps were heard, milliseconds of one clock. */
export type FlashReport = { readonly seen: readonly number[]; readonly heard: readonly number[] };
