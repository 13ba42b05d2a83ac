/**
 * How many relayed frames one connection may send, and how many bytes of them (rule FR6): a bucket
 * beside that of its messages, so that neither takes anything from the other.
 */
import { TokenBucket } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { RELAY_BYTES_PER_SECOND, RELAY_FRAMES_PER_SECOND } from "../protocol/mod.ts";

/** The frames of one connection. */
export class FrameBucket {
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;

  /** Full at first: a second's worth of both, or one of the longest frames where that is more. */
  constructor(clock: Clock, maxFrameBytes: number) {
    this.#frames = new TokenBucket(clock, {
      perSecond: RELAY_FRAMES_PER_SECOND,
      burst: RELAY_FRAMES_PER_SECOND,
    });
    this.#bytes = new TokenBucket(clock, {
      perSecond: RELAY_BYTES_PER_SECOND,
      burst: Math.max(RELAY_BYTES_PER_SECOND, maxFrameBytes),
    });
  }

  /** Takes a frame of that length; returns false where it is one too many. */
  take(length: number): boolean {
    if (this.#bytes.missingMs(length) > 0 || this.#frames.take() > 0) return false;
    this.#bytes.take(length);
    return true;
  }
}
