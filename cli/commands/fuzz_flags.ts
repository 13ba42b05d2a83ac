/**
 * The flags of `fuzz`, and the text of its `--help`.
 */
import { type FlagTable, numberOf, readFlags, textOf, UsageError } from "../arguments.ts";
import type { FuzzSettings } from "../fuzz/fuzz.ts";

/** What the user asked for. */
export type FuzzFlags = {
  readonly settings: FuzzSettings;
  /** Runs with one seed after the other. */
  readonly runs: number;
  /** The server; undefined: start one. */
  readonly url: string | undefined;
  /** A saved schedule to take instead of random ones. */
  readonly replay: string | undefined;
  /** Where a schedule that failed is written; undefined: a file named after the seed. */
  readonly save: string | undefined;
  readonly isJson: boolean;
};

/** What the command does, its flags, examples and exit codes. */
export const FUZZ_HELP: string =
  `Take random schedules against a Signalbox server and, in step, in a model of it.

Usage: deno task fuzz [--flag value ...]

Users join, leave, drop, resume, take over their own seats, chat, relay, moderate, wait in
lobbies, stop reading, send garbage, alone and all at once, over real sockets. After each step
everything that each of them heard has to be what the rules of PROTOCOL.md say, message for
message: nothing missing, twice, out of order, for somebody else, or of a room they are not in.
A schedule that breaks a rule is made as short as it can be, printed and saved.

  --seed N             repeats the schedules [random, printed]
  --steps N            steps of a run [500]
  --runs N             runs, with one seed after the other [1]
  --users N            users [6]
  --rooms N            rooms with names; one more has a code [3]
  --url URL            the server, ws(s):// or http(s)://, with nobody else on it; without it
                       one is started in this process on a free port
  --replay FILE        takes the schedule of that file
  --save FILE          where a schedule that failed is written [fuzz-SEED.json]
  --json               one JSON document on the output
  --help               this text

Exit codes
  0  every rule held            1  a rule is broken: which, by which steps
  2  a flag cannot be used      3  no connection to --url          130  interrupted

Examples
  deno task fuzz
  deno task fuzz --seed 7 --steps 2000
  deno task fuzz --runs 20 --json
  deno task fuzz --url http://127.0.0.1:8080 --users 3
  deno task fuzz --replay fuzz-7.json
`;

const TABLE: FlagTable = {
  seed: "string",
  steps: "string",
  runs: "string",
  users: "string",
  rooms: "string",
  url: "string",
  replay: "string",
  save: "string",
  json: "boolean",
};
const MAX_SEED = 2 ** 31 - 1;

/** Reads the flags; `"help"` when they ask for it. Throws UsageError. */
export function readFuzzFlags(args: readonly string[]): FuzzFlags | "help" {
  const flags = readFlags(args, TABLE);
  if (flags.help) return "help";
  const whole = (name: string, from: number, to: number) =>
    numberOf(flags, name, { from, to, isWhole: true });
  const replay = textOf(flags, "replay");
  const random = ["seed", "steps", "runs"].find((name) => flags[name] !== undefined);
  if (replay !== undefined && random !== undefined) {
    throw new UsageError(`Cannot use --${random} with --replay: the file says what is done`);
  }
  return {
    settings: {
      seed: whole("seed", 0, MAX_SEED) ?? newSeed(),
      steps: whole("steps", 1, 1e7) ?? 500,
      users: whole("users", 1, 50) ?? 6,
      rooms: whole("rooms", 1, 50) ?? 3,
    },
    runs: whole("runs", 1, 100_000) ?? 1,
    url: textOf(flags, "url"),
    replay,
    save: textOf(flags, "save"),
    isJson: flags.json === true,
  };
}

/** A seed short enough to be typed again. */
function newSeed(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 1;
}
