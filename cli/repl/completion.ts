/**
 * What Tab offers: commands, then what fits behind each. Pure; readline asks it.
 */
import { COMMANDS, STATE_NAMES } from "./line_command.ts";

/** What completion knows of the session. */
export type CompletionContext = {
  /** Who is in the room. */
  readonly users: readonly string[];
  /** Users and rooms that were typed before. */
  readonly earlier: { readonly users: readonly string[]; readonly rooms: readonly string[] };
};

/** The candidates for the last word of `line`, and that word, as readline wants them. */
export function complete(line: string, context: CompletionContext): [string[], string] {
  const words = line.split(/\s+/);
  const last = words.at(-1) ?? "";
  const candidates = words.length <= 1
    ? Object.keys(COMMANDS).map((name) => `${name} `)
    : argumentsOf(words, context);
  return [candidates.filter((candidate) => candidate.startsWith(last)), last];
}

function argumentsOf(words: readonly string[], context: CompletionContext): string[] {
  switch (words[0]) {
    case "join":
      if (words.length === 2) return context.earlier.users.map((name) => `${name} `);
      return words.length === 3 ? [...context.earlier.rooms] : [];
    case "chat":
      return words.length === 2 ? context.users.map((name) => `@${name} `) : [];
    case "state":
      return STATE_NAMES.flatMap((name) => [`${name}=on `, `${name}=off `]);
    case "raw":
      return ["on", "off"];
    case "send":
      return words.length === 2 ? ['{"type":"'] : [];
    default:
      return [];
  }
}
