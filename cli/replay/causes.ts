/**
 * What had to happen before what. A capture has the order in which one machine saw things, but what
 * counts is the order in which the server took them: a replay may send a message only when everything
 * has come that every client received before the effects of that message. Then the server takes the
 * requests of different clients in the captured order, at any speed. Pure.
 *
 * An effect is put down to the latest action that may have caused it. That is never too early, so no
 * action waits for what comes of it; where it is too late, the order is merely held less strictly.
 */
import { fieldsOf } from "../verify/mod.ts";
import type { Action, Received, Script, ScriptedConnection } from "./script.ts";

type Fields = Record<string, unknown>;
/** An action with the connection that does it. */
type Done = { readonly action: Action; readonly by: ScriptedConnection };
/** Lines of one capture in their order: what was done and what came. */
type Moment =
  | ({ readonly line: number; readonly kind: "done" } & Done)
  | {
    readonly line: number;
    readonly kind: "came";
    readonly received: Received;
    readonly to: ScriptedConnection;
    readonly position: number;
  };

/** Fills in the `needs` of every action of `script`. */
export function findNeeds(script: Script): void {
  const causes = new Causes();
  const moments = momentsOf(script);
  for (const moment of moments) {
    if (moment.kind === "done") causes.did(moment);
    else causes.answered(moment.received, moment.to);
  }
  causes.rewind();
  const affected = new WeakMap<Action, Set<ScriptedConnection>>();
  const counts = new Map<ScriptedConnection, number>();
  const missed = new Map<ScriptedConnection, number>();
  for (const moment of moments) {
    if (moment.kind === "done") {
      causes.did(moment);
      if (moment.action.kind !== "connect") {
        need(moment.action, moment.by, counts.get(moment.by) ?? 0);
      }
      continue;
    }
    const { received, to, position } = moment;
    counts.set(to, position + 1);
    // What a resume brings was done before it (rule RE4), so its place says nothing of the order.
    const late = missed.get(to) ?? 0;
    missed.set(to, late > 0 ? late - 1 : missedIn(received));
    if (late > 0) continue;
    const action = causes.causeOf(received, to);
    if (action === undefined) continue;
    const known = affected.get(action) ?? new Set();
    affected.set(action, known);
    // Of several effects at one connection the first is what everything before had to precede.
    if (!known.has(to)) need(action, to, position);
    known.add(to);
  }
}

/** `action` waits for `count` messages of `connection`. */
function need(action: Action, connection: ScriptedConnection, count: number): void {
  if (count > (action.needs.get(connection) ?? 0)) action.needs.set(connection, count);
}

/** How many messages follow that were kept for this client. */
function missedIn({ message }: Received): number {
  const { type, missed } = fieldsOf(message) ?? {};
  return type === "resumed" && typeof missed === "number" ? missed : 0;
}

function momentsOf({ clients }: Script): Moment[] {
  const moments: Moment[] = [];
  for (const by of clients.flatMap(({ connections }) => connections)) {
    for (const action of by.actions) moments.push({ line: action.line, kind: "done", action, by });
    by.received.forEach((received, position) => {
      moments.push({ line: received.line, kind: "came", received, to: by, position });
    });
  }
  // An end that is inferred has the line of the message that tells it, and comes before it.
  const rank = ({ kind }: Moment) => kind === "done" ? 0 : 1;
  return moments.sort((a, b) => a.line - b.line || rank(a) - rank(b));
}

/** Who did what last, as far as the capture has been read. */
class Causes {
  /** By connection and request id. */
  readonly #requests = new Map<ScriptedConnection, Map<string, Action>>();
  /** The action behind each chat and data message, by what its sender's own copy says. */
  readonly #deliveries = new Map<string, Action>();
  /** The connection by which a user is, or was last, in a room. */
  readonly #seats = new Map<string, ScriptedConnection>();
  /** Whose seat a resume token is. */
  readonly #tokens = new Map<unknown, string>();
  /** By type and by connection, or for all. */
  #last = new Map<string, Action>();
  #lastBy = new Map<ScriptedConnection, Map<string, Action>>();

  /** Reads the capture once more, with what is known of seats and deliveries. */
  rewind(): void {
    this.#last = new Map();
    this.#lastBy = new Map();
  }

