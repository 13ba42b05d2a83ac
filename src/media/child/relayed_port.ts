/**
 * A UDP port in front of the addon's, for browsers that come through a relay over TCP: checks are
 * mended on the way (`tie_breaker.ts`), everything else passes as it is. Browsers find it as a second
 * candidate, which they prefer less. Each of them has a socket here, because the addon tells them
 * apart by where they come from.
 */
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Cancel, Clock } from "../../base/mod.ts";
import { MediaError } from "../port.ts";
import type { Candidate, IceParameters } from "../sfu/transport.ts";
import { mendTieBreaker } from "./tie_breaker.ts";
import { probeUdpPort } from "./udp_port.ts";

/** Browsers at once; each takes a socket and has shown that it knows a password. */
export const MAX_FLOWS = 1_000;
/** A browser that says nothing for so long is gone: it checks every few seconds (RFC 7675). */
export const IDLE_MS = 60_000;
const SWEEP_MS = 10_000;

/** Below every priority that a candidate of the addon has: the direct way is tried first. */
const LAST_PRIORITY = 65_535;

/** What a port is made with. */
export type RelayedPortOptions = {
  readonly port: number;
  /** Where browsers reach it. */
  readonly addresses: readonly string[];
  /** The address to bind; left out: every one. */
  readonly bindAddress?: string | undefined;
  /** The addon's port. */
  readonly target: number;
  readonly clock: Clock;
};

/** One browser. */
type Flow = { readonly socket: Socket; usedAt: number };

/** The port. */
export class RelayedPort {
  readonly #options: RelayedPortOptions;
  readonly #socket: Socket;
  /** Where the addon is: where it was bound, or on this machine. */
  readonly #target: string;
  readonly #passwords = new Map<string, string>();
  readonly #flows = new Map<string, Flow>();
  readonly #cancel: Cancel;

  private constructor(options: RelayedPortOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#target = options.bindAddress ?? "127.0.0.1";
    this.#cancel = options.clock.every(SWEEP_MS, () => this.#sweep());
    socket.on("message", (bytes, { address, port }) => this.#take(bytes, address, port));
    socket.on("error", () => {}); // A datagram that could not be sent is lost, as datagrams are.
  }

  /** Takes the port. Rejects with MediaError `unavailable` when it cannot be had. */
  static async open(options: RelayedPortOptions): Promise<RelayedPort> {
    const { port, bindAddress } = options;
    await probeUdpPort(port, bindAddress);
    const socket = createSocket(familyOf(bindAddress));
    await new Promise<void>((resolve, reject) => {
      socket.once(
        "error",
        (error) =>
          reject(new MediaError("unavailable", `Cannot use UDP port ${port}`, { cause: error })),
      );
      socket.bind({ port, address: bindAddress ?? "0.0.0.0" }, () => resolve());
    });
    socket.removeAllListeners("error");
    return new RelayedPort(options, socket);
  }

  /** How descriptions name it. */
  get candidates(): readonly Candidate[] {
    const { addresses, port } = this.#options;
    return addresses.map((address, index) => ({ address, port, priority: LAST_PRIORITY - index }));
  }

  /** How many browsers come this way. */
  get size(): number {
    return this.#flows.size;
  }

  /** A transport with these credentials begins. */
  add({ usernameFragment, password }: IceParameters): void {
    this.#passwords.set(usernameFragment, password);
  }

  /** It has ended. */
  delete({ usernameFragment }: IceParameters): void {
    this.#passwords.delete(usernameFragment);
  }

  /** Passes nothing on any more. */
  close(): void {
    this.#cancel();
    for (const key of [...this.#flows.keys()]) this.#end(key);
    this.#socket.close();
  }

  #take(bytes: Uint8Array, address: string, port: number): void {
    const key = `${address} ${port}`;
    const known = this.#flows.get(key);
    // RFC 7983: the first byte of STUN is below 4. Media need not be looked at.
    if (known !== undefined && (bytes[0] ?? 255) > 3) return this.#pass(known, bytes);
    const { bytes: mended, isAuthentic } = mendTieBreaker(
      bytes,
      (usernameFragment) => this.#passwords.get(usernameFragment),
    );
    // A stranger gets no socket before it has shown that it knows a password.
    const flow = known ?? (isAuthentic ? this.#begin(key, { address, port }) : undefined);
    if (flow !== undefined) this.#pass(flow, mended);
  }

  #pass(flow: Flow, bytes: Uint8Array): void {
    flow.usedAt = this.#options.clock.elapsed();
    flow.socket.send(bytes, this.#options.target, this.#target);
  }

  #begin(key: string, to: { address: string; port: number }): Flow | undefined {
    if (this.#flows.size >= MAX_FLOWS) return undefined;
    const socket = createSocket(familyOf(this.#target));
    socket.on("message", (bytes) => this.#socket.send(bytes, to.port, to.address));
    socket.on("error", () => this.#end(key));
    const flow = { socket, usedAt: this.#options.clock.elapsed() };
    this.#flows.set(key, flow);
    return flow;
  }

  #end(key: string): void {
    const flow = this.#flows.get(key);
    if (flow === undefined) return;
    this.#flows.delete(key);
    flow.socket.close();
  }

  #sweep(): void {
    const since = this.#options.clock.elapsed() - IDLE_MS;
    for (const [key, { usedAt }] of this.#flows) if (usedAt < since) this.#end(key);
  }
}

function familyOf(address: string | undefined): "udp4" | "udp6" {
  return address !== undefined && isIPv6(address) ? "udp6" : "udp4";
}
