/**
 * A WebSocket over plain TCP for what a well-behaved client cannot do: it drops the connection
 * without a closing handshake, stops reading, and writes frames of any shape (RFC 6455, section 5.2).
 */

const MASK = [1, 2, 3, 4] as const;
const FIN = 0x80;
/** Opcodes of RFC 6455, section 5.2. */
export const Opcode = { continuation: 0, text: 1, binary: 2 } as const;

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
    options: { opcode?: number; isFinal?: boolean } = {},
  ): Promise<void> {
    const { opcode = Opcode.text, isFinal = true } = options;
    const { length } = payload;
    const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const frame = new Uint8Array(2 + size + MASK.length + length);
    const view = new DataView(frame.buffer);
    frame[0] = (isFinal ? FIN : 0) | opcode;
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
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    while (!seen.includes(text)) {
      const length = await this.#connection.read(buffer);
      if (length === null) throw new Error(`The connection ended before ${text} came: ${seen}`);
      seen += decoder.decode(buffer.subarray(0, length), { stream: true });
    }
    return seen;
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#connection.close();
  }
}
