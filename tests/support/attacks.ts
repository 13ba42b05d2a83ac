/**
 * What hostile clients do to a server, one function each: it attacks, waits for the end that the
 * server makes of it, and returns that end. For the tests of the hostile network and for its bench.
 */
import { RawSocket } from "./raw_socket.ts";

const encoder = new TextEncoder();
/** The bit that says that a frame is compressed (RFC 7692, section 6). */
const RSV1 = 0x40;

/** How the server ended it: the close frame, or `undefined` where the connection just ended. */
export type Ending = { code: number; reason: string } | undefined;

/** Attacks the server on a port of this machine. */
export type Attack = (port: number) => Promise<readonly Ending[]>;

/** By what they are. */
export const attacks = {
  "a message of 700 MB in fragments": (port) =>
    against(port, async (socket) => {
      const part = new Uint8Array(50_000_000).fill(0x61);
      for (let n = 0; n < 14; n++) {
        await socket.writeFrame(part, { opcode: n === 0 ? 1 : 0, isFinal: n === 13 });
      }
    }),
  "a frame of 64 MB": (port) =>
    against(port, (socket) => socket.writeFrame(new Uint8Array(64_000_000).fill(0x61))),
  "100,000 fragments of a byte": (port) =>
    against(port, async (socket) => {
      const part = new Uint8Array(1).fill(0x61);
      for (let n = 0; n < 100_000; n++) {
        await socket.writeFrame(part, { opcode: n === 0 ? 1 : 0, isFinal: false });
      }
    }),
  "a flood of 60 kB messages": (port) =>
    against(port, async (socket) => {
      const payload = "x".repeat(60_000);
      await socket.say({ type: "join", roomId: "flood", userId: "flooder" });
      for (let n = 0; n < 20_000; n++) await socket.say({ type: "data", to: "flooder", payload });
    }),
  "a flood of small messages": (port) =>
    against(port, async (socket) => {
      for (let n = 0; n < 100_000; n++) await socket.say({ type: "ping", at: n });
    }),
  "a reader that stalls": (port) => stall(port),
  "a zip bomb with permessage-deflate": (port) =>
    against(port, async (socket) => {
      const zeros = new Blob([new Uint8Array(64_000_000)]).stream();
      const bomb = await new Response(zeros.pipeThrough(new CompressionStream("deflate-raw")))
        .bytes();
      await socket.writeFrame(bomb, { reserved: RSV1 });
    }, { "Sec-WebSocket-Extensions": "permessage-deflate" }),
  "a text that is not UTF-8": (port) =>
    against(port, (socket) => socket.writeFrame(new Uint8Array([0x7b, 0xc0, 0xaf, 0x7d]))),
  "a frame that comes byte by byte": (port) =>
    against(port, async (socket) => {
      const length = 200_000;
      const header = new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
      new DataView(header.buffer).setUint32(6, length);
      await socket.write(header);
      for (let n = 0; n < length; n++) await socket.write(new Uint8Array(1));
    }),
  "50 handshakes that come byte by byte": (port) => Promise.all(times(50, () => drip(port))),
  "2,000 connections that send nothing": (port) => Promise.all(times(2_000, () => silence(port))),
} as const satisfies Record<string, Attack>;

/** One of {@linkcode attacks}. */
export type AttackName = keyof typeof attacks;

/** Shakes hands, then sends until it is done or the server has had enough. */
async function against(
  port: number,
  send: (socket: RawSocket) => Promise<void>,
  headers: Record<string, string> = {},
): Promise<readonly Ending[]> {
  const socket = await RawSocket.open(port, { headers });
  await socket.readUntil("\r\n\r\n");
  // The server stops to read whom it closes, so a write may never end until the connection does.
  const sending = send(socket).catch(() => {});
  const ending = await socket.readClose();
  socket.drop();
  await sending;
  return [ending];
}

/** Reads nothing while others send it 20 MB, until they hear that it was given up. */
async function stall(port: number): Promise<readonly Ending[]> {
  const room = { type: "join", roomId: "stall" };
  const stalled = await RawSocket.open(port);
  await stalled.readUntil("\r\n\r\n");
  await stalled.say({ ...room, userId: "stalled" });
  const description = { type: "offer", sdp: "x".repeat(60_000) };
  const heard = await Promise.all(times(2, async () => {
    const sender = await RawSocket.open(port);
    const { promise: joined, resolve } = Promise.withResolvers<void>();
    const listening = (async () => {
      await sender.readUntil('"joined"');
      resolve();
      return await sender.readUntil('"slow-consumer"');
    })();
    await sender.say(room);
    await joined;
    for (let n = 0; n < 180; n++) await sender.say({ type: "offer", to: "stalled", description });
    return await listening.finally(() => sender.drop());
  }));
  stalled.drop();
  return heard.map(() => ({ code: 1008, reason: "slow-consumer" }));
}

/** Sends a handshake a byte at a time, and never its last. */
async function drip(port: number): Promise<Ending> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = encoder.encode("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n");
  for (let n = 0; n < bytes.length; n++) await connection.write(bytes.subarray(n, n + 1));
  await readToEnd(connection);
  return undefined;
}

async function silence(port: number): Promise<Ending> {
  await readToEnd(await Deno.connect({ hostname: "127.0.0.1", port }));
  return undefined;
}

async function readToEnd(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1_024);
  // A connection that is reset ends like one that is closed.
  while (await connection.read(buffer).catch(() => null) !== null) continue;
  connection.close();
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
