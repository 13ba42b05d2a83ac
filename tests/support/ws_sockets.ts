/**
 * A server of the package `ws` alone, for the tests of its adapter: small bounds, and a clock that
 * the test may bring.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type Clock, systemClock } from "../../src/base/mod.ts";
import { attachWsSocket, type SocketListener } from "../../src/signaling/mod.ts";
import type { SocketServer } from "../contracts/socket_contract.ts";

/** A peer that does not answer our close frame is gone after this long. */
const CLOSE_TIMEOUT_MS = 200;
/** The longest message that is read. */
export const MAX_PAYLOAD = 100_000;

/** A second's reading of one peer; a step of it is a twentieth. */
const MAX_BYTES_PER_SECOND = 20_000_000;

/** What a test may set, and what it may want to see. */
export type WsSocketsOptions = {
  readonly clock?: Clock;
  readonly heartbeatMs?: number;
  readonly onStream?: (stream: Duplex) => void;
};

/** Starts a server whose sockets go to `listener`. */
export async function startWsSockets(
  listener: SocketListener,
  options: WsSocketsOptions = {},
): Promise<SocketServer> {
  const { clock = systemClock, heartbeatMs = 60_000, onStream = () => {} } = options;
  const bounds = {
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_PAYLOAD,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const sockets = new WebSocketServer(bounds);
  const server = createServer();
  server.on("upgrade", (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    onStream(stream);
    sockets.handleUpgrade(incoming, stream, head, (native: WebSocket) => {
      attachWsSocket(native, listener, {
        clock,
        heartbeatMs,
        maxBytesPerSecond: MAX_BYTES_PER_SECOND,
        stream,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // It is bound to an address and a port.
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
