/** Encodes sound for the socket, as Opus. A lost packet costs 20 ms and nothing after it. */
import { CaptureClock } from "./capture_clock.ts";
import type { FrameSink } from "./frame_sink.ts";
import type { EncodedChunk, RelayPlatform, Sound, SoundEncoder } from "./relay_platform.ts";
import { AFRESH_MS, DROP_BYTES } from "./video_sender.ts";

/** What a sender of sound needs. */
export interface SoundSenderOptions {
  readonly platform: RelayPlatform;
  readonly sink: FrameSink;
  /** The encoder failed; another one is made. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** Sends the sound of some tracks. */
export class SoundSender {
  readonly #options: SoundSenderOptions;
  readonly #stop: () => void;
  #encoder: SoundEncoder | undefined;
  #format = "";
  /** Microseconds of sound that came so far: what an encoder calls time is made of its samples. */
  #positionUs = 0;
  #clock = new CaptureClock();
  #failedAt = -Infinity;

  /** Begins at once. */
  constructor(tracks: readonly MediaStreamTrack[], options: SoundSenderOptions) {
    this.#options = options;
    this.#stop = options.platform.readSound(tracks, (sound) => this.#came(sound));
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#stop();
    this.#encoder?.close();
    this.#encoder = undefined;
  }

  #came(sound: Sound): void {
    const now = this.#options.platform.clock.elapsed();
    try {
      const format = `${sound.sampleRate} ${sound.numberOfChannels}`;
      if (format !== this.#format) this.#encoder?.close();
      if (format !== this.#format || this.#encoder === undefined) {
        if (now - this.#failedAt < AFRESH_MS) return;
        this.#format = format;
        this.#encoder = this.#create();
      }
      const durationUs = 1e6 * sound.numberOfFrames / sound.sampleRate;
      // It was captured while it lasted, and came when the last of it was.
      this.#clock.hear(this.#positionUs, now * 1_000 - durationUs);
      this.#encoder.encode(sound, Math.round(this.#positionUs));
      this.#positionUs += durationUs;
    } catch (fault) {
      this.#failed(fault);
    } finally {
      sound.close();
    }
  }

  #create(): SoundEncoder {
    this.#positionUs = 0;
    this.#clock = new CaptureClock();
    const encoder: SoundEncoder = this.#options.platform.encodeSound({
      made: (chunk) => encoder === this.#encoder && this.#made(chunk),
      failed: (fault) => encoder === this.#encoder && this.#failed(fault),
    });
    return encoder;
  }

  #made({ timestampUs, payload }: EncodedChunk): void {
    const { sink } = this.#options;
    if (sink.bufferedBytes > DROP_BYTES || !sink.fits(payload)) return sink.skip("opus");
    sink.send({
      kind: "opus",
      isKey: true,
      pictureId: 0,
      timestampUs: this.#clock.timeOf(timestampUs),
      ...{ width: 0, height: 0, payload },
    });
  }

  #failed(fault: unknown): void {
    this.#encoder?.close();
    this.#encoder = undefined;
    this.#failedAt = this.#options.platform.clock.elapsed();
    this.#options.faulted?.(fault);
  }
}
