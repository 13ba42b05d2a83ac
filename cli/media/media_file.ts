/** A file of encoded pictures or sound, as `whip` plays it: types alone. */
import type { CodecName } from "../../src/media/rtp/codecs.ts";

/** A picture, or a piece of sound. */
export type MediaFrame = {
  readonly bytes: Uint8Array;
  /** Since the beginning of the file. */
  readonly atMs: number;
  /** A decoder can begin with it. */
  readonly isKeyFrame: boolean;
};

/** A file; it has one frame at least. */
export type MediaFile = {
  readonly codec: CodecName;
  /** In the order of their times. */
  readonly frames: readonly MediaFrame[];
  readonly durationMs: number;
};

/** A file that cannot be played. The message says why. */
export class MediaFileError extends Error {
  override readonly name = "MediaFileError";
}
