/**
 * The native WebSocket of `Deno.upgradeWebSocket` as a {@linkcode Socket}. The upgrade route calls it.
 *
 * What the native socket lacks (measured on Deno 2.9.6): it reassembles a fragmented message without
 * a bound before we see it, has no `terminate`, and `close` on a stalled peer may never be answered.
 * Hence owners treat their own decision to close as final.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import { DEPARTURE_CODES } from "../protocol/mod.ts";
import type { Socket, SocketListener } from "./socket.ts";

/** How long a lingering close reads on: a round trip or two, and no longer than a flooder deserves. */
const LINGER_MS = 250;

/** What the native socket cannot say of itself. */
export type DenoSocketOptions = {
  readonly clock: Clock;
  /** The subprotocol that the upgrade selected; the server's side of the socket shows none. */
  readonly protocol: string;
};

/** Ties a native socket to its listener. Call it before the upgrade's response is returned. */
export function attachDenoSocket(
  native: WebSocket,
  listener: SocketListener,
  options: DenoSocketOptions,
): void {
  const { clock, protocol } = options;
  let isOpen = false;
  let cancelLinger: Cancel | undefined;
  const close = (code: number, reason: string) => {
    if (native.readyState <= WebSocket.OPEN) native.close(code, reason);
  };
  native.binaryType = "arraybuffer";
  const send = (frame: string | Uint8Array<ArrayBuffer>) => {
    if (native.readyState === WebSocket.OPEN) native.send(frame);
  };
  const socket: Socket = {
    protocol,
    get bufferedBytes() {
      return native.bufferedAmount;
    },
    send,
    sendAll(frames) {
      for (const frame of frames) send(frame); // The native socket cannot cork.
    },
    sendBytes(bytes) {
      send(bytes as Uint8Array<ArrayBuffer>); // Nothing of ours is in shared memory.
    },
    close,
    closeLingering(code, reason) {
      cancelLinger ??= clock.after(LINGER_MS, () => close(code, reason));
    },
  };
  native.onopen = () => {
    isOpen = true;
    listener.onOpen(socket);
  };
  native.onmessage = ({ data }) => {
    if (typeof data === "string") listener.onFrame(data);
    else listener.onBytes(new Uint8Array(data));
  };
  native.onclose = ({ wasClean, code }) => {
    // A failed handshake closes what never was open.
    if (!isOpen) return;
    isOpen = false;
    cancelLinger?.();
    listener.onClosed({ isClean: wasClean && DEPARTURE_CODES.has(code) });
  };
  // A failed handshake, a dropped peer, a ping without an answer: `close` follows, and is not clean.
  // Without a handler the error would be reported as uncaught.
  native.onerror = () => {};
}
