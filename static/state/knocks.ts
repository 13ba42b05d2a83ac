/** Who waits to be admitted, as a host knows it: a reducer over what the server says (LB3-LB6). */
import type { ServerMessage, UserId } from "../../src/protocol/mod.ts";

/** Somebody who waits. */
export interface Knock {
  readonly userId: UserId;
  readonly name: string;
}

/** Who waits after `message`; the same array when that changes nothing. */
export function reduceKnocks(knocks: readonly Knock[], message: ServerMessage): readonly Knock[] {
  switch (message.type) {
    case "knock": {
      const knock = { userId: message.userId, name: message.name ?? message.userId };
      return [...without(knocks, message.userId), knock];
    }
    case "knock-ended":
    case "user-joined":
      return without(knocks, message.userId);
    case "joined": // The server tells a host anew who waits.
    case "leaved":
      return knocks.length === 0 ? knocks : [];
    default:
      return knocks;
  }
}

function without(knocks: readonly Knock[], userId: UserId): readonly Knock[] {
  const rest = knocks.filter((knock) => knock.userId !== userId);
  return rest.length === knocks.length ? knocks : rest;
}
