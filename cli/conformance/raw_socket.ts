/**
 * A WebSocket over plain TCP (or TLS) for what a well-behaved client cannot do: it drops the connection
 * without a closing handshake, stops reading, and writes frames of any shape (RFC 6455, section 5.2).
 * The conformance checks use it, and the tests.
 */

import { encodeFrame, type Frame, FrameReader, joined, Opcode } from "../faults/frame.ts";

export { Opcode };

const MASK = Uint8Array.of(1, 2, 3, 4);
const SAMPLE_KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** The other side ended the connection before what was awaited came. */
export class EndError extends Error {
  override readonly name = "EndError";
}

/** How a server answered a handshake. */
export type HandshakeAnswer = {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

/** How to ask for a WebSocket. */
export type RawSocketOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sec-WebSocket-Key; empty: none is sent. */
  readonly key?: string;
  /** Default `/ws`. */
  readonly path?: string;
  /** Default `127.0.0.1`. */
  readonly hostname?: string;
  /** Default false. */
  readonly isSecure?: boolean;
  /** Default `GET`. */
  readonly method?: string;
  /** Default true: it asks for an upgrade. */
  readonly asksForUpgrade?: boolean;
};

/** One TCP connection that has asked for a WebSocket. */
export class RawSocket {
  readonly #connection: Deno.Conn;
  #unread: Uint8Array = new Uint8Array(0);
  readonly #reader = new FrameReader({ isMasked: false, maxPayloadBytes: Infinity });
  #frames: Frame[] = [];
  readonly #buffer = new Uint8Array(65_536);

  private constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Connects, and sends nothing. */
  static async connect(
    port: number,
    { hostname = "127.0.0.1", isSecure = false }: RawSocketOptions = {},
  ): Promise<RawSocket> {
    const connect = isSecure ? Deno.connectTls : Deno.connect;
    return new RawSocket(await connect({ hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port }));
  }

  /** Connects to a port and asks for a WebSocket. */
  static async open(port: number, options: RawSocketOptions = {}): Promise<RawSocket> {
    const { headers = {}, key = SAMPLE_KEY, path = "/ws", hostname = "127.0.0.1" } = options;
    const { method = "GET", asksForUpgrade = true } = options;
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      ...(asksForUpgrade
        ? ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        : []),
      ...(key === "" || !asksForUpgrade ? [] : [`Sec-WebSocket-Key: ${key}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    const socket = await RawSocket.connect(port, options);
    await socket.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    return socket;
  }

  /** Writes bytes as they are. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#connection.write(bytes.subarray(written));
    }
  }

  /** Writes one frame, masked as a client's must be unless told otherwise. */
  async writeFrame(
    payload: Uint8Array,
    options: { opcode?: number; isFinal?: boolean; reserved?: number; isMasked?: boolean } = {},
  ): Promise<void> {
    const { opcode = Opcode.text, isFinal = true, reserved = 0, isMasked = true } = options;
    const mask = isMasked ? MASK : undefined;
    const frame = encodeFrame({ isFinal, opcode, mask, payload });
    frame[0]! |= reserved;
    await this.write(frame);
  }

  /** Sends one message. */
  async say(message: Record<string, unknown>): Promise<void> {
    await this.writeFrame(new TextEncoder().encode(JSON.stringify(message)));
  }

  /** Reads until `text` has come by. Returns what was read. */
  async readUntil(text: string): Promise<string> {
    // Frames that came with the headers are for who reads frames next.
    if (text === "\r\n\r\n") return new TextDecoder().decode(await this.#readHeaders());
    let seen = "";
    let searched = 0;
    const decoder = new TextDecoder();
    for (;;) {
      seen += decoder.decode(this.#unread, { stream: true });
      this.#unread = new Uint8Array(0);
      if (seen.includes(text, searched)) return seen;
      searched = Math.max(0, seen.length - text.length);
      if (!await this.#fill()) {
        throw new EndError(`The connection ended before ${text} came: ${seen.slice(0, 1_000)}`);
      }
    }
  }

  /** Reads the answer to the handshake; frames begin behind it. Rejects where none comes. */
  async readAnswer(): Promise<HandshakeAnswer> {
    const [first = "", ...lines] = new TextDecoder().decode(await this.#readHeaders()).trimEnd()
      .split("\r\n");
    const headers = lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    });
    return { status: Number(first.split(" ")[1]), headers: Object.fromEntries(headers) };
  }

  /** The next frame, or `undefined` at the end. Call it once the handshake has been read. */
  async readFrame(): Promise<Frame | undefined> {
    for (;;) {
      this.#frames.push(...this.#reader.push(this.#unread));
      this.#unread = new Uint8Array(0);
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      const { problem } = this.#reader;
      if (problem !== undefined) {
        throw new EndError(`The server sends what is no frame: ${problem}`);
      }
      if (!await this.#fill()) return undefined;
    }
  }

  /**
   * Reads on to the end of the connection. Returns the code and the reason of the close frame that
   * came by, or `undefined` if none did. Call it once the handshake has been read.
   */
  async readClose(): Promise<{ code: number; reason: string } | undefined> {
    for (;;) {
      const frame = await this.readFrame();
      if (frame === undefined) return undefined;
      if (frame.opcode === Opcode.close) return closeOf(frame);
    }
  }

  /** Reads on to the end of the connection, whatever comes. */
  async readToEnd(): Promise<void> {
    while (await this.#fill()) this.#unread = new Uint8Array(0);
  }

  /** Cuts the connection without a word. Idempotent. */
  drop(): void {
    try {
      this.#connection.close();
    } catch {
      // It is cut already.
    }
  }

  async #readHeaders(): Promise<Uint8Array> {
    let end = -1;
    while ((end = headersEnd(this.#unread)) < 0) {
      if (await this.#fill()) continue;
      const seen = new TextDecoder().decode(this.#unread);
      throw new EndError(`The connection ended before its headers did: ${seen.slice(0, 1_000)}`);
    }
    const headers = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end);
    return headers;
  }

  /** Reads some more; false at the end. A connection that is reset ends like one that is closed. */
  async #fill(): Promise<boolean> {
    const length = await this.#connection.read(this.#buffer).catch(() => null);
    if (length === null) return false;
    this.#unread = joined(this.#unread, this.#buffer.subarray(0, length));
    return true;
  }
}

/** What a close frame says; 1005 where it names no code (RFC 6455, section 7.1.5). */
export function closeOf({ payload }: Pick<Frame, "payload">): { code: number; reason: string } {
  const code = payload.length < 2 ? 1005 : payload[0]! * 256 + payload[1]!;
  return { code, reason: new TextDecoder().decode(payload.subarray(2)) };
}

/** Where the body begins, behind the empty line; -1 where that has not come yet. */
function headersEnd(bytes: Uint8Array): number {
  for (let n = 0; n + 3 < bytes.length; n++) {
    if (bytes[n] === 13 && bytes[n + 1] === 10 && bytes[n + 2] === 13 && bytes[n + 3] === 10) {
      return n + 4;
    }
  }
  return -1;
}
