/**
 * A capture as a script: connection by connection what the client did, and what it received. Pure.
 * `readScript` makes it from the lines of a capture, and fills in what a capture without events leaves
 * open: where connections began and ended.
 */
import type { CaptureLine } from "../trace/capture_format.ts";
import { fieldsOf } from "../verify/mod.ts";

/** What a client does. */
export type Action =
  & {
    /** The line of the capture that shows it; of an end that is inferred, the line that tells it. */
    readonly line: number;
    /** When, in milliseconds since the capture began. */
    readonly atMs: number;
    /** How many messages of which connection came before it must be done; see `causes.ts`. */
    readonly needs: Map<ScriptedConnection, number>;
  }
  & (
    | { readonly kind: "connect" }
    | { readonly kind: "send"; readonly message: unknown }
    | { readonly kind: "end"; readonly code: number }
  );

/** What a client received: a message, or the end of its connection by the server. */
export type Received = {
  readonly line: number;
  readonly message: unknown;
};

/** One connection of one client. */
export type ScriptedConnection = {
  /** The client, by the first name that the capture gives it. */
  readonly user: string;
  readonly actions: Action[];
  readonly received: Received[];
  /** The handshake was done, as far as the capture tells. */
  isOpened: boolean;
};

/** A client with its connections, one after the other. */
export type ScriptedClient = {
  readonly user: string;
  readonly connections: ScriptedConnection[];
};

/** Everything that was captured. */
export type Script = {
  readonly clients: readonly ScriptedClient[];
  /** How long the capture took. */
  readonly durationMs: number;
};

/** Close codes by which clients end a connection; 1006 is one that was dropped (rules CO9, RE3). */
const OWN_CODES = [1000, 1005, 1006, 4000];
/** No close code came: the connection was dropped. */
const DROPPED = 1006;
/** Ends that the server takes for a loss, after which it keeps the seat of one who may resume. */
export const LOST_CODES: readonly number[] = [DROPPED, 4000];
const NORMAL = 1000;
/** Messages that come by the clock; how many there are depends on the speed. */
const PERIODIC = ["stats-summary"];

/** Whether a message comes by the clock alone, and is not compared. */
export function isPeriodic(message: unknown): boolean {
  const type = fieldsOf(message)?.type;
  return typeof type === "string" && PERIODIC.includes(type);
}

/** What stands for the end of a connection by the server among what was received. */
export function serverEnd(code: number): object {
  return { type: "(connection ended)", code };
}

/** Reads the lines of a capture. */
export function readScript(lines: readonly CaptureLine[]): Script {
  const reader = new ScriptReader(lines[0]?.line.at ?? 0);
  for (const line of lines) reader.take(line);
  const clients = [...reader.clients.values()];
  const tellers = clients.flatMap(({ connections }) => connections);
  for (const client of clients) inferEnds(client, tellers, reader.times);
  return { clients, durationMs: reader.lastAtMs };
}

class ScriptReader {
  readonly clients = new Map<string | number, ScriptedClient>();
  /** When each line was written. */
  readonly times = new Map<number, number>();
  lastAtMs = 0;
  readonly #startedAt: number;
  readonly #open = new Map<ScriptedClient, ScriptedConnection>();

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  take({ number, kind, line }: CaptureLine): void {
    const client = this.#clientOf(line.client ?? line.user, line.user);
    // Clocks may be set back; the order of the lines counts.
    const atMs = Math.max(this.lastAtMs, line.at - this.#startedAt);
    this.lastAtMs = atMs;
    this.times.set(number, atMs);
    const place = { line: number, atMs };
    if (kind === "event") this.#event(client, place, line);
    else if (line.direction === "out") {
      const connection = this.#open.get(client) ?? this.#begin(client, place);
      connection.isOpened = true;
      connection.actions.push({ ...place, needs: new Map(), kind: "send", message: line.message });
    } else if (!isPeriodic(line.message)) {
      this.#receive(client, place, line.message);
    }
  }

  #event(
    client: ScriptedClient,
    place: { line: number; atMs: number },
    { event, code = DROPPED }: { event: string; code?: number },
  ): void {
    if (event === "connecting") {
      this.#begin(client, place);
      return;
    }
    const connection = this.#open.get(client);
    if (connection === undefined) return;
    if (event === "opened") connection.isOpened = true;
    if (event !== "ended") return;
    this.#open.delete(client);
    if (OWN_CODES.includes(code)) {
      connection.actions.push({ ...place, needs: new Map(), kind: "end", code });
    } else {
      connection.received.push({ line: place.line, message: serverEnd(code) });
    }
  }

