/**
 * A UDP port that relays for one allocation: what an allocation needs of it, and the real one. What
 * comes in is handed on with where it came from; what cannot be sent is lost, as datagrams are.
 */
import { createSocket } from "node:dgram";
import type { Random } from "../base/mod.ts";
import type { TransportAddress } from "./transport_address.ts";

/** Ports that are tried before the range counts as taken by others. */
const MAX_TRIES = 20;

/** Hears of a datagram. */
export type Received = (data: Uint8Array, from: TransportAddress) => void;

/** One port. */
export interface RelayPort {
  readonly port: number;
  /** Sends a datagram, or loses it. */
  send(data: Uint8Array, to: TransportAddress): void;
  /** Gives the port back. Idempotent. */
  close(): void;
}

/** Opens a port; resolves to undefined when none can be had. */
export type OpenRelay = (received: Received) => Promise<RelayPort | undefined>;

/** Ports of this machine, picked at random from a range. */
export function relayPortsIn(
  range: { readonly from: number; readonly to: number },
  options: { bindAddress: string; random: Random },
): OpenRelay {
  const { bindAddress, random } = options;
  return async (received) => {
    for (let tried = 0; tried < MAX_TRIES; tried++) {
      const port = range.from + random.below(range.to - range.from + 1);
      const relay = await openPort(port, bindAddress, received);
      if (relay !== undefined) return relay;
    }
    return undefined;
  };
}

function openPort(
  port: number,
  bindAddress: string,
  received: Received,
): Promise<RelayPort | undefined> {
  const socket = createSocket("udp4");
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  return new Promise((resolve) => {
    socket.on("error", () => resolve(undefined)); // Taken; later ones are of single datagrams.
    socket.on("message", (data, { address, port }) => received(data, { address, port }));
    socket.bind({ port, address: bindAddress, exclusive: true }, () => {
      const send = (data: Uint8Array, to: TransportAddress) => {
        if (isOpen) socket.send(data, to.port, to.address, () => {});
      };
      resolve({ port, send, close });
    });
  }).then((relay) => {
    if (relay === undefined) close();
    return relay as RelayPort | undefined; // What was resolved above.
  });
}
