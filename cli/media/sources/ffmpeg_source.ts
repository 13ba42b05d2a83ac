/**
 * What ffmpeg encodes, as a source: a camera, a microphone, a file of raw pictures. A frame is due when
 * it comes; key frames come by themselves, for ffmpeg cannot be asked for one.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { Ffmpeg } from "../ffmpeg.ts";
import { MediaFileError } from "../media_file.ts";
import type { FrameSource, SourceFrame } from "./frame_source.ts";
import { IvfStream } from "./ivf_stream.ts";
import { OggStream } from "./ogg_stream.ts";

/** Frames that wait for a turn; beyond, the oldest are dropped up to the next key frame. */
const MAX_WAITING = 250;

/** What a source is made with. */
export type FfmpegSourceOptions = {
  readonly args: readonly string[];
  readonly kind: "picture" | "sound";
  /** What it is for, e.g. `--camera`. */
  readonly what: string;
  /** Milliseconds of the run's clock. */
  readonly now: () => number;
};

/** A process that gives frames. */
export class FfmpegSource implements FrameSource {
  readonly codecs: readonly CodecName[];
  failure: string | undefined;
  readonly #options: FfmpegSourceOptions;
  readonly #ffmpeg: Ffmpeg;
  #waiting: SourceFrame[] = [];
  readonly #reading: Promise<void>;
  #isClosed = false;

  /** Starts it. Throws FfmpegMissing. */
  constructor(options: FfmpegSourceOptions) {
    this.#options = options;
    this.codecs = [options.kind === "picture" ? "VP8" : "opus"];
    this.#ffmpeg = Ffmpeg.start(options.args, { what: options.what });
    this.#reading = this.#read();
  }

  /** See FrameSource. */
  due(): SourceFrame[] {
    return this.#waiting.splice(0);
  }

  /** See FrameSource. */
  wantKeyFrame(): void {}

  /** See FrameSource. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ffmpeg.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { what, kind, now } = this.#options;
    const frames = kind === "picture" ? pictures(new IvfStream()) : sounds(new OggStream());
    let wrong: string | undefined;
    try {
      for await (const piece of this.#ffmpeg.output) {
        const dueAt = now();
        this.#waiting.push(...frames(piece).map((frame) => ({ ...frame, dueAt })));
        if (this.#waiting.length > MAX_WAITING) this.#waiting.splice(0);
      }
    } catch (error) {
      if (!(error instanceof MediaFileError)) throw error;
      wrong = error.message;
      this.#ffmpeg.close();
    }
    const said = await this.#ffmpeg.ended;
    if (!this.#isClosed) {
      this.failure = `${what}: ffmpeg has ended: ${wrong ?? (said || "no word")}`;
    }
  }
}

type Frame = Omit<SourceFrame, "dueAt">;

function pictures(stream: IvfStream): (piece: Uint8Array) => Frame[] {
  return (piece) => stream.add(piece).map((frame) => ({ codec: "VP8", ...frame }));
}

function sounds(stream: OggStream): (piece: Uint8Array) => Frame[] {
  return (piece) => stream.add(piece).map((bytes) => ({ codec: "opus", bytes, isKeyFrame: true }));
}
