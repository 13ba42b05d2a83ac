/**
 * What a broadcast captures and sends, in numbers: from the camera's settings and the links' reports.
 * Pure.
 */
import { type LinkReport, type StreamReport, waysOut } from "../../call/link_report.ts";
import type { Sent } from "./live_data.ts";

/** The heights that can be chosen, in pixels. */
export const HEIGHTS = [480, 720, 1080] as const;
/** One of {@linkcode HEIGHTS}. */
export type PictureHeight = typeof HEIGHTS[number];

/** What the camera gives, whatever was asked of it. */
export interface Captured {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** What a camera's track gives; undefined where it says nothing of a picture. */
export function capturedBy(track: MediaStreamTrack | undefined): Captured | undefined {
  const { width = 0, height = 0, frameRate = 0 } = track?.getSettings() ?? {};
  return height === 0 ? undefined : { width, height, framesPerSecond: Math.round(frameRate) };
}

/** What holds a picture down, if anything that can be named. */
export function limitOf(stream: StreamReport | undefined): Sent["limitedBy"] {
  const limitedBy = stream?.limitedBy;
  return limitedBy === "cpu" || limitedBy === "bandwidth" ? limitedBy : undefined;
}

/** Kbit/s on all ways together, oldest first. Histories end now, and began as each viewer came. */
export function kbpsOver(histories: readonly (readonly LinkReport[])[]): readonly number[] {
  const length = Math.max(0, ...histories.map((reports) => reports.length));
  return Array.from({ length }, (_, index) => {
    const then = histories.flatMap((reports) => reports.at(index - length) ?? []);
    return waysOut(then).reduce((sum, { kbpsUp }) => sum + kbpsUp, 0);
  });
}

/** Kbit/s that the network is believed to take; undefined where no browser says so. */
export function availableOn(ways: readonly LinkReport[]): number | undefined {
  const known = ways.flatMap(({ availableOutgoingBitrate: bits }) => bits ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, bits) => sum + bits, 0) / 1_000;
}

/** The picture that is sent tallest: on a narrow way it is smaller. */
export function pictureOn(ways: readonly LinkReport[]): StreamReport | undefined {
  return ways.flatMap(({ sent }) => sent)
    .filter(({ slot, height }) => (slot === "camera" || slot === "screen") && height !== undefined)
    .sort((one, other) => (other.height ?? 0) - (one.height ?? 0))[0];
}
