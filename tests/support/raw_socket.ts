/**
 * A WebSocket over plain TCP for what a well-behaved client cannot do: it drops the connection
 * without a closing handshake, stops reading, and writes frames of any shape (RFC 6455, section 5.2).
 */

import { encodeFrame, FrameReader, Opcode } from "../../cli/faults/frame.ts";

export { Opcode } from "../../cli/faults/frame.ts";

const MASK = Uint8Array.of(1, 2, 3, 4);

/** One TCP connection that has shaken hands. */
export class RawSocket {
  readonly #connection: Deno.TcpConn;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects to a port of this machine and asks for a WebSocket. */
  static async open(
    port: number,
    options: { headers?: Record<string, string>; key?: string; path?: string } = {},
  ): Promise<RawSocket> {
    const { headers = {}, key = "dGhlIHNhbXBsZSBub25jZQ==", path = "/ws" } = options;
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      ...(key === "" ? [] : [`Sec-WebSocket-Key: ${key}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    const socket = new RawSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    await socket.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    return socket;
  }

  /** Writes bytes as they are. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#connection.write(bytes.subarray(written));
    }
  }

  /** Writes one frame, masked as a client's must be. */
  async writeFrame(
    payload: Uint8Array,
    options: { opcode?: number; isFinal?: boolean; reserved?: number } = {},
  ): Promise<void> {
    const { opcode = Opcode.text, isFinal = true, reserved = 0 } = options;
    const frame = encodeFrame({ isFinal, opcode, mask: MASK, payload });
    frame[0]! |= reserved;
    await this.write(frame);
  }

  /** Sends one message. */
  async say(message: Record<string, unknown>): Promise<void> {
    await this.writeFrame(new TextEncoder().encode(JSON.stringify(message)));
  }

  /** Reads until `text` has come by. Returns what was read. */
  async readUntil(text: string): Promise<string> {
    let seen = "";
    let searched = 0;
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    while (!seen.includes(text, searched)) {
      searched = Math.max(0, seen.length - text.length);
      const length = await this.#connection.read(buffer);
      if (length === null) {
        throw new Error(`The connection ended before ${text} came: ${seen.slice(0, 1_000)}`);
      }
      seen += decoder.decode(buffer.subarray(0, length), { stream: true });
    }
    return seen;
  }

  /**
   * Reads on to the end of the connection. Returns the code and the reason of the close frame that
   * came by, or `undefined` if none did. Call it once the handshake has been read.
   */
  async readClose(): Promise<{ code: number; reason: string } | undefined> {
    const frames = new FrameReader({ isMasked: false, maxPayloadBytes: Infinity });
    const buffer = new Uint8Array(65_536);
    for (;;) {
      // A connection that is reset ends like one that is closed.
      const length = await this.#connection.read(buffer).catch(() => null);
      if (length === null) return undefined;
      const close = frames.push(buffer.subarray(0, length))
        .find(({ opcode }) => opcode === Opcode.close);
      if (close === undefined) continue;
      const { payload } = close;
      const code = payload.length < 2 ? 1005 : payload[0]! * 256 + payload[1]!;
      return { code, reason: new TextDecoder().decode(payload.subarray(2)) };
    }
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#connection.close();
  }
}
