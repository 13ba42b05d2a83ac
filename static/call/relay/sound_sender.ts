/** Encodes sound for the socket, as Opus. A lost packet costs 20 ms and nothing after it. */
import { CaptureClock } from "./capture_clock.ts";
import type { FrameSink } from "./frame_sink.ts";
import type { EncodedChunk, RelayPlatform, Sound, SoundEncoder } from "./relay_platform.ts";
import { AFRESH_MS, DROP_BYTES } from "./video_sender.ts";

/** Sound that begins further from where the last one ended than this is not its sequel. */
const GAP_US = 40_000;

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
  readonly #clock = new CaptureClock();
  /** By the track's clock: where this encoder began, and where the next sound should. */
  #beganUs = 0;
  #nextUs = 0;
  #failedAt = -Infinity;

  /** Begins at once. */
  constructor(tracks: readonly MediaStreamTrack[], options: SoundSenderOptions) {
    this.#options = options;
    this.#stop = options.platform.readSound(tracks, (sound) => this.#came(sound));
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#stop();
    this.#end();
  }

  #came(sound: Sound): void {
    const now = this.#options.platform.clock.elapsed();
    try {
      const format = `${sound.sampleRate} ${sound.numberOfChannels}`;
      // What an encoder calls time is made of samples: what a page that was late has lost would bring
      // all that comes after it forward.
      const isGap = Math.abs(sound.timestamp - this.#nextUs) > GAP_US;
      if (format !== this.#format || isGap) this.#end();
      if (this.#encoder === undefined) {
        if (now - this.#failedAt < AFRESH_MS) return;
        this.#format = format;
        this.#beganUs = sound.timestamp;
        this.#encoder = this.#create();
      }
      const durationUs = 1e6 * sound.numberOfFrames / sound.sampleRate;
      // It was captured while it lasted, and came when the last of it was.
      this.#clock.hear(sound.timestamp, now * 1_000 - durationUs);
      this.#encoder.encode(sound, Math.max(0, Math.round(sound.timestamp - this.#beganUs)));
      this.#nextUs = sound.timestamp + durationUs;
    } catch (fault) {
      this.#failed(fault);
    } finally {
      sound.close();
    }
  }

  #create(): SoundEncoder {
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
      timestampUs: this.#clock.timeOf(this.#beganUs + timestampUs),
      ...{ width: 0, height: 0, payload },
    });
  }

  #end(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
  }

  #failed(fault: unknown): void {
    this.#end();
    this.#failedAt = this.#options.platform.clock.elapsed();
    this.#options.faulted?.(fault);
  }
}
