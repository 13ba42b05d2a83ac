/**
 * The streams to all participants over the one data channel with the server (rules DC1-DC7): opens
 * them, takes those that others open, and shares the channel among them, each in its turn. One
 * object belongs to one data channel, and ends with it.
 */
import type { UserId } from "../../../src/protocol/mod.ts";
import {
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
  MAX_STREAM_ID,
  MAX_STREAMS,
  STREAM_WINDOW_BYTES,
  type StreamEnd,
} from "../../../src/protocol/data_frame.ts";
import { assertNever } from "../../state/assert_never.ts";
import { CHANNEL_TIMEOUT_MS } from "../channel_wishes.ts";
import type { CallClock } from "../platform.ts";
import { type StreamAddress, StreamChannel, type StreamFrame } from "./stream_channel.ts";

/** So much may wait in the browser's buffer: enough to keep the path busy between two events. */
const HIGH_BUFFERED_BYTES = 256 * 1024;
const LOW_BUFFERED_BYTES = 64 * 1024;

/** What streams need of the data channel with the server, so that a test can make one. */
export type ServerChannel =
  & Pick<
    RTCDataChannel,
    "readyState" | "bufferedAmount" | "bufferedAmountLowThreshold" | "binaryType"
  >
  & {
    send(data: Uint8Array<ArrayBuffer>): void;
    addEventListener(
      type: "open" | "message" | "close" | "bufferedamountlow",
      listener: (event: Event) => void,
    ): void;
  };

/** What streams need beside it. */
export interface StreamChannelsOptions {
  readonly clock: CallClock;
  /** Somebody opened a stream; whoever takes it listens within this call. */
  readonly channelOpened: (from: UserId, channel: StreamChannel) => void;
}

/** Sentences for why a stream that was asked for is none. */
const refusals: Record<StreamEnd, string> = {
  "closed": "the other side closed it",
  "no-such-participant": "the other side has no connection for it",
  "too-many-streams": `one of both sides has ${MAX_STREAMS} already`,
  "slow-receiver": "the other side takes nothing",
  "protocol": "the server does not understand it",
  "gone": "the other side has gone",
};

/** All streams of one data channel. */
export class StreamChannels {
  readonly #server: ServerChannel;
  readonly #options: StreamChannelsOptions;
  readonly #channels = new Map<string, StreamChannel>();
  /** Who has something to send, the next one first, by its address. */
  readonly #ready = new Map<StreamChannel, StreamAddress>();
  /** Frames that were said before the channel opened. */
  #early: Uint8Array<ArrayBuffer>[] = [];
  #streams = 0;
  #isPumping = false;
  #isClosed = false;

