/** Ports of this machine, for programs that must be told one and cannot say which they took. */
import { createSocket } from "node:dgram";

/** A port that nobody listened on a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A UDP port that nobody had a moment ago, with as many free behind it as `more` says. */
export async function freeUdpPort(more = 0): Promise<number> {
  for (;;) {
    const first = randomPort();
    const ports = Array.from({ length: more + 1 }, (_, n) => first + n);
    const free = await Promise.all(ports.map(isFreeUdpPort));
    if (!free.includes(false)) return first;
  }
}

/** Whether somebody listens on a port now. */
export async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

function randomPort(): number {
  return 20_000 + crypto.getRandomValues(new Uint16Array(1))[0]! % 12_000;
}

async function isFreeUdpPort(port: number): Promise<boolean> {
  try {
    await (await bindUdpPort(port))();
    return true;
  } catch {
    return false; // Whatever is the matter, it is not to be had.
  }
}

/** Takes a UDP port of every address. Returns what gives it back. */
export async function bindUdpPort(port: number): Promise<() => Promise<void>> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, () => resolve());
  });
  return () => new Promise<void>((resolve) => socket.close(() => resolve()));
}
