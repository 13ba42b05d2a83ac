/** The browser's WebSocket behind the shape that a session wants. */
import { SOCKET_PATH, SUBPROTOCOL } from "../../src/protocol/wire.ts";
import type { Socket, SocketEvents } from "../state/socket.ts";

/** Connects to the server that the page came from. */
export function connectWebSocket(events: SocketEvents): Socket {
  const address = new URL(SOCKET_PATH, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => events.opened());
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") events.received(event.data);
    else if (event.data instanceof ArrayBuffer) events.receivedBytes(new Uint8Array(event.data));
  });
  socket.addEventListener("close", (event) => events.closed(event.code, event.reason));
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    sendBytes(frame) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(frame);
      return true;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    close: (code) => socket.close(code),
  };
}
