/**
 * One end of the channel of a file: frames in and out, room in the buffer, and the timer that notices
 * silence. `file_sender.ts` and `file_receiver.ts` stand on it; it knows nothing of their order.
 */
import { decodeFileMessage, type FileMessage } from "./file_transfer.ts";
import type { CallClock } from "./platform.ts";

/** So much may wait in the browser's buffer: enough to keep the path busy between two events. */
const HIGH_BUFFERED_BYTES = 1024 * 1024;
/** Sending goes on when the buffer has fallen to this. */
const LOW_BUFFERED_BYTES = 256 * 1024;

/** What a transfer needs of an RTCDataChannel, so that a test can make one. */
export interface FileChannel {
  readonly label: string;
  readonly readyState: RTCDataChannelState;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  binaryType: BinaryType;
  send(data: string | ArrayBufferView<ArrayBuffer>): void;
  close(): void;
  addEventListener(
    type: "message" | "close" | "bufferedamountlow",
    listener: (event: Event) => void,
  ): void;
}

/** What an end hears; nothing more after `close`. */
export interface FileLineEvents {
  said(message: FileMessage): void;
  received(chunk: Uint8Array<ArrayBuffer>): void;
  /** The buffer has room again. */
  drained(): void;
  /** The other side broke the protocol, went away or fell silent. */
  broken(fault: "protocol" | "channel-lost" | "timeout"): void;
}

/** One end. */
export class FileLine {
  readonly #channel: FileChannel;
  readonly #clock: CallClock;
  readonly #events: FileLineEvents;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  /** Listens from now on: the first frame may be here in this turn. */
  constructor(channel: FileChannel, clock: CallClock, events: FileLineEvents) {
    this.#channel = channel;
    this.#clock = clock;
    this.#events = events;
    channel.binaryType = "arraybuffer";
    channel.bufferedAmountLowThreshold = LOW_BUFFERED_BYTES;
    channel.addEventListener("message", (event) => this.#take(event));
    channel.addEventListener("bufferedamountlow", () => {
      if (!this.#isClosed) events.drained();
    });
    channel.addEventListener("close", () => this.#break("channel-lost"));
  }

  /** Whether the buffer takes more bytes now; when not, `drained` tells. */
  get hasRoom(): boolean {
    return this.#channel.bufferedAmount < HIGH_BUFFERED_BYTES;
  }

  /** Says something. */
  say(message: FileMessage): void {
    this.#send(JSON.stringify(message));
  }

  /** Sends bytes. */
  send(chunk: Uint8Array<ArrayBuffer>): void {
    this.#send(chunk);
  }

  /** From now on, silence for this long is a fault; replaces what was expected before. */
  expect(withinMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(withinMs, () => this.#break("timeout"));
  }

  /** Ends this side; what was said before still goes out. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#channel.close();
  }

  #send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#isClosed) return;
    try {
      this.#channel.send(frame);
    } catch {
      // The connection ended without an event that told so.
      this.#break("channel-lost");
    }
  }

  #take(event: Event): void {
    if (this.#isClosed || !(event instanceof MessageEvent)) return;
    const frame: unknown = event.data;
    if (frame instanceof ArrayBuffer) {
      this.#events.received(new Uint8Array(frame));
      return;
    }
    const message = typeof frame === "string" ? decodeFileMessage(frame) : undefined;
    if (message === undefined) this.#break("protocol");
    else this.#events.said(message);
  }

  #break(fault: "protocol" | "channel-lost" | "timeout"): void {
    if (!this.#isClosed) this.#events.broken(fault);
  }
}
