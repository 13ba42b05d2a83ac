/** Where the frames of a sender go: the socket, what waits in it, and how long a frame may be. */
import {
  encodeRelayFrame,
  RELAY_HEADER_BYTES,
  type RelayFrame,
  type RelayKind,
} from "../../../src/protocol/relay_frame.ts";

import type { PathDelay } from "./path_delay.ts";

/** So long a frame may be until the server has said otherwise (FR4). */
const FIRST_MAX_BYTES = 256 * 1024;

/** What a sender makes; the sink numbers it. */
export type OutgoingFrame = Omit<RelayFrame, "number" | "sourceId">;

/** The socket of a page as frames want it; the session of the page has this shape. */
export interface FrameSocket {
  /** Sends one binary frame; `false` when there is no connection to send it on. */
  sendFrame(frame: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes that wait to go out. */
  readonly bufferedAmount: number;
}

/** The way out of all frames of one page. */
export class FrameSink {
  readonly #socket: FrameSocket;
  readonly #delay: PathDelay;
  readonly #numbers = new Map<RelayKind, number>();
  /** Longest frame, header included. */
  maxFrameBytes = FIRST_MAX_BYTES;

  /** Nothing was sent yet. */
  constructor(socket: FrameSocket, delay: PathDelay) {
    this.#socket = socket;
    this.#delay = delay;
  }

  /** Bytes that wait in the socket. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** How long what is sent now waits on its way. */
  get delayMs(): number {
    return this.#delay.extraMs;
  }

  /** Whether a frame with so long a payload would be taken. */
  fits(payload: Uint8Array): boolean {
    return payload.length + RELAY_HEADER_BYTES <= this.maxFrameBytes;
  }

  /** A frame was made and is not sent: the receivers see the gap in the numbers. */
  skip(kind: RelayKind): void {
    this.#next(kind);
  }

  /** Sends a frame; `false` when it could not be. */
  send(frame: OutgoingFrame): boolean {
    const number = this.#next(frame.kind);
    return this.#socket.sendFrame(encodeRelayFrame({ ...frame, number, sourceId: 0 }));
  }

  #next(kind: RelayKind): number {
    const number = this.#numbers.get(kind) ?? 0;
    this.#numbers.set(kind, (number + 1) >>> 0);
    return number;
  }
}
