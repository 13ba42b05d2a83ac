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
  /** A whole message: text, or `undefined` for a binary one. */
  onFrame(text: string | undefined): void;
  /** The socket is gone; `isClean` if a closing handshake said so. Only after `onOpen`. */
  onClosed(end: { readonly isClean: boolean }): void;
}
