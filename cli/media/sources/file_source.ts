/** Files as a source: a picture and a sound that stay together, round after round. */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { MediaFile } from "../media_file.ts";
import { Playback } from "../playback.ts";
import type { FrameSource, SourceFrame } from "./frame_source.ts";

/** A jump to a key frame every so often at most: each receiver asks for its own. */
const MIN_JUMP_MS = 500;

/** Files that are looped. */
export class FileSource implements FrameSource {
  readonly codecs: readonly CodecName[];
  readonly failure = undefined;
  readonly #files: readonly MediaFile[];
  #playback: Playback | undefined;
  #jumpedAt = Number.NEGATIVE_INFINITY;

  /** Begins when it is first asked. */
  constructor(files: readonly MediaFile[]) {
    this.#files = files;
    this.codecs = files.map(({ codec }) => codec);
  }

  /** See FrameSource. */
  due(at: number): SourceFrame[] {
    this.#playback ??= new Playback(this.#files, { isLooping: true, startedAt: at });
    return this.#playback.due(at).map(({ file: { codec }, frame, dueAt }) => {
      const { bytes, isKeyFrame } = frame;
      return { codec, bytes, isKeyFrame, dueAt };
    });
  }

  /** See FrameSource. */
  wantKeyFrame(at: number): void {
    if (at - this.#jumpedAt < MIN_JUMP_MS) return;
    this.#jumpedAt = at;
    this.#playback?.jump(at);
  }

  /** See FrameSource. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
