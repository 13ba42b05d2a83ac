/**
 * The channels of one link that were asked for and are not open yet. A wish outlives the connection
 * that it was first tried on: who asks for a channel need not know that a new one was made meanwhile.
 */
import type { CallClock } from "./platform.ts";
import type { ByteChannel } from "./transport.ts";

/** A channel opens within a few round trips once there is a path; without one, this is the end. */
export const CHANNEL_TIMEOUT_MS = 20_000;
/** Channels that may wait at once; more than that is a fault of the page. */
export const MAX_WISHES = 64;

type Wish = {
  readonly label: string;
  readonly open: (channel: ByteChannel) => void;
  readonly fail: (fault: Error) => void;
  readonly cancelTimeout: () => void;
};

/** What one side has asked for. */
export class ChannelWishes {
  readonly #clock: CallClock;
  readonly #wishes = new Set<Wish>();
  #connection: RTCPeerConnection | undefined;
  #isClosed = false;

  /** Wishes on a link that has no connection yet. */
  constructor(clock: CallClock) {
    this.#clock = clock;
  }

  /** Asks for a channel. Rejects when it is not open within 20 s, or the link ends before. */
  ask(label: string): Promise<ByteChannel> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new Error(`Cannot open channel "${label}": the link has ended`);
      if (this.#wishes.size >= MAX_WISHES) {
        throw new Error(`Cannot open channel "${label}": ${MAX_WISHES} others wait to open`);
      }
      const cancelTimeout = this.#clock.after(CHANNEL_TIMEOUT_MS, () => {
        this.#wishes.delete(wish);
        reject(new Error(`Cannot open channel "${label}": no connection within 20 s`));
      });
      const wish: Wish = { label, open: resolve, fail: reject, cancelTimeout };
      this.#wishes.add(wish);
      this.#try(wish);
    });
  }

  /** Both sides agreed on a description of `connection`: channels can be made on it. */
  settled(connection: RTCPeerConnection): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    for (const wish of this.#wishes) this.#try(wish);
  }

  /** Fails all that wait. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const { label, fail, cancelTimeout } of this.#wishes) {
      cancelTimeout();
      fail(new Error(`Cannot open channel "${label}": the link has ended`));
    }
    this.#wishes.clear();
  }

  #try(wish: Wish): void {
    const connection = this.#connection;
    if (connection === undefined || connection.signalingState === "closed") return;
    const channel = connection.createDataChannel(wish.label);
    channel.binaryType = "arraybuffer";
    channel.onopen = () => {
      channel.onopen = null;
      // It may have opened on the old connection after it was asked for on the new one, or too late.
      if (!this.#wishes.delete(wish)) return channel.close();
      wish.cancelTimeout();
      wish.open(channel);
    };
  }
}
