/**
 * `deno task client`: talks to a server by hand. On a terminal with a prompt, completion and history;
 * from a pipe line by line, waiting for each reply. `main.ts` calls it.
 */
import { systemClock } from "../../src/base/mod.ts";
import { readFlags, textOf, UsageError } from "../arguments.ts";
import { ConnectError } from "../client.ts";
import { complete } from "../repl/completion.ts";
import { COMMANDS, type LineCommand, readLine } from "../repl/line_command.ts";
import { readLines } from "../repl/piped_lines.ts";
import { Prompt } from "../repl/prompt.ts";
import { Session } from "../repl/session.ts";
import { readTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";

const DEFAULT_URL = "ws://127.0.0.1:8080/ws";
const CONNECT_TIMEOUT_MS = 5_000;
const UNREACHABLE = 3;
const USAGE = 2;
const NO_REPLY = 1;

/** The text of `deno task client --help`. */
export const CLIENT_HELP: string = `Talk to a Signalbox server by hand.

Usage: deno task client [--flag value ...]

  --url URL      the server, ws(s):// or http(s):// [${DEFAULT_URL}]
  --room ID      join this room at once
  --user ID      as this user
  --help         this text

On a terminal it comes back after a lost connection, to its seat or by joining anew.
Then type, or pipe in, one command a line:
${
  Object.entries(COMMANDS).map(([name, { takes, does }]) =>
    `  ${`${name} ${takes}`.padEnd(28)} ${does}`
  ).join("\n")
}

Exit codes
  0  ended by quit or the end of the input     1  a reply did not come
  2  a flag, or a piped line, was no command   3  no connection, or the server ended it

Examples
  deno task client
  deno task client --url wss://rooms.example.org --room test --user ann
  printf 'join ann test\\nchat hi\\nleave\\nquit\\n' | deno task client
`;

/** Runs the command; resolves to the exit code, rejects with {@linkcode UsageError}. */
export async function client(
  args: readonly string[],
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const flags = readFlags(args, { url: "string", room: "string", user: "string" });
  if (flags.help) {
    terminal.out.write(CLIENT_HELP);
    return 0;
  }
  const url = readTarget(textOf(flags, "url") ?? DEFAULT_URL).socketUrl;
  const room = textOf(flags, "room");
  const user = textOf(flags, "user");
  if ((room === undefined) !== (user === undefined)) {
    const [given, missing] = room === undefined ? ["user", "room"] : ["room", "user"];
    throw new UsageError(`Cannot use --${given} without --${missing}`);
  }
  const first: LineCommand | undefined = room === undefined || user === undefined
    ? undefined
    : { kind: "join", roomId: room, userId: user };
  try {
    return await converse(url, first, terminal);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    terminal.err.write(
      `Cannot connect to ${url}: ${error.message}. Start a server with: deno task start\n`,
    );
    return UNREACHABLE;
  }
}

async function converse(
  url: string,
  first: LineCommand | undefined,
  terminal: Terminal,
): Promise<number> {
  const isInteractive = Deno.stdin.isTerminal() && terminal.out.isTty;
  let exitCode = 0;
  let isLost = false;
  let print = (line: string) => terminal.out.write(`${line}\n`);
  let stopReading = () => {};
  const session = await Session.open({
    url,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    clock: systemClock,
    isReturning: isInteractive,
    stream: terminal.out,
    print: (line) => print(line),
    onLost: ({ code, reason }) => {
      print(terminal.out.style("red", `The server ended the connection: ${code} ${reason}`.trim()));
      isLost = true;
      stopReading();
    },
  });
  const input = isInteractive ? openPrompt(session, terminal) : openPipe();
  if (input.print !== undefined) print = input.print;
  stopReading = input.close;
  if (first !== undefined) await session.run(first);
  for await (const line of input.lines) {
    const command = readLine(line);
    if (command.kind === "quit" || isLost) break;
    input.note?.(command);
    if (!await session.run(command) && !isInteractive) exitCode = USAGE;
  }
  input.close();
  await session.close();
  if (isLost) return UNREACHABLE;
  return exitCode === 0 && session.isReplyMissing ? NO_REPLY : exitCode;
}

type Input = {
  readonly lines: AsyncIterable<string>;
  readonly print?: (line: string) => void;
  readonly note?: (command: LineCommand) => void;
  readonly close: () => void;
};

function openPipe(): Input {
  const input = new AbortController();
  return {
    lines: untilAborted(readLines(Deno.stdin.readable), input.signal),
    close: () => input.abort(),
  };
}

/** The lines of a pipe that may stay open for long after nobody wants its lines any more. */
async function* untilAborted(
  lines: AsyncGenerator<string>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { promise: aborted, resolve } = Promise.withResolvers<IteratorReturnResult<undefined>>();
  signal.addEventListener("abort", () => resolve({ done: true, value: undefined }), { once: true });
  for (;;) {
    const next = await Promise.race([lines.next(), aborted]);
    if (next.done) return;
    yield next.value;
  }
}

function openPrompt(session: Session, { out }: Terminal): Input {
  const earlier = { users: new Set<string>(), rooms: new Set<string>() };
  const label = () => {
    const { roomId, userId } = session;
    const place = roomId === undefined ? "signalbox" : `${userId}@${roomId}`;
    return `${out.style(["cyan", "bold"], place)} ${out.style("dim", "›")} `;
  };
  const prompt = new Prompt(label, (line) =>
    complete(line, {
      users: session.users,
      earlier: { users: [...earlier.users], rooms: [...earlier.rooms] },
    }));
  out.write(out.style("dim", "help lists the commands, Tab completes, Ctrl-D ends\n"));
  return {
    lines: prompt.lines(),
    print: (line) => prompt.print(line),
    note: (command) => {
      if (command.kind !== "join") return;
      earlier.users.add(command.userId);
      earlier.rooms.add(command.roomId);
    },
    close: () => prompt.close(),
  };
}
