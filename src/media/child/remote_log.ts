/**
 * The log of a media process: what it has to say goes to the server's log, for its own output belongs
 * to the protocol. Bounded, because a fault in the path of packets is one a packet.
 */
import type { Clock, Logger } from "../../base/mod.ts";
import type { Notices } from "../ipc/messages.ts";

/** Lines in a window; what is beyond is counted and said with the next. */
const MAX_LINES = 50;
const WINDOW_MS = 10_000;

type Line = Notices["log"];

/** Hands its lines to `say`. */
export class RemoteLog implements Logger {
  readonly #clock: Clock;
  readonly #say: (line: Line) => void;
  #since = -Infinity;
  #lines = 0;
  #dropped = 0;

  /** Nothing is said yet. */
  constructor(clock: Clock, say: (line: Line) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** See Logger. */
  debug(message: string, fields: Record<string, unknown> = {}): void {
    this.#add("debug", message, fields);
  }

  /** See Logger. */
  info(message: string, fields: Record<string, unknown> = {}): void {
    this.#add("info", message, fields);
  }

  /** See Logger. */
  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.#add("warn", message, fields);
  }

  /** See Logger. */
  error(message: string, fields: Record<string, unknown> = {}): void {
    this.#add("error", message, fields);
  }

  #add(level: Line["level"], message: string, fields: Record<string, unknown>): void {
    const now = this.#clock.elapsed();
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#lines = 0;
    }
    if (this.#lines >= MAX_LINES) {
      this.#dropped++;
      return;
    }
    this.#lines++;
    const dropped = this.#dropped === 0 ? {} : { dropped: this.#dropped };
    this.#dropped = 0;
    this.#say({ level, message, fields: { ...plain(fields), ...dropped } });
  }
}

/** Errors would be `{}` in JSON. */
function plain(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? value.stack ?? `${value}` : value,
    ]),
  );
}
