/**
 * The entry of the command line: `client`, `simulate` and `token`. Turns what a command rejects with into one
 * line and an exit code.
 *
 * Exit codes: 0 done, 1 a broadcast is wrong, 2 usage, 3 no connection, 130 interrupted.
 */
import { UsageError } from "./arguments.ts";
import { client } from "./commands/client.ts";
import { simulate } from "./commands/simulate.ts";
import { token } from "./commands/token.ts";
import { systemTerminal, type Terminal } from "./terminal.ts";

const HELP = `Usage: deno task client [--flag value ...]      talk to a server by hand
       deno task simulate [--flag value ...]    let users talk, and verify what they see
       deno task token --room ID --user ID      mint an access token

Each has --help.
`;
const USAGE = 2;
const INTERRUPTED = 130;

/** Runs the command that `args` name; resolves to the exit code. */
async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = args;
  try {
    // `client --auto` is how an older client was told to simulate.
    if (command === "simulate" || (command === "client" && rest.includes("--auto"))) {
      return await simulate(rest, { terminal, signal: interruptSignal() });
    }
    if (command === "client") return await client(rest, { terminal });
    if (command === "token") {
      return await token(rest, { terminal, secret: Deno.env.get("TOKEN_SECRET") });
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\nThe flags: deno task ${command} --help\n`);
    return USAGE;
  }
  const isAsked = command === undefined || command === "--help" || command === "-h";
  (isAsked ? terminal.out : terminal.err).write(HELP);
  return isAsked ? 0 : USAGE;
}

/** Aborts at the first Ctrl-C, so that the run can end in order; the second ends it at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) Deno.exit(INTERRUPTED);
    controller.abort();
  };
  for (const signal of ["SIGINT", ...Deno.build.os === "windows" ? [] : ["SIGTERM"]]) {
    Deno.addSignalListener(signal as Deno.Signal, interrupt); // Both names are signals.
  }
  return controller.signal;
}

if (import.meta.main) Deno.exit(await main(Deno.args, systemTerminal()));
