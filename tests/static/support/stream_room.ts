/**
 * Participants in one page whose streams go through a relay, each over a data channel without a
 * network: frames arrive in order, some turns later, as fast as a test lets them.
 */
import type { UserId } from "../../../src/protocol/mod.ts";
import { DataRelay } from "../../../src/media/data/data_relay.ts";
import type { StreamChannel } from "../../../static/call/sfu/stream_channel.ts";
import { type ServerChannel, StreamChannels } from "../../../static/call/sfu/stream_channels.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** As the addon is told. */
const RELAY_LOW_BYTES = 256 * 1024;

/** A room with a relay. */
export class StreamRoom {
  readonly clock = new FakeClock();
  readonly relay = new DataRelay(this.clock);

  /** Somebody with streams; `state` is that of the data channel at first. */
  join(name: string, state: RTCDataChannelState = "open"): StreamGuest {
    return new StreamGuest(this, name, state);
  }
}

/** One participant, both ends of its data channel. */
export class StreamGuest {
  readonly userId: UserId;
  /** Towards the server, and from it. */
  readonly up: Lane;
  readonly down: Lane;
  readonly page: FakeServerChannel;
  readonly streams: StreamChannels;
  /** What others opened. */
  readonly opened: { readonly from: UserId; readonly channel: StreamChannel }[] = [];
  readonly end: ReturnType<DataRelay["attach"]>;
  /** Called with what others open, before anything else happens. */
  onOpened: (channel: StreamChannel) => void = () => {};

  constructor({ relay, clock }: StreamRoom, name: string, state: RTCDataChannelState) {
    this.userId = name as UserId;
    const down: Lane = new Lane({
      arrived: (bytes) => this.page.arrive(bytes),
      low: () => RELAY_LOW_BYTES,
      drained: () => this.end.drained(),
    });
    this.up = new Lane({
      arrived: (bytes) => this.end.receive(bytes),
      low: () => this.page.bufferedAmountLowThreshold,
      drained: () => void this.page.dispatchEvent(new Event("bufferedamountlow")),
    });
    this.down = down;
    this.page = new FakeServerChannel(this.up, state);
    this.streams = new StreamChannels(this.page, {
      clock,
      channelOpened: (from, channel) => {
        this.opened.push({ from, channel });
        this.onOpened(channel);
      },
    });
    this.end = relay.attach(this.userId, {
      get bufferedAmount() {
        return down.bytes;
      },
      sendMessage: (bytes) => {
        if (this.page.readyState === "closed") return false;
        down.push(bytes.slice());
        return true;
      },
    });
  }

  /** The data channel ends, on both sides. */
  cut(): void {
    this.up.clear();
    this.down.clear();
    this.page.over();
    this.end.close();
  }
}

/** The page's end of a data channel. */
export class FakeServerChannel extends EventTarget implements ServerChannel {
  binaryType: BinaryType = "blob";
  bufferedAmountLowThreshold = 0;
  readyState: RTCDataChannelState;
  readonly #up: Lane;

  constructor(up: Lane, state: RTCDataChannelState) {
    super();
    this.#up = up;
    this.readyState = state;
  }

  get bufferedAmount(): number {
    return this.#up.bytes;
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== "open") throw new DOMException("not open", "InvalidStateError");
    this.#up.push(data.slice());
  }

  open(): void {
    this.readyState = "open";
    this.dispatchEvent(new Event("open"));
  }

  /** A frame of the server, or something that is none. */
  arrive(data: Uint8Array | string): void {
    if (this.readyState !== "open") return;
    const bytes = typeof data === "string" ? data : data.slice().buffer;
    this.dispatchEvent(new MessageEvent("message", { data: bytes }));
  }

  over(): void {
    this.readyState = "closed";
    this.dispatchEvent(new Event("close"));
  }
}

/** One direction. */
export class Lane {
  /** Messages that arrive in one turn; 0 holds everything back. */
  perTurn = 8;
  bytes = 0;
  /** The most that ever waited. */
  mostBytes = 0;
  /** Messages that arrived. */
  arrivals = 0;
  readonly #events: {
    arrived: (bytes: Uint8Array) => void;
    low: () => number;
    drained: () => void;
  };
  #queue: Uint8Array[] = [];
  #isPumping = false;

  constructor(
    events: { arrived: (bytes: Uint8Array) => void; low: () => number; drained: () => void },
  ) {
    this.#events = events;
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.bytes += bytes.length;
    this.mostBytes = Math.max(this.mostBytes, this.bytes);
    void this.#pump();
  }

  /** Goes on after `perTurn` was 0. */
  resume(perTurn: number): void {
    this.perTurn = perTurn;
    void this.#pump();
  }

  clear(): void {
    this.#queue = [];
    this.bytes = 0;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.perTurn > 0 && this.#queue.length > 0) {
      await Promise.resolve();
      for (const bytes of this.#queue.splice(0, this.perTurn)) this.#deliver(bytes);
    }
    this.#isPumping = false;
  }

  #deliver(bytes: Uint8Array): void {
    const low = this.#events.low();
    const wasAbove = this.bytes > low;
    this.bytes -= bytes.length;
    this.arrivals++;
    this.#events.arrived(bytes);
    if (wasAbove && this.bytes <= low) this.#events.drained();
  }
}
