/**
 * A typed line as a command. Pure; the interactive client reads every line with it.
 */
import { fieldsOf } from "../verify/mod.ts";

/** What a line asks for. */
export type LineCommand =
  | { readonly kind: "join"; readonly userId: string; readonly roomId: string }
  | { readonly kind: "leave" }
  | { readonly kind: "chat"; readonly text: string; readonly to: string | undefined }
  | { readonly kind: "send"; readonly frame: string }
  | { readonly kind: "state"; readonly changes: Readonly<Record<string, boolean>> }
  | { readonly kind: "ping" }
  | { readonly kind: "users" }
  | { readonly kind: "raw"; readonly isOn: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" }
  | { readonly kind: "wrong"; readonly problem: string };

/** The commands with what each takes and does, in the order of `help`. */
export const COMMANDS = {
  join: { takes: "USER ROOM", does: "enter a room" },
  leave: { takes: "", does: "leave it" },
  chat: { takes: "[@USER] TEXT", does: "say something to everyone, or to one" },
  users: { takes: "", does: "who is in the room" },
  state: {
    takes: "audio=on hand=off …",
    does: "show microphone, video, screen, hand as on or off",
  },
  ping: { takes: "", does: "how long the server takes to answer" },
  send: { takes: "{JSON}", does: "send any message, as it is" },
  raw: { takes: "on|off", does: "print messages as they came" },
  help: { takes: "", does: "this text" },
  quit: { takes: "", does: "leave and end (Ctrl-D)" },
} as const;

/** What `state` can change. */
export const STATE_NAMES = ["audio", "video", "screen", "hand", "recording"] as const;

/** Reads one line. Never throws. */
export function readLine(line: string): LineCommand {
  const trimmed = line.trim();
  if (trimmed === "") return { kind: "nothing" };
  const [word = "", ...words] = trimmed.split(/\s+/);
  const rest = trimmed.slice(word.length).trim();
  switch (word) {
    case "join":
      return readJoin(words);
    case "chat":
      return readChat(rest);
    case "send":
      return readSend(rest);
    case "state":
      return readState(words);
    case "raw":
      if (rest !== "on" && rest !== "off") return wrong("raw");
      return { kind: "raw", isOn: rest === "on" };
    case "leave":
    case "users":
    case "ping":
    case "help":
    case "quit":
      return rest === "" ? { kind: word } : wrong(word);
    case "exit":
      return { kind: "quit" };
    default:
      return { kind: "wrong", problem: `Cannot do "${word}": try help` };
  }
}

function readJoin(words: readonly string[]): LineCommand {
  const [userId, roomId] = words;
  if (userId === undefined || roomId === undefined || words.length > 2) return wrong("join");
  return { kind: "join", userId, roomId };
}

function readChat(rest: string): LineCommand {
  const match = /^@(\S+)\s+(.+)$/s.exec(rest);
  if (match !== null) return { kind: "chat", to: match[1], text: match[2] ?? "" };
  return rest === "" || rest.startsWith("@")
    ? wrong("chat")
    : { kind: "chat", to: undefined, text: rest };
}

function readSend(rest: string): LineCommand {
  try {
    if (fieldsOf(JSON.parse(rest)) !== undefined) return { kind: "send", frame: rest };
  } catch {
    // Not JSON: the line below says what is.
  }
  return {
    kind: "wrong",
    problem: 'Cannot send: expected a JSON object, like send {"type":"ping"}',
  };
}

function readState(words: readonly string[]): LineCommand {
  const changes: Record<string, boolean> = {};
  for (const word of words) {
    const match = /^(\w+)=(on|off)$/.exec(word);
    const name = STATE_NAMES.find((name) => name === match?.[1]);
    if (match === null || name === undefined) return wrong("state");
    changes[name] = match[2] === "on";
  }
  return words.length === 0 ? wrong("state") : { kind: "state", changes };
}

function wrong(word: keyof typeof COMMANDS): LineCommand {
  return {
    kind: "wrong",
    problem: `Cannot ${word}: expected ${word} ${COMMANDS[word].takes}`.trim(),
  };
}
