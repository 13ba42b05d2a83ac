/** The test pattern as a source: picture, sound, or both, which beep and light up together. */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { annexB } from "../annex_b.ts";
import { BlockEncoder } from "../pattern/block_encoder.ts";
import { BLOCK_PIXELS } from "../pattern/block_picture.ts";
import { frameMark } from "../pattern/frame_mark.ts";
import { BEEP, PATTERN_RATE, PATTERN_SIZE, testPicture } from "../pattern/test_picture.ts";
import { SOUND_PACKET_MS, testSound } from "../pattern/test_sound.ts";
import type { FrameSource, SourceFrame } from "./frame_source.ts";

const PICTURE_MS = 1_000 / PATTERN_RATE;
const BEEP_PACKETS = BEEP.every * PICTURE_MS / SOUND_PACKET_MS;
/** Who looks later than this goes on where time is: what was missed helps nobody. */
const MAX_LATE_MS = 500;
/** Without a request: so late at most can somebody begin who asks for nothing. */
const KEY_FRAME_PERIOD_MS = 4_000;
/** A key frame every so often at most: each receiver asks for its own. */
const MIN_KEY_FRAME_MS = 200;

/** What a pattern is made with. */
export type PatternOptions = {
  readonly hasPicture: boolean;
  readonly hasSound: boolean;
  /** `at` of the run's clock since the Unix epoch. */
  readonly epochOf: (at: number) => number;
};

/** The pattern. */
export class PatternSource implements FrameSource {
  readonly codecs: readonly CodecName[];
  readonly failure = undefined;
  /** The number of the next picture. */
  picture = 0;
  readonly #options: PatternOptions;
  readonly #encoder = new BlockEncoder({
    columns: PATTERN_SIZE.width / BLOCK_PIXELS,
    rows: PATTERN_SIZE.height / BLOCK_PIXELS,
  });
  #sound = 0;
  #startedAt: number | undefined;
  #isKeyFrameWanted = true;
  #keyFrameAt = Number.NEGATIVE_INFINITY;

  /** Begins when it is first asked. */
  constructor(options: PatternOptions) {
    this.#options = options;
    this.codecs = [
      ...options.hasPicture ? ["H264" as const] : [],
      ...options.hasSound ? ["opus" as const] : [],
    ];
  }

  /** See FrameSource. */
  due(at: number): SourceFrame[] {
    const startedAt = this.#startedAt ??= at;
    const { hasPicture, hasSound } = this.#options;
    const frames: SourceFrame[] = [];
    if (hasSound) {
      this.#sound = Math.max(this.#sound, firstDue(at - startedAt, SOUND_PACKET_MS));
      for (; startedAt + this.#sound * SOUND_PACKET_MS <= at; this.#sound++) {
        const bytes = testSound(this.#sound, BEEP_PACKETS);
        const dueAt = startedAt + this.#sound * SOUND_PACKET_MS;
        frames.push({ codec: "opus", bytes, isKeyFrame: true, dueAt });
      }
    }
    if (hasPicture) {
      this.picture = Math.max(this.picture, firstDue(at - startedAt, PICTURE_MS));
      for (; startedAt + this.picture * PICTURE_MS <= at; this.picture++) {
        frames.push(this.#draw(startedAt + this.picture * PICTURE_MS));
      }
    }
    return frames;
  }

  /** See FrameSource. */
  wantKeyFrame(): void {
    this.#isKeyFrameWanted = true;
  }

  /** See FrameSource. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #draw(dueAt: number): SourceFrame {
    const sinceKeyMs = dueAt - this.#keyFrameAt;
    const isKeyFrame = sinceKeyMs >= KEY_FRAME_PERIOD_MS ||
      this.#isKeyFrameWanted && sinceKeyMs >= MIN_KEY_FRAME_MS;
    if (isKeyFrame) {
      this.#isKeyFrameWanted = false;
      this.#keyFrameAt = dueAt;
    }
    const number = this.picture;
    const units = this.#encoder.encode(testPicture(number), { isKeyFrame });
    const mark = frameMark({ number, madeAtMs: this.#options.epochOf(dueAt) });
    // Parameters first: servers and browsers look for them where a picture begins.
    const slice = units.pop()!;
    return { codec: "H264", bytes: annexB([...units, mark, slice]), isKeyFrame, dueAt };
  }
}

/** The number of the first that is not too late after so long. */
function firstDue(passedMs: number, periodMs: number): number {
  return Math.ceil(Math.max(0, passedMs - MAX_LATE_MS) / periodMs);
}
