/**
 * The command line of the bench.
 */
import { parseArgs } from "node:util";
import { FAMILIES, type Family } from "./servers.ts";
import { type Kind, KINDS } from "./workloads/mod.ts";

/** What `--help` prints. */
export const HELP = `Measures Signalbox against minimal ws, socket.io and Bun servers.

Usage: deno task bench [options]

  --rounds N        rounds over all servers, of which medians are taken (default 3)
  --only LIST       of ${KINDS.join(", ")} (default all)
  --servers LIST    of ${FAMILIES.join(", ")} (default all)
  --markdown        print Markdown tables, as in the README
  --json            print every measurement as JSON
  --help            print this

Needs Linux and npm; the first run installs the peers' packages into .cache/bench.
The exit code is 1 when a server failed or a delivery is missing, 2 when an option is wrong.`;

/** The options, checked. */
export type Options = {
  readonly rounds: number;
  readonly only: readonly Kind[];
  readonly servers: readonly Family[];
  readonly format: "text" | "markdown" | "json";
};

/** Reads the command line: the options, or that help is asked for. Throws TypeError on bad ones. */
export function readOptions(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "3" },
      only: { type: "string", default: KINDS.join(",") },
      servers: { type: "string", default: FAMILIES.join(",") },
      markdown: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError(`Cannot run --rounds ${values.rounds}: it is not a whole number from 1`);
  }
  return {
    rounds,
    only: listOf("only", values.only, KINDS),
    servers: listOf("servers", values.servers, FAMILIES),
    format: values.json ? "json" : values.markdown ? "markdown" : "text",
  };
}

function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(",").map((word) => {
    const found = known.find((one) => one === word.trim());
    if (found === undefined) {
      throw new TypeError(`Cannot use --${option} ${word}: it is none of ${known.join(", ")}`);
    }
    return found;
  });
}
