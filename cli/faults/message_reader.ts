/**
 * Frames into messages: fragments are joined, control frames come through at once, also from the
 * middle of a message (RFC 6455, section 5.4). Pure; each direction of the fault proxy has one.
 */
import { type Frame, isControl, joined, Opcode } from "./frame.ts";

/** What travels: a message with the frames it came in, or a control frame. */
export type Parcel =
  | { readonly kind: "message"; readonly frames: readonly Frame[]; readonly payload: Uint8Array }
  | { readonly kind: "control"; readonly frame: Frame };

/** A message of more bytes, or in more frames, is not put together. */
export type MessageBounds = { readonly maxBytes: number; readonly maxFrames: number };

/** Puts messages together. */
export class MessageReader {
  readonly #bounds: MessageBounds;
  #frames: Frame[] = [];
  #length = 0;
  #problem: string | undefined;

  constructor(bounds: MessageBounds) {
    this.#bounds = bounds;
  }

  /** Why no more messages can be read, if so. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The frames that are no whole message yet, or that cannot be one. */
  get rest(): readonly Frame[] {
    return this.#frames;
  }

  /** Takes the next frame; returns what is whole now. After a problem it only keeps the frames. */
  push(frame: Frame): Parcel | undefined {
    if (this.#problem === undefined && isControl(frame.opcode)) return { kind: "control", frame };
    const isFirst = this.#frames.length === 0;
    this.#frames.push(frame);
    this.#length += frame.payload.length;
    this.#problem ??= this.#objection(frame, isFirst);
    if (this.#problem !== undefined || !frame.isFinal) return undefined;
    const frames = this.#frames;
    this.#frames = [];
    this.#length = 0;
    const payload = frames.length === 1
      ? frames[0]!.payload
      : joined(...frames.map(({ payload }) => payload));
    return { kind: "message", frames, payload };
  }

  #objection(frame: Frame, isFirst: boolean): string | undefined {
    const isContinuation = frame.opcode === Opcode.continuation;
    if (isFirst && isContinuation) return "a continuation continues nothing";
    if (!isFirst && !isContinuation) return "a message begins in the middle of another";
    const { maxBytes, maxFrames } = this.#bounds;
    if (this.#length > maxBytes) return `the message is longer than ${maxBytes} bytes`;
    if (this.#frames.length > maxFrames) return `the message has more than ${maxFrames} frames`;
    return undefined;
  }
}
