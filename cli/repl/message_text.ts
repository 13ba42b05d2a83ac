/**
 * A received message as a line for people. Whatever came is shown: an unknown type, or a known one of
 * another shape, as JSON. Text from others loses its control characters first.
 */
import { fieldsOf, wordOf } from "../verify/mod.ts";
import type { Stream } from "../terminal.ts";
import { printable } from "../report/words.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One line for `message`; `self` is the own user id. */
export function textOfMessage(message: unknown, { style }: Stream, self: string): string {
  const fields = fieldsOf(message);
  const text = fields === undefined ? undefined : describe(fields, self);
  if (text === undefined) return style("dim", printable(wordOf(message)));
  const colour = fields?.type === "error" ? "red" : fields?.type === "chat" ? undefined : "dim";
  const line = printable(text);
  return colour === undefined ? line : style(colour, line);
}

function describe(fields: Fields, self: string): string | undefined {
  const of = (name: string) => wordOf(fields[name]);
  switch (fields.type) {
    case "welcome":
      return `Connected: ${of("protocol")}, connection ${of("connectionId")}`;
    case "joined":
      return `You are in room "${of("roomId")}" as ${of("userId")}, with ${others(fields, self)}`;
    case "user-joined":
      return `→ ${of("userId")} joined`;
    case "user-left":
      return `← ${of("userId")} left (${of("reason")})`;
    case "leaved":
      return `You left room "${of("roomId")}" (${of("reason")})`;
    case "chat":
      return `${of("from")}${fields.to === undefined ? "" : ` to ${of("to")}`}: ${of("text")}`;
    case "participant-updated":
      if (fields.connected === false) {
        return `${of("userId")} lost the connection, and may come back`;
      }
      if (fields.connected === true) return `${of("userId")} is back`;
      return `${of("userId")} shows ${stateOf(fields.state)}`;
    case "resumed":
      return fields.snapshot === undefined
        ? `You are back, with ${of("missed")} messages to catch up on`
        : "You are back; what was said meanwhile is lost";
    case "lagged":
      return `You read too slowly and missed ${of("dropped")} messages`;
    case "snapshot":
      return `The room now: ${others(fields, self)}`;
    case "room-created":
      return `Room "${of("roomId")}" is reserved`;
    case "ok":
      return "Done";
    case "error":
      return `${of("message")} [${of("code")}]`;
    default:
      return undefined;
  }
}

function others({ users, userId }: Fields, self: string): string {
  if (!Array.isArray(users)) return "a roster that cannot be read";
  const names = users.filter((name) => name !== userId && name !== self).map(wordOf);
  return names.length === 0 ? "nobody else yet" : names.join(", ");
}

function stateOf(state: unknown): string {
  const entries = Object.entries(fieldsOf(state) ?? {});
  return entries.map(([name, isOn]) => `${name} ${isOn ? "on" : "off"}`).join(", ") || "nothing";
}
