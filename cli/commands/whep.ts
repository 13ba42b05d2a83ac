/**
 * `deno task whep`: watches a room by WHEP, as a player would, and tells what comes. `main.ts` calls
 * it.
 */
import { readFlags } from "../arguments.ts";
import { SessionViewer } from "../media/session_viewer.ts";
import { runSession } from "./run_session.ts";
import { readSessionFlags, SESSION_HELP, SESSION_TABLE } from "./session_flags.ts";
import type { SessionCommandOptions } from "./whip.ts";

const HELP = `Watch a room by WHEP, and tell every second what comes in which m-line.

Usage: deno task whep --room ID [--flag value ...]

  --from ID        of this participant alone [of everybody]
${SESSION_HELP}

It takes sound and picture of up to four participants and decodes nothing.

Exit codes
  0  media came                1  nothing came, refused, not connected, or ended by the server
  2  a flag cannot be used     3  nobody answers at --url

Examples
  deno task whep --room test
  deno task whep --room test --from ann
  deno task whep --url https://rooms.example.org --room test --seconds 10 --json
`;

/** Runs `deno task whep`; resolves to the exit code. Rejects with UsageError. */
export async function whep(
  args: readonly string[],
  { terminal, signal, token }: SessionCommandOptions,
): Promise<number> {
  const given = readFlags(args, { ...SESSION_TABLE, from: "string" });
  if (given.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  const flags = readSessionFlags(given, { kind: "whep", environmentToken: token });
  return await runSession({
    ...{ kind: "whep", flags, terminal, signal },
    media: (engine, time) => new SessionViewer({ engine, time }),
  });
}
