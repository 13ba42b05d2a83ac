/**
 * The flags of `conformance`: defaults, ranges, and what does not go together.
 */
import { type DialectName, DIALECTS } from "../dialects/names.ts";
import { durationOf, type FlagTable, readFlags, textOf, UsageError } from "../arguments.ts";
import type { ListenerKind } from "../conformance/place.ts";

/** What the user asked for. */
export type ConformanceFlags = {
  /** The server; undefined: start some. */
  readonly url: string | undefined;
  readonly dialect: DialectName;
  /** Ids of rules; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly listener: ListenerKind;
  readonly tokenSecret: string | undefined;
  readonly isSlow: boolean;
  readonly timeoutMs: number;
  readonly json: string | undefined;
  readonly junit: string | undefined;
  readonly html: string | undefined;
  readonly isQuiet: boolean;
  readonly isList: boolean;
};

const TABLE: FlagTable = {
  url: "string",
  dialect: "string",
  only: "string",
  listener: "string",
  "token-secret": "string",
  slow: "boolean",
  timeout: "string",
  json: "string",
  junit: "string",
  html: "string",
  quiet: "boolean",
  list: "boolean",
};
const LISTENERS = ["deno", "ws"] as const;
const DEFAULT_TIMEOUT_MS = 5_000;
const MIN_TIMEOUT_MS = 100;

/** Reads the flags; `"help"` when they ask for it. Throws {@linkcode UsageError}. */
export function readConformanceFlags(
  args: readonly string[],
  environment: { readonly tokenSecret: string | undefined },
): ConformanceFlags | "help" {
  const flags = readFlags(args, TABLE);
  if (flags.help) return "help";
  const url = textOf(flags, "url");
  const dialect = oneOf("dialect", textOf(flags, "dialect") ?? "signalbox", DIALECTS);
  const isList = flags.list === true;
  if (dialect !== "signalbox" && url === undefined && !isList) {
    throw new UsageError(`Cannot use --dialect ${dialect} without --url`);
  }
  const listener = textOf(flags, "listener");
  const secret = textOf(flags, "token-secret") ?? environment.tokenSecret;
  return {
    url,
    dialect,
    only: textOf(flags, "only")?.split(",").map((rule) => rule.trim().toUpperCase()),
    listener: listener === undefined ? undefined : oneOf("listener", listener, LISTENERS),
    tokenSecret: secret === "" ? undefined : secret,
    isSlow: flags.slow === true,
    timeoutMs: Math.max(MIN_TIMEOUT_MS, durationOf(flags, "timeout") ?? DEFAULT_TIMEOUT_MS),
    json: textOf(flags, "json"),
    junit: textOf(flags, "junit"),
    html: textOf(flags, "html"),
    isQuiet: flags.quiet === true,
    isList,
  };
}

function oneOf<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`Cannot use --${flag} "${text}": expected ${choices.join(", ")}`);
}