  #receive(client: ScriptedClient, place: { line: number; atMs: number }, message: unknown): void {
    let connection = this.#open.get(client);
    const isGreeting = fieldsOf(message)?.type === "welcome";
    if (connection === undefined || (isGreeting && connection.received.length > 0)) {
      connection = this.#begin(client, place);
    }
    connection.isOpened = true;
    connection.received.push({ line: place.line, message });
  }

  #begin(client: ScriptedClient, place: { line: number; atMs: number }): ScriptedConnection {
    const connection: ScriptedConnection = {
      user: client.user,
      actions: [{ ...place, needs: new Map(), kind: "connect" }],
      received: [],
      isOpened: false,
    };
    client.connections.push(connection);
    this.#open.set(client, connection);
    return connection;
  }

  #clientOf(key: string | number, user: string): ScriptedClient {
    const known = this.clients.get(key);
    if (known !== undefined) return known;
    const client: ScriptedClient = { user, connections: [] };
    this.clients.set(key, client);
    return client;
  }
}

/**
 * A capture without events does not say when a connection ended. Another client may: it is told that
 * the user left without `leave`, or lost its connection. Else it ended before the client's next one.
 */
function inferEnds(
  { connections }: ScriptedClient,
  tellers: readonly ScriptedConnection[],
  times: ReadonlyMap<number, number>,
): void {
  connections.forEach((connection, index) => {
    if (endOf(connection) !== undefined) return;
    const next = connections[index + 1]?.actions[0];
    const after = lastLineOf(connection);
    const before = next?.line ?? Infinity;
    const told = whenTold(connection, tellers, { after, before });
    const line = told?.line ?? next?.line;
    if (line === undefined) return;
    const atMs = times.get(line) ?? 0;
    const code = told?.code ?? DROPPED;
    connection.actions.push({ line, atMs, needs: new Map(), kind: "end", code });
  });
}

/** The end that the capture gives a connection, by either side. */
export function endOf(connection: ScriptedConnection): number | undefined {
  const last = connection.actions.at(-1);
  if (last?.kind === "end") return last.code;
  const message = fieldsOf(connection.received.at(-1)?.message);
  return message?.type === "(connection ended)" ? Number(message.code) : undefined;
}

function whenTold(
  connection: ScriptedConnection,
  tellers: readonly ScriptedConnection[],
  { after, before }: { after: number; before: number },
): { line: number; code: number } | undefined {
  const seats = new Set(connection.received.flatMap(({ message }) => {
    const { type, userId } = fieldsOf(message) ?? {};
    return type === "joined" ? [userId] : [];
  }));
  let first: { line: number; code: number } | undefined;
  for (const teller of tellers) {
    if (teller === connection) continue;
    for (const { line, message } of teller.received) {
      const { type, userId, reason, connected } = fieldsOf(message) ?? {};
      if (line <= after || line >= (first?.line ?? before) || !seats.has(userId)) continue;
      // Rule RE3: a seat is kept for a connection that is lost, not for one that says goodbye.
      if (type === "user-left" && reason === "disconnected") first = { line, code: NORMAL };
      if (type === "participant-updated" && connected === false) first = { line, code: DROPPED };
    }
  }
  return first;
}

function lastLineOf({ actions, received }: ScriptedConnection): number {
  return Math.max(actions.at(-1)?.line ?? 0, received.at(-1)?.line ?? 0);
}
