/** Plays sound that came over the socket. A packet that is missing is a silence of 20 ms. */
import type { RelayFrame } from "../../../src/protocol/relay_frame.ts";
import type { Playout } from "./playout.ts";
import type { Decoder, RelayPlatform, SoundWriter } from "./relay_platform.ts";

/** What is later than this is left out: it would push back all that comes after it. */
export const TOO_LATE_MS = 60;
/** Another decoder after a failure. */
export const AFRESH_MS = 500;

/** What a receiver needs. */
export interface SoundReceiverOptions {
  readonly platform: RelayPlatform;
  readonly playout: Playout;
  /** The decoder failed; another one is made. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** The sound of one source. */
export class SoundReceiver {
  readonly #options: SoundReceiverOptions;
  readonly #writer: SoundWriter;
  #decoder: Decoder | undefined;
  #failedAt = -Infinity;
  #packets = 0;
  #bytes = 0;
  #number: number | undefined;
  #lost = 0;

  /** Nothing came yet. */
  constructor(options: SoundReceiverOptions) {
    this.#options = options;
    this.#writer = options.platform.writeSound();
  }

  /** What plays it. */
  get track(): MediaStreamTrack {
    return this.#writer.track;
  }

  /** Packets that came and were lost, and bytes. */
  get counts(): { readonly packets: number; readonly lost: number; readonly bytes: number } {
    return { packets: this.#packets, lost: this.#lost, bytes: this.#bytes };
  }

  /** Takes a packet of Opus. */
  take({ timestampUs, payload, number }: RelayFrame): void {
    const { platform, playout } = this.#options;
    const at = platform.clock.elapsed();
    const missing = this.#number === undefined ? 0 : (number - this.#number - 1) >>> 0;
    if (missing < 1_000) this.#lost += missing; // More is a source that began anew.
    this.#number = number;
    this.#packets += 1;
    this.#bytes += payload.length;
    playout.came(timestampUs, at);
    if (this.#decoder === undefined && at - this.#failedAt < AFRESH_MS) return;
    try {
      this.#decoder ??= this.#create();
      this.#decoder.decode({ isKey: true, timestampUs, payload });
    } catch (fault) {
      this.#failed(fault);
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
    this.#writer.close();
  }

  #create(): Decoder {
    const { platform, playout } = this.#options;
    const decoder: Decoder = platform.decodeSound({
      made: (sound) => {
        const inMs = playout.dueAt(sound.timestamp) - platform.clock.elapsed();
        if (decoder !== this.#decoder || inMs < -TOO_LATE_MS) sound.close();
        else this.#writer.write(sound, inMs);
      },
      failed: (fault) => decoder === this.#decoder && this.#failed(fault),
    });
    return decoder;
  }

  #failed(fault: unknown): void {
    this.#decoder?.close();
    this.#decoder = undefined;
    this.#failedAt = this.#options.platform.clock.elapsed();
    this.#options.faulted?.(fault);
  }
}
