/**
 * The three relayed messages as links write them. Rule RL1 passes on fields that it does not define:
 * `link` names the pair of connections that a message concerns, so that messages of an earlier pair
 * are known and dropped; `number` counts the offers of one side, and the answer repeats it.
 */
import type { ClientMessageOf, ServerMessage, ServerMessageOf } from "../../src/protocol/mod.ts";

/** The types of the relayed messages. */
type Relayed = "offer" | "answer" | "ice-candidate";

/** What names the pair of connections and the offer. */
export interface LinkFields {
  readonly link: string;
  readonly number?: number;
}

/** A message to the other side, before it has a `to`. */
export type Outgoing = LinkFields & { [T in Relayed]: Omit<ClientMessageOf<T>, "to"> }[Relayed];

/** A relayed message that came in. */
export type Incoming = ServerMessageOf<Relayed>;

/** Whether a message is one for a link. */
export function isIncoming(message: ServerMessage): message is Incoming {
  return message.type === "offer" || message.type === "answer" || message.type === "ice-candidate";
}

/** The fields that the wire passes on unread; undefined where another kind of client sent none. */
export function fieldsOf(
  message: Incoming,
): { readonly link: string | undefined; readonly number: number | undefined } {
  const { link, number }: Record<string, unknown> = { ...message };
  return {
    link: typeof link === "string" ? link : undefined,
    number: typeof number === "number" ? number : undefined,
  };
}
