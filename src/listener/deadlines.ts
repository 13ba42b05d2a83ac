/**
 * The connections of one HTTP server and how long each may take: to send the headers of a request,
 * to send its body, to take the answer, to begin the next. The runtime's own `headersTimeout` has no effect (measured on
 * Deno 2.9.6), and the time of a TLS handshake counts here too. The `ws` listener owns one.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Cancel, Clock } from "../base/mod.ts";

/** From the connection, or from the last answer, to the end of the next request's headers. */
const HEADERS_MS = 10_000;
/** From a request's headers to the end of its body; the longest is a kilobyte. */
const BODY_MS = 30_000;
/** A reader that takes nothing of an answer for so long is given up; an answer may have no end. */
const ANSWER_MS = 30_000;
/** How often a stopping server looks whether the answers under way are out. */
const POLL_MS = 10;

/** One TCP connection that speaks HTTP. */
type Held = { readonly socket: Socket; cancel: Cancel; answering: number };

/** Ends the connections that take too long. */
export class Deadlines {
  readonly #clock: Clock;
  // A TLS socket and the connection beneath are two objects, but they have one address.
  readonly #open = new Map<string, Held>();

  /** Holds no connection at first. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many connections are open, WebSockets included. */
  get size(): number {
    return this.#open.size;
  }

  /** A connection was accepted; its handshake, if it has one, is still to come. */
  accepted(socket: Socket): void {
    const key = keyOf(socket);
    const held: Held = { socket, cancel: () => {}, answering: 0 };
    this.#open.set(key, held);
    this.#limit(held, HEADERS_MS);
    socket.once("close", () => {
      held.cancel();
      if (this.#open.get(key) === held) this.#open.delete(key);
    });
  }

  /** The headers of a request are complete. */
  requested(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const held = this.#open.get(keyOf(incoming.socket));
    if (held === undefined) return;
    held.answering++;
    if (hasBody(incoming)) this.#limit(held, BODY_MS);
    else this.#limitAnswer(held, outgoing);
    incoming.once("end", () => {
      // The end of a body that nobody reads comes behind the answer: the next deadline runs already.
      if (held.answering > 0) held.cancel();
    });
    outgoing.once("close", () => {
      held.answering--;
      if (held.answering === 0) this.#limit(held, HEADERS_MS);
    });
  }

  /** The connection leaves HTTP: whoever has it now bounds it. */
  upgraded(socket: Socket): void {
    this.#open.get(keyOf(socket))?.cancel();
  }

  /** Waits up to `maxMs` for the answers under way, then ends every connection. */
  async end(maxMs: number): Promise<void> {
    const endAt = this.#clock.elapsed() + maxMs;
    const isAnswering = () => [...this.#open.values()].some(({ answering }) => answering > 0);
    while (isAnswering() && this.#clock.elapsed() < endAt) {
      await new Promise<void>((resolve) => this.#clock.after(POLL_MS, resolve));
    }
    for (const { socket } of [...this.#open.values()]) socket.destroy();
  }

  /** The end of a body that is empty comes when somebody reads it: what counts is the answer. */
  #limitAnswer(held: Held, outgoing: ServerResponse, takenBefore = -1): void {
    this.#limit(held, ANSWER_MS, () => {
      const { socket: { bytesWritten, writableLength } } = held;
      const taken = bytesWritten - writableLength;
      const isRead = outgoing.headersSent && (writableLength === 0 || taken > takenBefore);
      if (isRead) this.#limitAnswer(held, outgoing, taken);
      else held.socket.destroy();
    });
  }

  #limit(held: Held, ms: number, late = () => void held.socket.destroy()): void {
    held.cancel();
    if (held.socket.destroyed) return;
    held.cancel = this.#clock.after(ms, late);
  }
}

/** RFC 9112, section 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
