/**
 * Shows pictures that came over the socket. After a gap nothing is shown before the next key frame,
 * which is asked for; a decoder that fails is made anew.
 */
import type { RelayFrame } from "../../../src/protocol/relay_frame.ts";
import type { Playout } from "./playout.ts";
import type { Decoder, Picture, PictureWriter, RelayPlatform } from "./relay_platform.ts";

/** A key frame is asked for no more often than this. */
export const ASK_MS = 1_000;
/** Chunks that wait for the decoder; more, and it never catches up but with a key frame. */
export const MAX_WAITING = 30;
/** Pictures that wait to be shown: a second of them. */
export const MAX_PENDING = 30;

/** What a receiver needs. */
export interface VideoReceiverOptions {
  readonly platform: RelayPlatform;
  readonly playout: Playout;
  /** A key frame is needed. */
  readonly needKey: () => void;
  /** The decoder failed; another one is made. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

type Pending = { readonly picture: Picture; cancel: () => void };

/** The pictures of one source. */
export class VideoReceiver {
  readonly #options: VideoReceiverOptions;
  readonly #writer: PictureWriter;
  #decoder: Decoder | undefined;
  #kind: "vp8" | "h264" | undefined;
  #number: number | undefined;
  #isWaiting = true;
  #askedAt = -Infinity;
  readonly #pending = new Set<Pending>();
  #shown = 0;
  #size = { width: 0, height: 0 };
  #bytes = 0;

  /** Waits for the first key frame, which comes unasked (FR2). */
  constructor(options: VideoReceiverOptions) {
    this.#options = options;
    this.#writer = options.platform.writePictures();
    this.#askedAt = options.platform.clock.elapsed();
  }

  /** What shows them. */
  get track(): MediaStreamTrack {
    return this.#writer.track;
  }

  /** Pictures shown, bytes received, the size and the codec of the last picture. */
  get counts(): {
    readonly frames: number;
    readonly bytes: number;
    readonly width: number;
    readonly height: number;
    readonly codec: string;
  } {
    const codec = this.#kind === undefined ? "" : this.#kind.toUpperCase();
    return { frames: this.#shown, bytes: this.#bytes, codec, ...this.#size };
  }

  /** Takes a frame of VP8 or H.264. */
  take(frame: RelayFrame, kind: "vp8" | "h264"): void {
    const { platform, playout } = this.#options;
    this.#bytes += frame.payload.length;
    playout.came(frame.timestampUs, platform.clock.elapsed());
    const isNext = this.#number !== undefined && frame.number === (this.#number + 1) >>> 0;
    this.#number = frame.number;
    const isLate = (this.#decoder?.waiting ?? 0) > MAX_WAITING;
    if (!frame.isKey && (!isNext || isLate)) this.#isWaiting = true;
    if (!frame.isKey && this.#isWaiting) return this.#ask();
    if (frame.isKey && (this.#kind !== kind || isLate)) this.#end();
    this.#kind = kind;
    this.#isWaiting = false;
    const { isKey, timestampUs, payload } = frame;
    try {
      this.#decoder ??= this.#create(kind);
      this.#decoder.decode({ isKey, timestampUs, payload });
    } catch (fault) {
      this.#failed(fault);
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#end();
    this.#writer.close();
    for (const one of this.#pending) {
      one.cancel();
      one.picture.close();
    }
    this.#pending.clear();
  }

  #create(kind: "vp8" | "h264"): Decoder {
    const decoder: Decoder = this.#options.platform.decodePictures(kind, {
      made: (picture) => {
        if (decoder === this.#decoder) this.#showLater(picture);
        else picture.close();
      },
      failed: (fault) => decoder === this.#decoder && this.#failed(fault),
    });
    return decoder;
  }

  #showLater(picture: Picture): void {
    const { clock } = this.#options.platform;
    const inMs = this.#options.playout.dueAt(picture.timestamp) - clock.elapsed();
    const [oldest] = this.#pending;
    if (this.#pending.size >= MAX_PENDING && oldest !== undefined) {
      oldest.cancel();
      oldest.picture.close();
      this.#pending.delete(oldest);
    }
    if (inMs <= 0) {
      this.#options.playout.late(-inMs);
      return this.#show(picture);
    }
    const one: Pending = { picture, cancel: () => {} };
    one.cancel = clock.after(inMs, () => {
      this.#pending.delete(one);
      this.#show(picture);
    });
    this.#pending.add(one);
  }

  #show(picture: Picture): void {
    this.#size = { width: picture.displayWidth, height: picture.displayHeight };
    this.#shown += 1;
    this.#writer.write(picture);
  }

  #failed(fault: unknown): void {
    this.#end();
    this.#isWaiting = true;
    this.#options.faulted?.(fault);
    this.#ask();
  }

  #end(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
  }

  #ask(): void {
    const at = this.#options.platform.clock.elapsed();
    if (at - this.#askedAt < ASK_MS) return;
    this.#askedAt = at;
    this.#options.needKey();
  }
}
