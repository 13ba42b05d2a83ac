/** The browser's WebSocket behind the shape that a session wants. */
import { SOCKET_PATH, SUBPROTOCOL } from "../../src/protocol/wire.ts";
import type { Socket, SocketEvents } from "../state/socket.ts";

/** Connects to the server that the page came from. */
export function connectWebSocket(events: SocketEvents): Socket {
  const address = new URL(SOCKET_PATH, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address, SUBPROTOCOL);
  socket.addEventListener("open", () => events.opened());
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    // Binary frames are reserved (rule CO7); this page has agreed to none.
    if (typeof event.data === "string") events.received(event.data);
  });
  socket.addEventListener("close", (event) => events.closed(event.code, event.reason));
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => socket.close(code),
  };
}
