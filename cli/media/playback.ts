/**
 * Files being played: which frames are due, and when each was. Picture and sound have one time line,
 * so that they stay together through a jump and from one round to the next.
 */
import type { MediaFile, MediaFrame } from "./media_file.ts";

/** A jump goes on at least so long after what was due last: RTP timestamps have to grow. */
const MIN_STEP_MS = 5;

/** A frame that is due. */
export type DueFrame = {
  readonly file: MediaFile;
  readonly frame: MediaFrame;
  readonly dueAt: number;
};

/** One time line. */
export class Playback {
  readonly #files: readonly MediaFile[];
  readonly #picture: MediaFile | undefined;
  readonly #isLooping: boolean;
  readonly #durationMs: number;
  /** Of each file the next frame. */
  readonly #next: number[];
  /** When the files' time is 0. */
  #zeroAt: number;
  #lastDueAt: number;

  /** Begins at `startedAt`; the clock is the caller's. */
  constructor(
    files: readonly MediaFile[],
    { isLooping, startedAt }: { readonly isLooping: boolean; readonly startedAt: number },
  ) {
    this.#files = files;
    this.#picture = files.find(({ codec }) => codec !== "opus");
    this.#isLooping = isLooping;
    this.#durationMs = Math.max(...files.map(({ durationMs }) => durationMs));
    this.#next = files.map(() => 0);
    this.#zeroAt = this.#lastDueAt = startedAt;
  }

  /** Whether nothing will be due any more after `at`. */
  isOver(at: number): boolean {
    return !this.#isLooping && this.#isAtEnd && at >= this.#zeroAt + this.#durationMs;
  }

  /** The frames that are due at `at` and were not before, each file's in order. */
  due(at: number): DueFrame[] {
    const found: DueFrame[] = [];
    do {
      this.#files.forEach((file, index) => {
        for (;;) {
          const frame = file.frames[this.#next[index]!];
          if (frame === undefined || this.#zeroAt + frame.atMs > at) break;
          const dueAt = this.#zeroAt + frame.atMs;
          this.#lastDueAt = Math.max(this.#lastDueAt, dueAt);
          this.#next[index]!++;
          found.push({ file, frame, dueAt });
        }
      });
    } while (this.#beginsAgain(at));
    return found;
  }

  /**
   * Goes on with the next key frame now. Where none follows, with the first one of the next round, or
   * without one with the last that there was.
   */
  jump(at: number): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    const { frames } = picture;
    const next = this.#next[this.#files.indexOf(picture)]!;
    const isKeyFrame = ({ isKeyFrame }: MediaFrame) => isKeyFrame;
    const target = frames.slice(next).find(isKeyFrame) ??
      (this.#isLooping ? frames.find(isKeyFrame) : frames.findLast(isKeyFrame));
    if (target === undefined) return;
    const { atMs } = target;
    this.#zeroAt = Math.max(at, this.#lastDueAt + MIN_STEP_MS) - atMs;
    this.#files.forEach(({ frames }, index) => {
      const from = frames === picture.frames
        ? frames.indexOf(target)
        : frames.findIndex((frame) => frame.atMs >= atMs);
      this.#next[index] = from < 0 ? frames.length : from;
    });
  }

  get #isAtEnd(): boolean {
    return this.#files.every(({ frames }, index) => this.#next[index]! >= frames.length);
  }

  #beginsAgain(at: number): boolean {
    const endsAt = this.#zeroAt + this.#durationMs;
    if (!this.#isLooping || !this.#isAtEnd || endsAt > at) return false;
    this.#zeroAt = endsAt;
    this.#next.fill(0);
    return true;
  }
}
