/**
 * A received message as a line for people. Whatever came is shown: an unknown type, or a known one of
 * another shape, as JSON. Text from others loses its control characters first.
 */
import { fieldsOf } from "../verify/mod.ts";
import type { Stream } from "../terminal.ts";
import { printable } from "../report/words.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One line for `message`; `self` is the own user id. */
export function textOfMessage(message: unknown, { style }: Stream, self: string): string {
  const fields = fieldsOf(message);
  const text = fields === undefined ? undefined : describe(fields, self);
  if (text === undefined) return style("dim", printable(JSON.stringify(message) ?? "nothing"));
  const colour = fields?.type === "error" ? "red" : fields?.type === "chat" ? undefined : "dim";
  const line = printable(text);
  return colour === undefined ? line : style(colour, line);
}

function describe(fields: Fields, self: string): string | undefined {
  const { type, roomId, userId, reason, from, to } = fields;
  switch (type) {
    case "welcome":
      return `Connected: ${fields.protocol}, connection ${fields.connectionId}`;
    case "joined":
      return `You are in room "${roomId}" as ${userId}, with ${others(fields, self)}`;
    case "user-joined":
      return `→ ${userId} joined`;
    case "user-left":
      return `← ${userId} left (${reason})`;
    case "leaved":
      return `You left room "${roomId}" (${reason})`;
    case "chat":
      return `${from}${to === undefined ? "" : ` to ${to}`}: ${fields.text}`;
    case "participant-updated":
      return `${userId} shows ${stateOf(fields.state)}`;
    case "room-created":
      return `Room "${roomId}" is reserved`;
    case "ok":
      return "Done";
    case "error":
      return `${fields.message} [${fields.code}]`;
    default:
      return undefined;
  }
}

function others({ users, userId }: Fields, self: string): string {
  if (!Array.isArray(users)) return "a roster that cannot be read";
  const names = users.filter((name) => name !== userId && name !== self);
  return names.length === 0 ? "nobody else yet" : names.join(", ");
}

function stateOf(state: unknown): string {
  const entries = Object.entries(fieldsOf(state) ?? {});
  return entries.map(([name, isOn]) => `${name} ${isOn ? "on" : "off"}`).join(", ") || "nothing";
}
