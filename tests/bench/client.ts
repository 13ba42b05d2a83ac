/**
 * One WebSocket connection of the load generator: handshake, frames, the little that socket.io adds.
 * `load.ts` owns many and calls `read` when one has something; texts go to the workload as bytes.
 */
import { close, connect, receive, send } from "./libc.ts";
import { CLOSE, encodeFrame, type FrameHeader, PING, PONG, readFrame, TEXT } from "./frame.ts";

/** How a server wants to be spoken to. */
export type Dialect = {
  /**
   * What makes a connection ready: `json` the upgrade itself, `welcome` the server's first message,
   * `socketio` the library's own handshake, whose framing every message then wears.
   */
  readonly kind: "json" | "welcome" | "socketio";
  readonly path: string;
  readonly subprotocol?: string;
};

/** Receives the text between `from` and `end`; the bytes are overwritten afterwards. */
export type OnText = (client: Client, bytes: Uint8Array, from: number, end: number) => void;

/** Bytes read at once, after what was left of a frame. */
const READ_BYTES = 256 * 1024;
const buffer = new Uint8Array(4 * 1024 * 1024);
const wholeRead = buffer.subarray(0, READ_BYTES);
const header: FrameHeader = { opcode: 0, payloadStart: 0, payloadEnd: 0 };
const HEAD_END = new TextEncoder().encode("\r\n\r\n");
const ZERO = 0x30;
const TWO = 0x32;
const FOUR = 0x34;

/** One connection. */
export class Client {
  readonly socket: number;
  #isUpgraded = false;
  #isReady = false;
  #isClosed = false;
  #rest = 0;
  #restBytes = new Uint8Array(0);

  /** Connects and asks for the upgrade; `index` is the connection's name towards the workload. */
  constructor(readonly index: number, port: number, readonly dialect: Dialect) {
    this.socket = connect(port);
    const { path, subprotocol } = dialect;
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version: 13",
      ...subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`],
    ];
    send(this.socket, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  }

  /** The server takes messages from here on. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** The server ended the connection. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The text that stands for `message` in the dialect. */
  encode(message: unknown): string {
    const json = JSON.stringify(message);
    return this.dialect.kind === "socketio" ? `42["message",${json}]` : json;
  }

  /** Sends a frame of `encodeFrame`. */
  send(frame: Uint8Array<ArrayBuffer>): void {
    send(this.socket, frame);
  }

  /** Reads once what has arrived and hands each whole text to `onText`. */
  read(onText: OnText): void {
    const rest = this.#rest;
    if (rest > 0) buffer.set(this.#restBytes.subarray(0, rest));
    const into = rest === 0 ? wholeRead : buffer.subarray(rest, rest + READ_BYTES);
    const count = receive(this.socket, into);
    if (count <= 0) {
      if (count === 0) this.#end();
      return;
    }
    const end = rest + count;
    const from = this.#isUpgraded ? 0 : this.#upgrade(end);
    this.#keep(this.#readFrames(from, end, onText), end);
  }

  /** Says goodbye and closes the socket. */
  close(): void {
    if (this.#isClosed) return;
    this.send(encodeFrame(new Uint8Array([3, 232]), CLOSE)); // 1000, normal closure.
    this.#end();
  }

  /** Checks the answer to the upgrade and returns where the frames start. */
  #upgrade(end: number): number {
    const head = new TextDecoder().decode(buffer.subarray(0, end));
    const headEnd = head.indexOf("\r\n\r\n");
    if (headEnd < 0) return 0;
    if (!head.startsWith("HTTP/1.1 101")) {
      throw new Error(`Cannot connect: the server answers "${head.slice(0, head.indexOf("\r"))}"`);
    }
    const { subprotocol } = this.dialect;
    if (subprotocol !== undefined && !head.includes(subprotocol)) {
      throw new Error(`Cannot connect: the server does not grant ${subprotocol}`);
    }
    this.#isUpgraded = true;
    this.#isReady = this.dialect.kind === "json";
    return headEnd + HEAD_END.length;
  }

  /** Handles the whole frames in the buffer and returns where the first broken one starts. */
  #readFrames(from: number, end: number, onText: OnText): number {
    if (!this.#isUpgraded) return from;
    const range = { from, end };
    while (readFrame(buffer, range, header)) {
      const { opcode, payloadStart, payloadEnd } = header;
      if (opcode === TEXT) this.#text(payloadStart, payloadEnd, onText);
      else if (opcode === PING) this.#pong(payloadStart, payloadEnd);
      else if (opcode === CLOSE) this.#end();
      else if (opcode !== PONG) throw new Error(`Cannot read a frame with opcode ${opcode}`);
      range.from = payloadEnd;
    }
    return range.from;
  }

  #text(from: number, end: number, onText: OnText): void {
    const { kind } = this.dialect;
    if (kind === "socketio") return this.#socketioText(from, end, onText);
    if (this.#isReady) return onText(this, buffer, from, end);
    this.#isReady = true; // The welcome.
  }

  /** Engine.IO: `0` open, `2` ping, `40` connected to the namespace, `42` an event. */
  #socketioText(from: number, end: number, onText: OnText): void {
    const packet = buffer[from];
    if (packet === ZERO) return this.send(encodeFrame("40"));
    if (packet === TWO) return this.send(encodeFrame("3"));
    if (packet !== FOUR) return;
    if (buffer[from + 1] === ZERO) this.#isReady = true;
    else onText(this, buffer, from + 2, end);
  }

  #pong(from: number, end: number): void {
    this.send(encodeFrame(buffer.slice(from, end), PONG));
  }

  #keep(from: number, end: number): void {
    this.#rest = end - from;
    if (this.#rest === 0) return;
    if (this.#restBytes.length < this.#rest) this.#restBytes = new Uint8Array(this.#rest * 2);
    this.#restBytes.set(buffer.subarray(from, end));
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    close(this.socket);
  }
}
