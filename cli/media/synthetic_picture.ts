/**
 * A moving picture that nobody sees: VP8 packets that a server can tell apart, key frames when they
 * are asked for, and nothing while nobody looks (rule PB6).
 */
import { PAYLOAD_BYTES } from "./payload.ts";
import { Schedule } from "./schedule.ts";
import type { FramePart, SentTrack } from "./sent_track.ts";
import { DESCRIPTOR_BYTES, frameHeaderBytes, writeVp8Head } from "./vp8_head.ts";

/** Pictures a second. */
const FRAME_RATE = 15;
/** Small, so that a server that does not know its bitrate yet takes it for little. */
const SIZE = { width: 320, height: 180 };
/** What a packet holds behind the headers of the transport, below the MTU of any path. */
const MAX_PACKET_BYTES = 1_100;
/** A key frame is so many times as large as another one, and more than one packet in any case. */
const KEY_FRAME_FACTOR = 3;
const LEAST_KEY_FRAME_BYTES = MAX_PACKET_BYTES + 100;
/** Encoders make no more key frames than this, however often they are asked. */
const KEY_FRAME_PERIOD_MS = 250;
const LEAST_BYTES = DESCRIPTOR_BYTES + frameHeaderBytes({ isFrameStart: true, isKeyFrame: true }) +
  PAYLOAD_BYTES;

/** The picture of one user. */
export class SyntheticPicture {
  /** Key frames that were sent. */
  keyFrames = 0;
  readonly #track: SentTrack;
  readonly #schedule: Schedule;
  readonly #frameBytes: number;
  #isKeyFrameWanted = true;
  #isWatched = true;
  #keyFrameAt = Number.NEGATIVE_INFINITY;

  /** The first frame is due at `firstAt`. */
  constructor(track: SentTrack, { kbps, firstAt }: { kbps: number; firstAt: number }) {
    this.#track = track;
    this.#schedule = new Schedule(1_000 / FRAME_RATE, firstAt);
    this.#frameBytes = Math.round(kbps * 1_000 / 8 / FRAME_RATE);
  }

  /** Somebody needs a key frame. */
  wantKeyFrame(): void {
    this.#isKeyFrameWanted = true;
  }

  /** The tallest picture that anybody wants; of 0 there is none. */
  watched(maxHeight: number): void {
    const isWatched = maxHeight > 0;
    if (isWatched && !this.#isWatched) this.wantKeyFrame();
    this.#isWatched = isWatched;
  }

  /** Sends what is due at `at`. */
  tick(at: number): void {
    for (let dueAt = this.#schedule.next(at); dueAt !== undefined;) {
      if (this.#isWatched && this.#track.publication !== undefined) this.#send(at, dueAt);
      dueAt = this.#schedule.next(at);
    }
  }

  #send(at: number, dueAt: number): void {
    const isKeyFrame = this.#isKeyFrameWanted && at - this.#keyFrameAt >= KEY_FRAME_PERIOD_MS;
    if (isKeyFrame) {
      this.#isKeyFrameWanted = false;
      this.#keyFrameAt = at;
      this.keyFrames++;
    }
    const wanted = isKeyFrame
      ? Math.max(LEAST_KEY_FRAME_BYTES, this.#frameBytes * KEY_FRAME_FACTOR)
      : this.#frameBytes;
    this.#track.sendFrame(this.#parts(wanted, isKeyFrame), { at, dueAt, isKeyFrame });
  }

  #parts(frameBytes: number, isKeyFrame: boolean): FramePart[] {
    const count = Math.max(1, Math.ceil(frameBytes / MAX_PACKET_BYTES));
    return Array.from({ length: count }, (_, index) => {
      const bytes = new Uint8Array(Math.max(LEAST_BYTES, Math.ceil(frameBytes / count)));
      const isFrameStart = index === 0;
      const pictureId = this.#track.frame;
      const head = writeVp8Head(bytes, { ...SIZE, pictureId, isKeyFrame, isFrameStart });
      return { bytes, changeable: DESCRIPTOR_BYTES, head };
    });
  }
}
