/**
 * A relay with participants who say exactly what a test wants and hear what comes: frames in their
 * hands, and a transport that takes them or holds them back.
 */
import {
  creditFor,
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
  parseUserId,
} from "../../src/protocol/mod.ts";
import type { DataEnd } from "../../src/media/data/data_end.ts";
import { DataRelay } from "../../src/media/data/data_relay.ts";
import { FakeClock } from "./fake_clock.ts";

/** A relay on a clock that stands still. */
export class DataRoom {
  readonly clock = new FakeClock();
  readonly relay = new DataRelay(this.clock);

  /** Somebody with a data channel; again: with another one. */
  join(name: string): DataGuest {
    return new DataGuest(this.relay, name);
  }
}

/** What a guest says: a frame with whatever is left out filled in. */
export type Said = Partial<DataFrame> & { readonly type: DataFrame["type"] };

/** One participant. */
export class DataGuest {
  readonly name: string;
  readonly end: DataEnd;
  /** Whether what is sent stays in the buffer until `take`. */
  isHolding = false;
  /** Whether there is a channel to send on. */
  hasChannel = true;
  bufferedAmount = 0;
  #heard: DataFrame[] = [];

  /** Attaches itself. */
  constructor(relay: DataRelay, name: string) {
    this.name = name;
    this.end = relay.attach(parseUserId(name)!, this);
  }

  sendMessage(bytes: Uint8Array): boolean {
    if (!this.hasChannel) return false;
    this.#heard.push(decodeDataFrame(bytes)!);
    if (this.isHolding) this.bufferedAmount += bytes.length;
    return true;
  }

  /** The path takes so many bytes, or all of them. */
  take(bytes: number = this.bufferedAmount): void {
    this.bufferedAmount = Math.max(0, this.bufferedAmount - bytes);
    this.end.drained();
  }

  /** What came since this was asked last. */
  heard(): DataFrame[] {
    return this.#heard.splice(0);
  }

  /** The same, in short: `open ann/1 "a"`, `data ann/1 3`, `credit ann/1 9`, `close ann/1 gone`. */
  story(): string[] {
    return this.heard().map(inShort);
  }

  /** Says a frame to `to`; of a stream that this guest opened, number 1, where nothing else is said. */
  say(to: DataGuest | string, said: Said): void {
    const userId = typeof to === "string" ? to : to.name;
    const frame = {
      ...{ streamId: 1, isOpener: true, userId, credit: 1_000_000, label: "a" },
      ...{ isText: false, isLast: true, payload: new Uint8Array(0), reason: "closed" },
      ...said,
    } as DataFrame; // Every type finds its fields in it.
    this.end.receive(encodeDataFrame(frame));
  }

  /** Opens stream `streamId` to `to`, who allows `credit`; nothing of it is in what is heard later. */
  open(to: DataGuest, streamId = 1, credit = 1_000_000): void {
    this.say(to, { type: "open", streamId });
    to.say(this, { type: "credit", streamId, isOpener: false, credit });
    this.heard();
    to.heard();
  }

  /** Sends `length` bytes, and returns what they take of the credit. */
  send(to: DataGuest, length: number, said: Partial<DataFrame> = {}): number {
    const payload = new Uint8Array(length);
    this.say(to, { ...said, type: "data", payload });
    return creditFor(payload);
  }
}

function inShort(frame: DataFrame): string {
  const address = `${frame.userId}/${frame.streamId}${frame.isOpener ? "" : "*"}`;
  switch (frame.type) {
    case "open":
      return `open ${address} ${JSON.stringify(frame.label)}`;
    case "data":
      return `data ${address} ${frame.payload.length}${frame.isText ? " text" : ""}${
        frame.isLast ? "" : "..."
      }`;
    case "credit":
      return `credit ${address} ${frame.credit}`;
    case "close":
      return `close ${address} ${frame.reason}`;
  }
}
