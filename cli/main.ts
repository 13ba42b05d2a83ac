/**
 * The entry of the command line: finds the command that the first argument names and runs it. Turns
 * what a command rejects with into one line and an exit code.
 *
 * Exit codes: 0 done, 1 something is wrong, 2 usage, 3 no connection, 4 no ffmpeg, 130 interrupted.
 */
import { UsageError } from "./arguments.ts";
import { client } from "./commands/client.ts";
import { doctor } from "./commands/doctor.ts";
import { proxy } from "./commands/proxy.ts";
import { replay } from "./commands/replay.ts";
import { simulate } from "./commands/simulate.ts";
import { token } from "./commands/token.ts";
import type { SessionCommandOptions } from "./commands/whip.ts";
import { interruptSignal } from "./interrupt.ts";
import { systemTerminal, type Terminal } from "./terminal.ts";

/** One command: what it does, and how it runs with the arguments after its name. */
type Command = {
  readonly summary: string;
  /** Resolves to the exit code; rejects with {@linkcode UsageError}. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

const COMMANDS: Readonly<Record<string, Command>> = {
  client: {
    summary: "talk to a server by hand",
    run: (args, terminal) => {
      // `client --auto` is how an older client was told to simulate.
      if (!args.includes("--auto")) return client(args, { terminal });
      return simulate(args, { terminal, signal: interruptSignal() });
    },
  },
  conformance: {
    summary: "check a server against every rule of its protocol",
    // Loaded when it is asked for: it compiles every schema of the server's messages.
    run: async (args, terminal) => {
      const { conformance } = await import("./commands/conformance.ts");
      const tokenSecret = Deno.env.get("TOKEN_SECRET");
      return await conformance(args, { terminal, tokenSecret, signal: interruptSignal() });
    },
  },
  fuzz: {
    summary: "take random schedules, and hold them against a model",
    // Loaded when it is asked for: the generator is larger than everything else here.
    run: async (args, terminal) => {
      const { fuzz } = await import("./commands/fuzz.ts");
      return await fuzz(args, { terminal, signal: interruptSignal() });
    },
  },
  simulate: {
    summary: "let users talk, and verify what they see",
    run: (args, terminal) => simulate(args, { terminal, signal: interruptSignal() }),
  },
  token: {
    summary: "mint an access token",
    run: (args, terminal) => token(args, { terminal, secret: Deno.env.get("TOKEN_SECRET") }),
  },
  proxy: {
    summary: "put faults between clients and a server",
    run: (args, terminal) => proxy(args, { terminal, signal: interruptSignal() }),
  },
  replay: {
    summary: "play a capture again, and compare what comes",
    run: (args, terminal) => replay(args, { terminal, signal: interruptSignal() }),
  },
  whip: {
    summary: "publish files into a room over HTTP",
    // Loaded when it is asked for, as `whep`: the others have no use for media.
    run: async (args, terminal) => {
      const { whip } = await import("./commands/whip.ts");
      return await whip(args, sessionOptions(terminal));
    },
  },
  whep: {
    summary: "watch a room over HTTP, and count what comes",
    run: async (args, terminal) => {
      const { whep } = await import("./commands/whep.ts");
      return await whep(args, sessionOptions(terminal));
    },
  },
  participant: {
    summary: "take part in a room from the terminal, with real media",
    run: async (args, terminal) => {
      const { participant } = await import("./commands/participant.ts");
      return await participant(args, sessionOptions(terminal));
    },
  },
  doctor: {
    summary: "look whether a machine and a server are well",
    run: (args, terminal) =>
      doctor(args, {
        terminal,
        signal: interruptSignal(),
        token: Deno.env.get("SIGNALBOX_TOKEN"),
      }),
  },
};
const USAGE = 2;

/** Runs the command that `args` name; resolves to the exit code. */
async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const isAsked = name === undefined || name === "--help" || name === "-h";
    (isAsked ? terminal.out : terminal.err).write(help());
    return isAsked ? 0 : USAGE;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${error.message}\nThe flags: deno task ${name} --help\n`);
    return USAGE;
  }
}

function sessionOptions(terminal: Terminal): SessionCommandOptions {
  return { terminal, signal: interruptSignal(), token: Deno.env.get("SIGNALBOX_TOKEN") };
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) =>
    `  deno task ${name.padEnd(12)} ${summary}`
  );
  return `Usage: deno task COMMAND [--flag value ...]\n\n${lines.join("\n")}\n\nEach has --help.\n`;
}

if (import.meta.main) Deno.exit(await main(Deno.args, systemTerminal()));
