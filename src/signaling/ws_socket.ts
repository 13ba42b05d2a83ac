/**
 * A WebSocket of the package `ws` as a {@linkcode Socket}: the one for the open internet. It pings,
 * ends a peer that does not answer, writes the frames of a turn at once, and stops to read a peer that
 * is being closed. The listener that made it bounds its messages.
 */
import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { WebSocket as WsWebSocket } from "ws";
import type { Cancel, Clock } from "../base/mod.ts";
import { DEPARTURE_CODES } from "../protocol/mod.ts";
import type { SocketListener } from "./socket.ts";

/**
 * What a peer that is being closed may still send before we stop reading. Reading on lets it come to
 * our close frame; reading a flood on would fill the memory with what nobody collects.
 */
const LINGER_BYTES = 256 * 1024;
/** Reading is paced in steps of this length: short enough that a step of a flood is not felt. */
const READ_WINDOW_MS = 50;

/** What the adapter needs beside the socket. */
export type WsSocketOptions = {
  readonly clock: Clock;
  /** It is pinged twice in this time; one that has not answered by the next ping is gone (CO8). */
  readonly heartbeatMs: number;
  /**
   * No peer is read faster: a flood of large messages would otherwise hold the event loop, and the
   * memory of what it brought, for as long as it lasts.
   */
  readonly maxBytesPerSecond: number;
  /** The connection beneath; writes to it are corked. */
  readonly stream: Duplex;
};

/** Ties an open socket to its listener. Call it when the handshake is done. */
export function attachWsSocket(
  native: WsWebSocket,
  listener: SocketListener,
  options: WsSocketOptions,
): void {
  const { clock, heartbeatMs, stream } = options;
  let isClosing = false;
  let hasAnswered = true;
  const cancelHeartbeat = clock.every(heartbeatMs / 2, () => {
    if (!hasAnswered) return native.terminate();
    hasAnswered = false;
    if (native.readyState === native.OPEN) native.ping();
  });
  const reading = paceReading(native, options);
  const stopReading = () => {
    isClosing = true;
    reading.stopSoon();
  };
  const close = (code: number, reason: string) => {
    if (native.readyState !== native.OPEN) return;
    stopReading();
    native.close(code, reason);
  };
  const send = (frame: string | Uint8Array) => {
    if (native.readyState === native.OPEN) native.send(frame);
  };
  native.on("message", (data: Buffer, isBinary: boolean) => {
    if (isClosing) return;
    // A Buffer is an array of bytes that does some things in another way.
    if (isBinary) listener.onBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    else listener.onFrame(data.toString());
  });
  native.on("pong", () => hasAnswered = true);
  // The library has sent the close frame that says why, and emits `close` when it is done.
  native.on("error", stopReading);
  native.on("close", (code: number) => {
    cancelHeartbeat();
    reading.end();
    listener.onClosed({ isClean: DEPARTURE_CODES.has(code) });
  });
  listener.onOpen({
    protocol: native.protocol,
    get bufferedBytes() {
      return native.bufferedAmount;
    },
    send,
    sendAll(frames) {
      stream.cork();
      for (const frame of frames) send(frame);
      stream.uncork();
    },
    sendBytes: send,
    close,
    // The library reads on until the peer answers the close frame, or its timeout ends the wait.
    closeLingering: close,
  });
}

/** Pauses a peer that sends more than a window's share, and for good one that is being closed. */
function paceReading(native: WsWebSocket, options: WsSocketOptions) {
  const { clock, stream, maxBytesPerSecond } = options;
  const windowBytes = maxBytesPerSecond * READ_WINDOW_MS / 1_000;
  let windowEndsAt = 0;
  let bytes = 0;
  let isStopping = false;
  let cancelPause: Cancel = () => {};
  stream.on("data", (chunk: Uint8Array) => {
    const now = clock.elapsed();
    if (now >= windowEndsAt && !isStopping) {
      windowEndsAt = now + READ_WINDOW_MS;
      bytes = 0;
    }
    bytes += chunk.length;
    if (isStopping && bytes > LINGER_BYTES) native.pause();
    if (isStopping || bytes <= windowBytes) return;
    native.pause();
    cancelPause();
    cancelPause = clock.after(windowEndsAt - now, () => native.resume());
  });
  return {
    /** Reads a little further, then no more; the library ends the connection after its timeout. */
    stopSoon: () => {
      if (isStopping) return;
      isStopping = true;
      bytes = 0;
    },
    end: () => cancelPause(),
  };
}
