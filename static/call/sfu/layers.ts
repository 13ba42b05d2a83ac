/**
 * In which sizes a picture is sent to the server, how many bits each may take, and which of them are
 * sent at all. The server passes on to everybody the size that fits. Pure.
 */
import type { SlotEncoding } from "../transport.ts";

/**
 * The sizes of a camera, smallest first: by their names in the description (RFC 8851), by how much
 * smaller they are in each direction, and by their part of the bits of the whole picture. A quarter of
 * the pixels needs about a third of the bits.
 */
const CAMERA_LAYERS = [
  { rid: "l", scale: 4, part: 0.1 },
  { rid: "m", scale: 2, part: 0.3 },
  { rid: "h", scale: 1, part: 1 },
] as const;
/** Where nothing was decided yet. */
const FIRST_ENCODING = { maxBitrate: 1_500_000, scaleResolutionDownBy: 1, maxFramerate: 30 };

/** What the sizes depend on. */
export interface LayerCircumstances {
  /** The bounds of the whole picture; undefined before there are any. */
  readonly encoding: SlotEncoding | undefined;
  /** Pixels of the track's height; 0: unknown. */
  readonly captureHeight: number;
  /** Of the tallest picture that anybody wants (rule PB6); undefined before anybody has said so. */
  readonly wantedHeight: number | undefined;
}

/** One size as the browser takes it; what it gave stays as it is beside. */
export type LayerParameters = {
  readonly rid?: string;
  readonly active: boolean;
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
  readonly maxFramerate: number;
};

/** The sizes of a camera, smallest first. */
export function cameraLayers(now: LayerCircumstances): readonly LayerParameters[] {
  const { maxBitrate, scaleResolutionDownBy, maxFramerate } = now.encoding ?? FIRST_ENCODING;
  const heightOf = (scale: number) => now.captureHeight / (scaleResolutionDownBy * scale);
  return CAMERA_LAYERS.map(({ rid, scale, part }, index) => {
    const smaller = CAMERA_LAYERS[index - 1];
    return {
      rid,
      active: isWanted(now, smaller === undefined ? 0 : heightOf(smaller.scale)),
      maxBitrate: Math.round(maxBitrate * part),
      scaleResolutionDownBy: scaleResolutionDownBy * scale,
      maxFramerate,
    };
  });
}

/** A screen has one size: letters that are made smaller cannot be read. */
export function screenLayers(now: LayerCircumstances): readonly LayerParameters[] {
  const { maxBitrate, scaleResolutionDownBy, maxFramerate } = now.encoding ?? FIRST_ENCODING;
  return [{ active: now.wantedHeight !== 0, maxBitrate, scaleResolutionDownBy, maxFramerate }];
}

/** A size is sent unless the next smaller one is as tall as anybody wants. */
function isWanted({ wantedHeight, captureHeight }: LayerCircumstances, smaller: number): boolean {
  if (wantedHeight === undefined) return true;
  if (captureHeight === 0) return wantedHeight > 0;
  return smaller < wantedHeight;
}
