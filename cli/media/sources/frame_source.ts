/**
 * Where what a participant sends comes from: a file, a pattern, a device. Types alone. One source has a
 * picture, a sound or both, on one time line.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";

/** A frame that is due. */
export type SourceFrame = {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
  readonly isKeyFrame: boolean;
  /** When it was due, by the clock of the run. */
  readonly dueAt: number;
};

/** A source. */
export interface FrameSource {
  /** Of what it has, at most one picture and one sound. */
  readonly codecs: readonly CodecName[];
  /** Why it gives nothing any more; undefined: it goes on. */
  readonly failure: string | undefined;
  /** The frames that are due at `at` and were not before, in order. */
  due(at: number): SourceFrame[];
  /** Somebody cannot go on without a key frame: one comes as soon as that can be. */
  wantKeyFrame(at: number): void;
  /** Ends it; resolves when nothing of it is left. Idempotent, never rejects. */
  close(): Promise<void>;
}
