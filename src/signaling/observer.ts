/**
 * What signaling tells those outside it: who counts (the metrics), and who keeps account of the
 * rooms (the webhooks). Calls are cheap and never throw.
 */
import type { ClientMessageType, ErrorCode, ServerMessageType } from "../protocol/mod.ts";
import type { RoomEvent } from "../rooms/mod.ts";

/** Why relayed frames were dropped: for their sender's rate, or for a receiver. */
export type FrameDrop = "rate" | "reader";

/** Hears of everything that is counted. */
export interface SignalingObserver {
  /** A connection was opened. */
  connectionOpened(): void;
  /** A connection is gone. */
  connectionClosed(): void;
  /** A message of a client was accepted for dispatch. */
  messageReceived(type: ClientMessageType): void;
  /** A message was queued for `count` connections. */
  messageSent(type: ServerMessageType, count: number): void;
  /** A client was answered with an error, or closed with one. */
  errorRaised(code: ErrorCode): void;
  /** From the arrival of a request to the hand-over of its broadcast to the sockets. */
  fannedOut(durationMs: number): void;
  /** A relayed frame has come, of so many bytes. */
  frameReceived(bytes: number): void;
  /** A relayed frame was handed to the socket of one receiver. */
  frameSent(bytes: number): void;
  /**
   * Relayed frames were dropped: their sender's, beyond its rate, or those for `count` receivers that
   * were behind or waited for a key frame.
   */
  framesDropped(why: FrameDrop, count: number): void;
}

/** Hears what becomes of rooms and their members. */
export interface RoomListener {
  /** Called once an event, in order, before the members hear of it. */
  happened(event: RoomEvent): void;
}

/** Counts nothing. */
export const silentObserver: SignalingObserver = {
  connectionOpened() {},
  connectionClosed() {},
  messageReceived() {},
  messageSent() {},
  errorRaised() {},
  fannedOut() {},
  frameReceived() {},
  frameSent() {},
  framesDropped() {},
};
