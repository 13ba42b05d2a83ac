/**
 * What happens to connections in the model: they begin, are closed or lost, take their seats again,
 * and seats that nobody takes are given up (rules LE7, RE3-RE9, ER3). Pure but for the state.
 */
import { refuse } from "./answers.ts";
import { depart, tokenOf } from "./departures.ts";
import { FRAME, reattach } from "./frames.ts";
import type { Message } from "./pattern.ts";
import { carryOut } from "./requests.ts";
import { type Connection, rosterOf, type State, type Stay, tell, tellConnection } from "./state.ts";

/** A garbled frame, and what it is answered. */
export type Garbage = { readonly frame: string; readonly code: string; readonly rule: string };

/** Malformed frames in a row that end a connection (rule ER3). */
export const STRIKES = 10;

/** A user's socket is open and welcomed. */
export function connect(state: State, user: number): Connection {
  const connection = newConnection(state, user);
  state.users[user]!.connection = connection;
  return connection;
}

/** A socket beside the one that the user has: to take its seat over. */
export function newConnection(state: State, user: number): Connection {
  const nothing = { stay: undefined, isSource: false, isStalled: false };
  return { no: state.next++, user, ...nothing, owed: [] };
}

/** The connection answers what it was asked for at the end of a step. */
export function pong(state: State, connection: Connection, at: number): void {
  carryOut(state, connection, { type: "ping", at });
}

/** A connection has ended; `isLost` unless somebody decided it (rules LE7, RE3). */
export function disconnect(state: State, connection: Connection, isLost: boolean): void {
  const { stay } = connection;
  const user = state.users[connection.user]!;
  if (user.connection === connection) user.connection = undefined;
  if (stay === undefined) return;
  if (!isLost || !stay.isResumable) return depart(state, stay, "disconnected");
  stay.connection = undefined;
  connection.stay = undefined;
  stay.missed = connection.owed.filter(({ message }) => message.type !== FRAME)
    .map((expected) => ({ ...expected, isReplay: true }));
  state.lost.push(stay);
  tellConnected(state, stay, false);
}

/** The grace time of the longest lost seat is over (rule RE8). */
export function expire(state: State): void {
  const stay = state.lost[0];
  if (stay !== undefined) depart(state, stay, "timeout");
}

/** The stay that the user's last resume token was for, while it lasts. */
export function resumableStay(state: State, user: number): Stay | undefined {
  const { pass } = state.users[user]!;
  return state.slots.flatMap(({ room }) => room?.members ?? []).find(({ no, isResumable }) =>
    isResumable && no === pass
  );
}

/** `connection` asks for the user's seat. Says whether it got it (rules RE4, RE7-RE9). */
export function resume(state: State, connection: Connection, request: Message): boolean {
  const stay = resumableStay(state, connection.user);
  const isBeyond = request.lastSeq === Number.MAX_SAFE_INTEGER;
  if (connection.stay !== undefined) {
    refuse(state, connection, request, [["already-joined", "RE9"]]);
    return false;
  }
  if (stay === undefined) {
    refuse(state, connection, request, [["resume-expired", "RE8"]]);
    return false;
  }
  if (isBeyond) {
    refuse(state, connection, request, [["bad-message", "RE9"]]);
    return false;
  }
  const before = stay.connection;
  if (before !== undefined) {
    before.stay = undefined;
    state.ended[before.no] = 4001;
  }
  stay.connection = connection;
  connection.stay = stay;
  state.users[connection.user]!.connection = connection;
  state.lost = state.lost.filter((one) => one !== stay);
  tellConnection(state, connection, {
    rule: "RE4",
    message: {
      type: "resumed",
      missed: { hole: "whole number" },
      lastSeq: { hole: "whole number" },
      requestId: request.requestId,
      // Only where more was missed than is kept (rule RE5); who reads it drops it otherwise.
      snapshot: rosterOf(state, stay.room),
    },
  });
  for (const missed of stay.missed) tellConnection(state, connection, missed);
  stay.missed = [];
  reattach(state, stay);
  if (before === undefined) tellConnected(state, stay, true);
  return true;
}

/** The hole that a user's resume token fills; without one, a token that is nobody's. */
export function passOf(state: State, user: number): Message | string {
  const { pass } = state.users[user]!;
  return pass === undefined ? "nobody" : { hole: "secret", name: tokenOf(pass) };
}

/** A malformed frame is answered with its code (rules ME1-ME3, ME6, ID2). */
export function garble(state: State, connection: Connection, { code, rule }: Garbage): void {
  refuse(state, connection, {}, [[code, rule]]);
}

/** Ten malformed frames in a row: the server ends the connection, and the seat (rule ER3). */
export function strikeOut(state: State, connection: Connection, garbage: Garbage): void {
  for (let n = 0; n < STRIKES; n++) garble(state, connection, garbage);
  disconnect(state, connection, false);
  state.ended[connection.no] = 1008;
}

/** The user reads again: what it was owed is told now. */
export function readOn(state: State, connection: Connection): void {
  connection.isStalled = false;
  const { owed } = connection;
  connection.owed = [];
  for (const expected of owed) tellConnection(state, connection, expected);
}

function tellConnected(state: State, stay: Stay, connected: boolean): void {
  const message = { type: "participant-updated", userId: stay.userId, connected };
  for (const other of stay.room.members) {
    if (other !== stay) tell(state, other, { rule: connected ? "RE4" : "RE3", message });
  }
}
