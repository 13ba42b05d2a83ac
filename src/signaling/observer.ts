/**
 * What signaling tells those who count: the metrics implement it. Calls are cheap and never throw.
 */
import type { ClientMessageType, ErrorCode, ServerMessageType } from "../protocol/mod.ts";

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
}

/** Counts nothing. */
export const silentObserver: SignalingObserver = {
  connectionOpened() {},
  connectionClosed() {},
  messageReceived() {},
  messageSent() {},
  errorRaised() {},
  fannedOut() {},
};
