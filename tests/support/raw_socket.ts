/**
 * A WebSocket over plain TCP for what a well-behaved client cannot do: it drops the connection
 * without a closing handshake, stops reading, and writes frames of any shape (RFC 6455, section 5.2).
 */

const MASK = [1, 2, 3, 4] as const;
const FIN = 0x80;
/** Opcodes of RFC 6455, section 5.2. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, pong: 10 } as const;
/** Longest header of a server's frame: it does not mask. */
const MAX_HEADER = 10;

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
    const { length } = payload;
    const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const frame = new Uint8Array(2 + size + MASK.length + length);
    const view = new DataView(frame.buffer);
    frame[0] = (isFinal ? FIN : 0) | reserved | opcode;
    frame[1] = 0x80 | (size === 0 ? length : size === 2 ? 126 : 127);
    if (size === 2) view.setUint16(2, length);
    if (size === 8) view.setBigUint64(2, BigInt(length));
    frame.set(MASK, 2 + size);
    const at = 2 + size + MASK.length;
    for (let n = 0; n < length; n++) frame[at + n] = payload[n]! ^ MASK[n % 4]!;
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
    let rest = new Uint8Array(0);
    const buffer = new Uint8Array(65_536);
    for (;;) {
      // A connection that is reset ends like one that is closed.
      const length = await this.#connection.read(buffer).catch(() => null);
      if (length === null) return undefined;
      const bytes = new Uint8Array(rest.length + length);
      bytes.set(rest);
      bytes.set(buffer.subarray(0, length), rest.length);
      let from = 0;
      for (;;) {
        const frame = frameAt(bytes.subarray(from));
        if (frame === undefined) break;
        from += frame.length;
        if (frame.opcode !== Opcode.close) continue;
        const { payload } = frame;
        const code = payload.length < 2 ? 1005 : payload[0]! * 256 + payload[1]!;
        return { code, reason: new TextDecoder().decode(payload.subarray(2)) };
      }
      rest = bytes.slice(from);
    }
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#connection.close();
  }
}

/** The first frame in `bytes`, if it is whole. */
function frameAt(
  bytes: Uint8Array,
): { opcode: number; payload: Uint8Array; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const short = bytes[1]! & 0x7f;
  const header = short < 126 ? 2 : short === 126 ? 4 : MAX_HEADER;
  if (bytes.length < header) return undefined;
  const size = short < 126
    ? short
    : short === 126
    ? view.getUint16(2)
    : Number(view.getBigUint64(2));
  if (bytes.length < header + size) return undefined;
  const payload = bytes.subarray(header, header + size);
  return { opcode: bytes[0]! & 0x0f, payload, length: header + size };
}
