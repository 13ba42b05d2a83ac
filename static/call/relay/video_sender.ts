/**
 * Encodes pictures for the socket. What the socket cannot take is left out before it is encoded, which
 * costs a picture and nothing else; what was encoded and cannot be sent costs all pictures up to the
 * next key frame.
 */
import type { FrameSink } from "./frame_sink.ts";
import type { EncodedChunk, Picture, PictureEncoder, RelayPlatform } from "./relay_platform.ts";
import { FULL_BYTES, RelayRate } from "./relay_rate.ts";

/** Pictures are left out while so much waits in the socket: a second of them. */
export const PAUSE_BYTES: number = 2 * FULL_BYTES;
/** And while what is sent waits for so long on its way. */
export const PAUSE_MS = 1_200;
/** What is encoded already is dropped from here on; the rest of the page wants to be sent too. */
export const DROP_BYTES: number = 8 * FULL_BYTES;
/** However often they are asked for, key frames are no closer than this: they cost everybody. */
export const KEY_PERIOD_MS = 1_000;
/** Pictures that wait for the encoder; more only make it late. */
export const MAX_WAITING = 2;
/** Pictures a second. */
const FRAMES_PER_SECOND = 30;
/** A new encoder after a failure. */
export const AFRESH_MS = 1_000;
/** A bitrate that differs by less is not worth another configuration. */
const MIN_CHANGE = 0.05;

/** What a sender of pictures needs. */
export interface VideoSenderOptions {
  readonly platform: RelayPlatform;
  readonly kind: "vp8" | "h264";
  readonly sink: FrameSink;
  /** The encoder failed; another one is made. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** Sends the pictures that it is given. */
export class VideoSender {
  readonly #options: VideoSenderOptions;
  readonly #rate = new RelayRate();
  #encoder: PictureEncoder | undefined;
  #size = { width: 0, height: 0 };
  #bitrate = 0;
  #isKeyWanted = true;
  /** Pictures are of no use before the next key frame. */
  #isBroken = true;
  #keyAt = -Infinity;
  #takenAt = -Infinity;
  #failedAt = -Infinity;
  #isClosed = false;

  /** Nothing is encoded before the first picture. */
  constructor(options: VideoSenderOptions) {
    this.#options = options;
  }

  /** Somebody can decode nothing before a key frame. */
  wantKey(): void {
    this.#isKeyWanted = true;
  }

  /** Encodes a picture of `atUs`, or leaves it out. */
  take(picture: Picture, atUs: number): void {
    const { platform, sink } = this.#options;
    const at = platform.clock.elapsed();
    const waiting = { bytes: sink.bufferedBytes, ms: sink.delayMs };
    this.#rate.look(at, waiting);
    const isFull = waiting.bytes > PAUSE_BYTES || waiting.ms > PAUSE_MS;
    const isTooSoon = atUs - this.#takenAt < 0.8e6 / FRAMES_PER_SECOND;
    if (this.#isClosed || isTooSoon || isFull) return;
    if ((this.#encoder?.waiting ?? 0) > MAX_WAITING || at - this.#failedAt < AFRESH_MS) return;
    this.#takenAt = atUs;
    const isKey = this.#isKeyWanted && at - this.#keyAt >= KEY_PERIOD_MS;
    try {
      const isNew = this.#configure(picture);
      this.#encoder?.encode(picture, { isKey: isKey || isNew, timestampUs: atUs });
      if (!isKey && !isNew) return;
      this.#isKeyWanted = false;
      this.#keyAt = at;
    } catch (fault) {
      this.#failed(fault);
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#encoder?.close();
    this.#encoder = undefined;
  }

  /** Holds the encoder to the picture's size and the rate; whether that needs a key frame. */
  #configure(picture: Picture): boolean {
    const { platform, kind } = this.#options;
    const { bitrate } = this.#rate;
    const size = fit(picture, this.#rate.height);
    const isOther = size.width !== this.#size.width || size.height !== this.#size.height;
    const isRate = Math.abs(bitrate - this.#bitrate) > MIN_CHANGE * this.#bitrate;
    if (this.#encoder !== undefined && !isOther && !isRate) return false;
    this.#size = size;
    this.#bitrate = bitrate;
    const codec = { kind, ...size, bitrate, framesPerSecond: FRAMES_PER_SECOND };
    if (this.#encoder !== undefined) {
      this.#encoder.configure(codec);
      return isOther;
    }
    const encoder: PictureEncoder = platform.encodePictures(codec, {
      made: (chunk) => encoder === this.#encoder && this.#made(chunk),
      failed: (fault) => encoder === this.#encoder && this.#failed(fault),
    });
    this.#encoder = encoder;
    return true;
  }

  #made({ isKey, timestampUs, payload }: EncodedChunk): void {
    const { sink, kind } = this.#options;
    if (isKey) this.#isBroken = false;
    const isTooLong = !sink.fits(payload);
    if (isTooLong) this.#rate.overflowed();
    if (isTooLong || sink.bufferedBytes > DROP_BYTES) this.#isBroken = true;
    const common = { kind, isKey, pictureId: 0, timestampUs, payload };
    if (!this.#isBroken && sink.send({ ...common, ...this.#size })) return;
    if (this.#isBroken) sink.skip(kind);
    this.#isBroken = true;
    this.#isKeyWanted = true;
  }

  #failed(fault: unknown): void {
    this.#encoder?.close();
    this.#encoder = undefined;
    this.#isKeyWanted = true;
    this.#failedAt = this.#options.platform.clock.elapsed();
    this.#options.faulted?.(fault);
  }
}

/** The picture's size, not taller than `height`; even, as encoders want it. */
function fit(
  { displayWidth, displayHeight }: Picture,
  height: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, height / displayHeight);
  const even = (pixels: number) => Math.max(2, 2 * Math.round(pixels * scale / 2));
  return { width: even(displayWidth), height: even(displayHeight) };
}
