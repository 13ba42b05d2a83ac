/**
 * One WebSocket to a server, as the simulated users and the interactive client hold it: connect in
 * bounded time, send objects, receive messages one by one, close politely or drop. The only module
 * but the doctor's probe that knows the `ws` library, which unlike the native WebSocket can drop a
 * connection.
 */
// @ts-types="@types/ws"
import { type RawData, WebSocket } from "ws";
import { SUBPROTOCOL, unpackFrame } from "../src/protocol/wire.ts";
import type { FrameTrace } from "./trace/frame_trace.ts";

/** How a connection ended. */
export type ConnectionEnd = {
  /** The close code; 1006 when the other side gave none. */
  readonly code: number;
  readonly reason: string;
  /** This side decided. */
  readonly isOwn: boolean;
};

/** What the owner of a connection hears. */
export type ConnectionEvents = {
  /** One message, of any shape. */
  readonly onMessage: (message: unknown) => void;
  /** A frame that is no JSON text; default: dropped. */
  readonly onMalformed?: (frame: string) => void;
  /** Each text frame as it came, before its messages; default: nobody. */
  readonly onFrame?: (frame: string) => void;
  /** Each binary frame; default: it is told as the text frame `(binary)`. */
  readonly onBytes?: (bytes: Uint8Array) => void;
  /** The end, once. */
  readonly onEnd: (end: ConnectionEnd) => void;
};

/** How a connection is opened. */
export type ConnectOptions = ConnectionEvents & {
  /** It is open by then, or it fails. */
  readonly timeoutMs: number;
  /** Turns a frame into its messages, or throws SyntaxError; default: `unpackFrame`. */
  readonly unpack?: (frame: string) => readonly unknown[];
  /** Hears of every frame both ways; default: nobody. */
  readonly trace?: FrameTrace | undefined;
  /** The subprotocols that are offered; default: ours. */
  readonly protocols?: readonly string[];
  /** More headers of the handshake; default: none. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** A connection could not be opened. The message says why, without the URL. */
export class ConnectError extends Error {
  override readonly name: string = "ConnectError";
}

/** The server answered, but without the subprotocol that was offered (rule CO3). */
export class SubprotocolError extends ConnectError {
  override readonly name = "SubprotocolError";
}

/** An open connection. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #trace: FrameTrace | undefined;
  readonly #unpack: (frame: string) => readonly unknown[];
  #isOwnEnd = false;
  #ended: Promise<void>;

  private constructor(
    socket: WebSocket,
    { trace, unpack = unpackFrame, ...events }: Omit<ConnectOptions, "timeoutMs">,
  ) {
    this.#socket = socket;
    this.#trace = trace;
    this.#unpack = unpack;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary, events));
    socket.on("error", () => {}); // The close event follows and tells the owner.
    this.#ended = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        resolve();
        trace?.ended(code, reason.toString());
        events.onEnd({ code, reason: reason.toString(), isOwn: this.#isOwnEnd });
      });
    });
  }

  /** Opens a connection; rejects with {@linkcode ConnectError}, at the latest after `timeoutMs`. */
  static connect(url: string, options: ConnectOptions): Promise<Connection> {
    const { timeoutMs, protocols = [SUBPROTOCOL], headers = {}, ...rest } = options;
    const { trace } = rest;
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    trace?.connecting();
    const socket = new WebSocket(url, [...protocols], {
      headers: { ...headers },
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
    });
    let isOpen = false;
    const connection = new Connection(socket, {
      ...rest,
      onEnd: (end) => {
        if (isOpen) rest.onEnd(end);
      },
    });
    socket.on("open", () => {
      isOpen = true;
      trace?.opened();
      resolve(connection);
    });
    socket.on("error", (error: Error) => {
      const isWrongProtocol = /subprotocol/.test(error.message);
      const failure = isWrongProtocol ? SubprotocolError : ConnectError;
      reject(new failure(reasonOf(error), { cause: error }));
    });
    return promise;
  }

  /** Whether messages can still be sent. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends one message; nothing when the connection has ended. */
  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a frame as it is. */
  sendText(frame: string): void {
    if (!this.isOpen) return;
    this.#trace?.frame("sent", frame);
    this.#socket.send(frame);
  }

  /** Sends bytes in a binary frame. */
  sendBinary(bytes: Uint8Array): void {
    if (this.isOpen) this.#socket.send(bytes);
  }

  /** Stops to read: what the server sends waits on the way. */
  pauseReading(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resumeReading(): void {
    this.#socket.resume();
  }

  /** Ends with a code, or without one. Resolves when the connection is gone. */
  close(code: number | "none" = 1000): Promise<void> {
    this.#isOwnEnd = true;
    this.#socket.close(code === "none" ? undefined : code);
    return this.#ended;
  }

  /** Drops the connection without a word, as a lost network does. Resolves when it is gone. */
  drop(): Promise<void> {
    this.#isOwnEnd = true;
    this.#socket.terminate();
    return this.#ended;
  }

  #receive(data: RawData, isBinary: boolean, events: ConnectionEvents): void {
    if (this.#isOwnEnd) return;
    if (isBinary && events.onBytes !== undefined) return events.onBytes(bytesOf(data));
    const frame = isBinary ? "(binary)" : data.toString();
    this.#trace?.frame("received", frame);
    events.onFrame?.(frame);
    let messages: readonly unknown[];
    try {
      messages = this.#unpack(frame);
    } catch {
      // Not JSON: the owner decides whether that matters.
      events.onMalformed?.(frame);
      return;
    }
    for (const message of messages) events.onMessage(message);
  }
}

/** A message as plain bytes; the library gives a Buffer unless it is told otherwise. */
function bytesOf(data: RawData): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Uint8Array; // See above.
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Why it failed, in words; AggregateError (several addresses) has an empty message. */
function reasonOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const text = first instanceof Error ? first.message : String(first);
  if (/ECONNREFUSED|refused/i.test(text)) return "the connection was refused";
  if (/ENOTFOUND|lookup address/i.test(text)) return "the host is unknown";
  if (/timed out/i.test(text)) return "it did not answer in time";
  if (/subprotocol/i.test(text)) return `it does not select the subprotocol ${SUBPROTOCOL}`;
  const status = /Unexpected server response: (\d+)/.exec(text)?.[1];
  return status === undefined ? text : `it answered with HTTP ${status}`;
}
