/**
 * Replies of the model: the answer to a request, its refusal, and who is meant by an addressee. The
 * requests and the connections of the model share them. Pure but for the state.
 */
import type { Message } from "./pattern.ts";
import {
  type Connection,
  type Expected,
  type State,
  type Stay,
  tell,
  tellConnection,
} from "./state.ts";

/** A refusal: a code, and the rule behind it. */
export type Refusal = readonly [code: string, rule: string];

/** Answers with an error that has one of these codes. */
export function refuse(
  state: State,
  connection: Connection,
  { requestId }: Message,
  refusals: readonly Refusal[],
): void {
  const values = refusals.map(([code]) => code);
  const message = {
    type: "error",
    code: { hole: "one of", values },
    message: { hole: "text" },
    ...(requestId === undefined ? {} : { requestId }),
  };
  tellConnection(state, connection, { rule: refusals[0]![1], message });
}

/** `ok`, where the sender wants an answer (rule ME4). */
export function confirm(state: State, connection: Connection, request: Message): void {
  if (request.requestId !== undefined) answer(state, connection, request, "ME4", { type: "ok" });
}

/** The reply to a request, with its id. */
export function answer(
  state: State,
  connection: Connection,
  { requestId }: Message,
  rule: string,
  reply: Message,
): void {
  const repeated = requestId === undefined ? {} : { requestId };
  tellConnection(state, connection, { rule, message: { ...reply, ...repeated } });
}

/** Tells the room but `stay`. */
export function tellOthers(state: State, stay: Stay, expected: Expected): void {
  for (const other of stay.room.members) if (other !== stay) tell(state, other, expected);
}

/** The member that `to` names, or why there is none. */
export function addresseeOf(stay: Stay, { to, from }: Message): Stay | Refusal[] {
  const refusals: Refusal[] = [];
  if (from !== undefined && from !== stay.userId) refusals.push(["not-allowed", "RL4"]);
  if (to === stay.userId) refusals.push(["not-allowed", "RL3"]);
  const found = stay.room.members.find(({ userId }) => userId === to);
  if (found === undefined) refusals.push(["no-such-participant", "RL2"]);
  return refusals.length === 0 ? found! : refusals;
}

/** Whether an addressee was found. */
export function isStay(found: Stay | readonly Refusal[]): found is Stay {
  return !Array.isArray(found);
}