  /** Listens from now on; `server` need not be open yet. */
  constructor(server: ServerChannel, options: StreamChannelsOptions) {
    this.#server = server;
    this.#options = options;
    server.binaryType = "arraybuffer";
    server.bufferedAmountLowThreshold = LOW_BUFFERED_BYTES;
    server.addEventListener("open", () => this.#opened());
    server.addEventListener("message", (event) => this.#take(event));
    server.addEventListener("bufferedamountlow", () => this.#pump());
    server.addEventListener("close", () => this.close());
  }

  /** How many streams there are. */
  get size(): number {
    return this.#channels.size;
  }

  /**
   * Opens a stream to somebody. Rejects when it is refused, when it is not agreed on within 20 s,
   * and when all ends before.
   */
  open(to: UserId, label: string): Promise<StreamChannel> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string) => reject(new Error(`Cannot open channel "${label}": ${why}`));
      if (this.#isClosed) return refuse("the connection to the server has ended");
      if (this.size >= MAX_STREAMS) return refuse(refusals["too-many-streams"]);
      // A number is used again only after four billion others.
      this.#streams = this.#streams % MAX_STREAM_ID + 1;
      const address = { userId: to, isOpener: true, streamId: this.#streams };
      const channel = this.#add(label, address);
      let isLate = false;
      const cancelTimeout = this.#options.clock.after(CHANNEL_TIMEOUT_MS, () => {
        isLate = true;
        channel.close();
      });
      channel.addEventListener("open", () => {
        cancelTimeout();
        resolve(channel);
      });
      channel.addEventListener("close", () => {
        cancelTimeout();
        refuse(isLate ? "no answer within 20 s" : refusals[channel.endReason ?? "gone"]);
      });
      this.#say(address, { type: "open", credit: STREAM_WINDOW_BYTES, label });
    });
  }

  /** Ends all of them; the other sides hear it from the server. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#early = [];
    for (const channel of [...this.#channels.values()]) channel.end("gone");
  }

  #opened(): void {
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#send(bytes);
    this.#pump();
  }

  #add(label: string, address: StreamAddress): StreamChannel {
    const key = keyOf(address);
    const channel: StreamChannel = new StreamChannel(label, {
      ready: () => {
        this.#ready.set(channel, address);
        this.#pump();
      },
      say: (frame) => this.#say(address, frame),
      ended: () => {
        this.#ready.delete(channel);
        this.#channels.delete(key);
      },
    });
    this.#channels.set(key, channel);
    return channel;
  }

  #take(event: Event): void {
    if (this.#isClosed || !(event instanceof MessageEvent)) return;
    const bytes: unknown = event.data;
    const frame = bytes instanceof ArrayBuffer ? decodeDataFrame(new Uint8Array(bytes)) : undefined;
    if (frame === undefined) return; // Of a server that knows more than we do.
    // What the other side calls its own is not ours.
    const address = { ...addressOf(frame), isOpener: !frame.isOpener };
    const channel = this.#channels.get(keyOf(address));
    switch (frame.type) {
      case "open":
        return this.#takeOpen(frame, address);
      case "data":
        return channel?.receive(frame);
      case "credit":
        return channel?.allow(frame.credit);
      case "close":
        return channel?.end(frame.reason);
      default:
        return assertNever(frame);
    }
  }

  #takeOpen({ credit, label }: Extract<DataFrame, { type: "open" }>, address: StreamAddress): void {
    if (address.isOpener || this.#channels.has(keyOf(address))) return; // No server does that.
    if (this.size >= MAX_STREAMS) {
      return this.#say(address, { type: "close", reason: "too-many-streams" });
    }
    const channel = this.#add(label, address);
    channel.allow(credit);
    this.#say(address, { type: "credit", credit: STREAM_WINDOW_BYTES });
    this.#options.channelOpened(address.userId as UserId, channel); // The server names members only.
  }

  #say(address: StreamAddress, frame: StreamFrame): void {
    // A frame with an address is one of the wire; TypeScript does not put unions together again.
    const bytes = encodeDataFrame({ ...frame, ...address } as DataFrame);
    if (this.#server.readyState === "connecting") this.#early.push(bytes);
    else this.#send(bytes);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isClosed) return;
    try {
      this.#server.send(bytes);
    } catch {
      // The connection ended without an event that told so.
      this.close();
    }
  }

  /** Sends a fragment of each who has one, and again, while the browser takes them. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (
      this.#server.readyState === "open" && this.#server.bufferedAmount < HIGH_BUFFERED_BYTES
    ) {
      const [next] = this.#ready;
      if (next === undefined) break;
      const [channel, address] = next;
      this.#ready.delete(channel);
      const frame = channel.next();
      if (frame === undefined) continue;
      this.#ready.set(channel, address);
      this.#say(address, frame);
    }
    this.#isPumping = false;
  }
}

function addressOf({ userId, isOpener, streamId }: DataFrame): StreamAddress {
  return { userId, isOpener, streamId };
}

function keyOf({ userId, isOpener, streamId }: StreamAddress): string {
  return `${userId}/${isOpener}/${streamId}`;
}