  did({ action, by }: Done): void {
    const fields = action.kind === "send" ? fieldsOf(action.message) : undefined;
    const type = action.kind === "send" ? String(fields?.type) : action.kind;
    this.#last.set(type, action);
    entry(this.#lastBy, by).set(type, action);
    if (fields?.requestId !== undefined) {
      entry(this.#requests, by).set(JSON.stringify(fields.requestId), action);
    }
    if (type === "join" && typeof fields?.userId === "string") this.#seats.set(fields.userId, by);
    const resumed = type === "resume" ? this.#tokens.get(fields?.resumeToken) : undefined;
    if (resumed !== undefined) this.#seats.set(resumed, by);
  }

  /** The first reading: what the answers tell of their requests. */
  answered({ message }: Received, to: ScriptedConnection): void {
    const fields = fieldsOf(message) ?? {};
    const { type, userId, requestId, resumeToken } = fields;
    if (type === "joined" && typeof userId === "string") {
      this.#seats.set(userId, to);
      if (resumeToken !== undefined) this.#tokens.set(resumeToken, userId);
    }
    if ((type !== "chat" && type !== "data") || requestId === undefined) return;
    const action = this.#requests.get(to)?.get(JSON.stringify(requestId));
    if (action !== undefined) this.#deliveries.set(deliveryKey(fields), action);
  }

  /** The action that `received` comes of, if that can be said. */
  causeOf({ message }: Received, to: ScriptedConnection): Action | undefined {
    const fields = fieldsOf(message) ?? {};
    const { type, userId, from, requestId } = fields;
    if (requestId !== undefined) {
      const action = this.#requests.get(to)?.get(JSON.stringify(requestId));
      if (action !== undefined) return action;
    }
    switch (type) {
      case "chat":
      case "data":
        return this.#deliveries.get(deliveryKey(fields)) ?? this.#lastOf(from, type);
      case "offer":
      case "answer":
      case "ice-candidate":
      case "mute":
        return this.#lastOf(from, type);
      case "user-joined":
      case "knock":
        return this.#lastOf(userId, "join");
      case "user-left":
      case "knock-ended":
        return this.#departure(fields);
      case "participant-updated":
        return this.#update(fields);
      case "room-updated":
        return later(this.#last.get("lock"), this.#last.get("lobby"));
      case "joined":
        return later(this.#lastBy.get(to)?.get("join"), this.#last.get("admit"));
      case "leaved":
        return fields.reason === "left"
          ? this.#lastBy.get(to)?.get("leave")
          : this.#departure(fields);
      default:
        return undefined; // Of no request: the welcome, a host that changes, an error.
    }
  }

  #departure({ userId, reason }: Fields): Action | undefined {
    switch (reason) {
      case "left":
        return this.#lastOf(userId, "leave");
      case "kicked":
        return this.#last.get("kick");
      case "denied":
        return this.#last.get("deny");
      case "room-ended":
        return this.#last.get("end-room");
      case "disconnected":
        return this.#lastOf(userId, "end");
      default:
        return undefined; // By the clock, or by what the server measured.
    }
  }

  #update({ userId, connected }: Fields): Action | undefined {
    if (connected === undefined) return this.#lastOf(userId, "state");
    return connected === true ? this.#last.get("resume") : this.#lastOf(userId, "end");
  }

  #lastOf(userId: unknown, type: string): Action | undefined {
    const seat = typeof userId === "string" ? this.#seats.get(userId) : undefined;
    return seat === undefined ? undefined : this.#lastBy.get(seat)?.get(type);
  }
}

function deliveryKey({ type, from, messageId, text, payload }: Fields): string {
  return JSON.stringify([type, from, messageId, text, payload]);
}

function later(one: Action | undefined, other: Action | undefined): Action | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.line > other.line ? one : other;
}

function entry(
  maps: Map<ScriptedConnection, Map<string, Action>>,
  connection: ScriptedConnection,
): Map<string, Action> {
  const known = maps.get(connection);
  if (known !== undefined) return known;
  const fresh = new Map<string, Action>();
  maps.set(connection, fresh);
  return fresh;
}
