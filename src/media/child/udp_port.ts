/**
 * Asks whether a UDP port can be had, by binding it for a moment. The addon ends the process where a
 * port is taken, and says nothing of why.
 */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { MediaError } from "../port.ts";

/**
 * Resolves when `port` is free on `address` (left out: on every address). Rejects with MediaError
 * `unavailable` that says what holds it.
 */
export async function probeUdpPort(port: number, address?: string): Promise<void> {
  const socket = createSocket(address !== undefined && isIPv6(address) ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ port, address: address ?? "0.0.0.0", exclusive: true }, resolve);
    });
  } catch (error) {
    const place = address === undefined ? `UDP port ${port}` : `UDP port ${port} of ${address}`;
    throw new MediaError("unavailable", `Cannot use ${place}: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException; // A socket's errors are Node's.
  if (code === "EADDRINUSE") return "another program has it";
  if (code === "EADDRNOTAVAIL") return "the address is not one of this machine";
  if (code === "EACCES") return "the system does not permit it";
  return message;
}
