/** The last lines of a room's chat, as a reducer over what the server says (rules CH1-CH3). */
import type { ServerMessage, UserId } from "../../src/protocol/mod.ts";
import { nameIn, type Roster } from "./roster.ts";

/** So many lines stay: what a reader scrolls back to; the log has the rest. */
export const MAX_CHAT_LINES = 200;

/** One line of the chat. */
export interface ChatLine {
  /** Unique; `messageId` alone begins anew when a server does. */
  readonly key: string;
  readonly from: UserId;
  /** What the sender was called when it wrote. */
  readonly name: string;
  readonly text: string;
  /** Set when the line was for one participant alone. */
  readonly to: UserId | undefined;
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly at: number;
}

/** The chat after `message`; `roster` names the sender. */
export function reduceChat(
  lines: readonly ChatLine[],
  message: ServerMessage,
  roster: Roster,
): readonly ChatLine[] {
  if (message.type !== "chat") return lines;
  const line: ChatLine = {
    key: `${message.at}:${message.messageId}`,
    from: message.from,
    name: nameIn(roster, message.from),
    text: message.text,
    to: message.to,
    at: message.at,
  };
  return [...lines, line].slice(-MAX_CHAT_LINES);
}
