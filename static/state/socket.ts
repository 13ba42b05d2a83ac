/**
 * A WebSocket as a session sees it: what it may do to one, and what one tells it. The browser's is
 * in `browser/web_socket.ts`; a test hands in a fake.
 */

/** What a socket tells its owner, in this order: `opened`, `received`…, `closed` once. */
export interface SocketEvents {
  /** The handshake is done. */
  opened(): void;
  /** A text frame came in. */
  received(frame: string): void;
  /** A binary frame came in: media of somebody whose frames were asked for (rule FR2). */
  receivedBytes(frame: Uint8Array): void;
  /** The connection is over, or never came about. `code` is that of RFC 6455, section 7.4. */
  closed(code: number, reason: string): void;
}

/** What an owner may do to its socket. */
export interface Socket {
  /** Sends a text frame; nothing happens when the socket is not open. */
  send(text: string): void;
  /** Sends a binary frame; `false` when the socket is not open. */
  sendBytes(frame: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes that wait to go out. */
  readonly bufferedAmount: number;
  /** Ends the connection. */
  close(code: number): void;
}

/** Opens a connection to the server of the page. */
export type SocketFactory = (events: SocketEvents) => Socket;
