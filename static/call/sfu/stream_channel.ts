/**
 * A stream to one participant that goes through the server, in the shape that files want of an
 * RTCDataChannel (rules DC2-DC6). It keeps what may not be sent yet and puts together what comes in
 * fragments; `stream_channels.ts` carries its frames.
 */
import {
  creditFor,
  type DataFrame,
  FRAGMENT_COST_BYTES,
  MAX_FRAGMENT_BYTES,
  MAX_STREAM_MESSAGE_BYTES,
  STREAM_WINDOW_BYTES,
  type StreamEnd,
} from "../../../src/protocol/data_frame.ts";
import type { FileChannel } from "../file_line.ts";

/** What may wait here; Chromium's channels take as much. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** So much must have been taken before the other side is given credit anew. */
const CREDIT_AT_BYTES = STREAM_WINDOW_BYTES / 2;

/** Its frames without their address. */
export type StreamFrame = Body<DataFrame>;
type Body<Frame> = Frame extends DataFrame ? Omit<Frame, keyof StreamAddress> : never;
/** Which stream a frame is of. */
export type StreamAddress = Pick<DataFrame, "userId" | "isOpener" | "streamId">;

/** What a channel asks of what carries it. */
export interface StreamCarrier {
  /** It has something to send: ask it for frames, by `next`, as there is room. */
  ready(): void;
  /** Sends a frame that needs no credit. */
  say(frame: StreamFrame): void;
  /** It is no more. */
  ended(): void;
}

type Message = { readonly bytes: Uint8Array; readonly isText: boolean; sent: number };

/** One end of a stream. */
export class StreamChannel extends EventTarget implements FileChannel {
  /** What for, as its opener says. */
  readonly label: string;
  /** Bytes come as ArrayBuffer, whatever is written here. */
  binaryType: BinaryType = "arraybuffer";
  /** `bufferedamountlow` comes when what waits has fallen to this. */
  bufferedAmountLowThreshold = 0;
  readonly #carrier: StreamCarrier;
  #readyState: RTCDataChannelState = "connecting";
  #endReason: StreamEnd | undefined;
  #bufferedAmount = 0;
  #credit = 0;
  #waiting: Message[] = [];
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #consumed = 0;

  /** A stream that is not agreed on yet. */
  constructor(label: string, carrier: StreamCarrier) {
    super();
    this.label = label;
    this.#carrier = carrier;
  }

  /** As of RTCDataChannel. */
  get readyState(): RTCDataChannelState {
    return this.#readyState;
  }

  /** Why it is closed; `undefined`: it is not. */
  get endReason(): StreamEnd | undefined {
    return this.#endReason;
  }

  /** Bytes that wait here; what the browser's own channel has taken is not counted. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  /** Throws as RTCDataChannel does: when it is not open, for messages too long, and when it is full. */
  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    if (this.#readyState !== "open") throw new DOMException("Not open", "InvalidStateError");
    const isText = typeof data === "string";
    const bytes = isText
      ? new TextEncoder().encode(data)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    if (bytes.length > MAX_STREAM_MESSAGE_BYTES) {
      throw new TypeError(`Cannot send ${bytes.length} of ${MAX_STREAM_MESSAGE_BYTES} bytes`);
    }
    if (this.#bufferedAmount + bytes.length > MAX_WAITING_BYTES) {
      throw new DOMException("Too much waits", "OperationError");
    }
    this.#waiting.push({ bytes, isText, sent: 0 });
    this.#bufferedAmount += bytes.length;
    this.#carrier.ready();
  }

  /** Closes when everything has gone out. */
  close(): void {
    if (this.#readyState === "closing" || this.#readyState === "closed") return;
    // What nobody agreed to has nothing to wait for.
    if (this.#readyState === "connecting") return this.#finish();
    this.#readyState = "closing";
    this.#carrier.ready();
  }

  /** The next fragment; `undefined`: there is none, or not enough credit for it. */
  next(): StreamFrame | undefined {
    const message = this.#waiting[0];
    if (message === undefined) {
      if (this.#readyState === "closing") this.#finish();
      return undefined;
    }
    const { bytes, isText, sent } = message;
    const payload = bytes.subarray(sent, sent + MAX_FRAGMENT_BYTES);
    if (payload.length + FRAGMENT_COST_BYTES > this.#credit) return undefined;
    this.#credit -= creditFor(payload);
    message.sent += payload.length;
    const isLast = message.sent === bytes.length;
    if (isLast) this.#waiting.shift();
    this.#drain(payload.length);
    return { type: "data", isText, isLast, payload };
  }

  /** The other side may be sent so many bytes more; the first time, it has agreed. */
  allow(credit: number): void {
    this.#credit += credit;
    if (this.#readyState === "connecting") {
      this.#readyState = "open";
      this.dispatchEvent(new Event("open"));
    }
    this.#carrier.ready();
  }

  /** A fragment came. */
  receive({ payload, isText, isLast }: Extract<StreamFrame, { type: "data" }>): void {
    this.#partsBytes += payload.length;
    if (this.#partsBytes > MAX_STREAM_MESSAGE_BYTES) return this.#finish("protocol");
    this.#parts.push(payload);
    this.#consume(creditFor(payload));
    if (!isLast) return;
    const bytes = joined(this.#parts, this.#partsBytes);
    this.#parts = [];
    this.#partsBytes = 0;
    // Who closes wants to hear nothing more.
    if (this.#readyState !== "open") return;
    const data = isText ? new TextDecoder().decode(bytes) : bytes.buffer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** It ended without our doing: what waits is lost. Idempotent. */
  end(reason: StreamEnd): void {
    if (this.#readyState === "closed") return;
    this.#endReason = reason;
    this.#readyState = "closed";
    this.#waiting = [];
    this.#parts = [];
    this.#bufferedAmount = 0;
    this.#carrier.ended();
    this.dispatchEvent(new Event("close"));
  }

  /** Says that it ends, and does. */
  #finish(reason: StreamEnd = "closed"): void {
    this.#carrier.say({ type: "close", reason });
    this.end(reason);
  }

  #consume(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < CREDIT_AT_BYTES) return;
    this.#carrier.say({ type: "credit", credit: this.#consumed });
    this.#consumed = 0;
  }

  #drain(bytes: number): void {
    const low = this.bufferedAmountLowThreshold;
    const wasAbove = this.#bufferedAmount > low;
    this.#bufferedAmount -= bytes;
    if (!wasAbove || this.#bufferedAmount > low) return;
    // As a browser does: not within the call that brought it down.
    queueMicrotask(() => this.dispatchEvent(new Event("bufferedamountlow")));
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
