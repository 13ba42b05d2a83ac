/**
 * The signaling log: the last messages of every connection of the page, both ways. It is bounded and
 * counts what it dropped; {@linkcode filterEntries} picks, `log_export.ts` writes it out.
 */

/** So many entries stay: some minutes of a busy room, and a few megabytes at most. */
export const MAX_LOG_ENTRIES = 2_000;

/** Which way a message went, as the page sees it. */
export type Direction = "out" | "in";

/** One message on one connection. */
export interface LogEntry {
  /** Grows by one with each entry, from 1. */
  readonly id: number;
  /** Milliseconds since the Unix epoch, by the browser's clock. */
  readonly at: number;
  /** The user id of the connection, or its label while it has none. */
  readonly user: string;
  /** Whose connections it was: 0 for our own, else the simulated user's number. The name may change. */
  readonly client: number;
  readonly direction: Direction;
  /** The message's type, or `raw` for a frame that has none. */
  readonly type: string;
  readonly message: unknown;
  /** The message as compact JSON: what a row shows and the text filter searches. */
  readonly json: string;
}

/** A message to be added. */
export type NewEntry = Pick<LogEntry, "user" | "direction" | "message"> & {
  /** Default: 0, our own. */
  readonly client?: number;
};

/** What passes. */
export interface LogFilter {
  /** Part of the message's JSON, whatever the case; empty: all. */
  readonly text: string;
  /** One message type; empty: all. */
  readonly type: string;
  /** One user; empty: all. */
  readonly user: string;
  /** One direction; empty: both. */
  readonly direction: Direction | "";
  /** Whether `ping` and `pong` pass; they say nothing that the round-trip time does not. */
  readonly pings: boolean;
}

/** Everything but the pings. */
export const OPEN_FILTER: LogFilter = { text: "", type: "", user: "", direction: "", pings: false };

/** The bounded log. */
export class SignalingLog {
  readonly #maxEntries: number;
  #entries: LogEntry[] = [];
  #lastId = 0;
  #dropped = 0;

  /** A log of `maxEntries` at most. */
  constructor(maxEntries: number = MAX_LOG_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  /** The entries, oldest first; a copy. */
  get entries(): readonly LogEntry[] {
    return this.#entries.slice(-this.#maxEntries);
  }

  /** How many entries had to go for newer ones since the log was last emptied. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a message. */
  add(entry: NewEntry & { readonly at: number }): void {
    const json = JSON.stringify(entry.message) ?? "null";
    const type = typeOf(entry.message);
    this.#entries.push({ client: 0, ...entry, id: ++this.#lastId, type, json });
    if (this.#entries.length <= this.#maxEntries) return;
    this.#dropped += 1;
    // Cutting the array for each entry would cost as much as all entries: cut it now and then.
    if (this.#entries.length >= this.#maxEntries * 2) {
      this.#entries = this.#entries.slice(-this.#maxEntries);
    }
  }

  /** Forgets everything; ids go on. */
  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
  }
}

/** The entries that pass `filter`, in order. */
export function filterEntries(entries: readonly LogEntry[], filter: LogFilter): LogEntry[] {
  const text = filter.text.trim().toLowerCase();
  return entries.filter((entry) =>
    (filter.pings || (entry.type !== "ping" && entry.type !== "pong")) &&
    (filter.direction === "" || entry.direction === filter.direction) &&
    (filter.type === "" || entry.type === filter.type) &&
    (filter.user === "" || entry.user === filter.user) &&
    (text === "" || entry.json.toLowerCase().includes(text))
  );
}

/** The values that a filter can choose from, sorted. */
export function choicesIn(entries: readonly LogEntry[]): { types: string[]; users: string[] } {
  const types = new Set<string>();
  const users = new Set<string>();
  for (const entry of entries) {
    types.add(entry.type);
    users.add(entry.user);
  }
  return { types: [...types].sort(), users: [...users].sort() };
}

function typeOf(message: unknown): string {
  if (typeof message === "object" && message !== null && "type" in message) {
    if (typeof message.type === "string") return message.type;
  }
  return "raw";
}
