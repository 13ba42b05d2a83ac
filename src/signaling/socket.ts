/**
 * The smallest view of a WebSocket that a connection needs, so that the native socket, another
 * listener's and a test's stand behind the same code.
 */

/** What a connection does with its socket. */
export interface Socket {
  /** The subprotocol that was selected; empty if none. */
  readonly protocol: string;
  /** Bytes that were sent and that the peer has not taken yet. */
  readonly bufferedBytes: number;
  /** Hands one text frame to the network. Does nothing once the socket is closing. */
  send(frame: string): void;
  /** Hands several text frames to the network, in one write where the socket can do that. */
  sendAll(frames: readonly string[]): void;
  /** Hands one binary frame to the network, which copies it or leaves it as it is. */
  sendBytes(bytes: Uint8Array): void;
  /** Starts the closing handshake (RFC 6455, section 7.1.2). Later calls do nothing. */
  close(code: number, reason: string): void;
  /**
   * Closes a peer that is still sending: its frames are read away for a moment first. Closing at once
   * would reset the TCP connection, and the peer would lose the errors that say why.
   */
  closeLingering(code: number, reason: string): void;
}

/** What a socket tells its owner, in this order: open, any frames, closed once. */
export interface SocketListener {
  /** The handshake is done. */
  onOpen(socket: Socket): void;
  /** A whole message of text. */
  onFrame(text: string): void;
  /** A whole binary message; the bytes are the listener's own. */
  onBytes(bytes: Uint8Array): void;
  /** The socket is gone; `isClean` if a closing handshake said so. Only after `onOpen`. */
  onClosed(end: { readonly isClean: boolean }): void;
}
