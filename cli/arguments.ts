/**
 * Flags into values, for both commands: unknown flags, missing values and bad numbers become one
 * clear line that names the flag ({@linkcode UsageError}, exit code 2). The only module that knows
 * `parseArgs`.
 */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** What the user typed cannot be run. The message is one line that names the flag. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The flags of a command: `string` takes a value, `list` one each time it is given, `boolean` none. */
export type FlagTable = Readonly<Record<string, "string" | "boolean" | "list">>;
/** What was given. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const DURATION_UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads `args` by `table`; throws {@linkcode UsageError}. `-h` and `--help` are always known. */
export function readFlags(args: readonly string[], table: FlagTable): Flags {
  const options: NonNullable<ParseArgsConfig["options"]> = {
    help: { type: "boolean", short: "h" },
  };
  for (const [name, type] of Object.entries(table)) {
    options[name] = type === "list" ? { type: "string", multiple: true } : { type };
  }
  try {
    const { values } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: false,
    });
    return values as Flags; // Only the flags that are declared a list hold strings in one.
  } catch (error) {
    // parseArgs throws a TypeError whose first sentence says what is wrong, after a code.
    const sentence = error instanceof Error ? error.message.split(/\.(?:\s|$)/)[0] : `${error}`;
    throw new UsageError(`${sentence?.replace(/\s+/g, " ")}`, { cause: error });
  }
}

/** The text of flag `name`, if it was given. */
export function textOf(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  if (value === "") throw new UsageError(`Cannot use --${name} "": it is empty`);
  return typeof value === "string" ? value : undefined;
}

/** What flag `name` was given, each time. */
export function listOf(flags: Flags, name: string): readonly string[] {
  const values = flags[name];
  return Array.isArray(values) ? values : [];
}

/** The number of flag `name`, if it was given. */
export function numberOf(
  flags: Flags,
  name: string,
  range: { from: number; to: number; isWhole?: boolean },
): number | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  const { from, to, isWhole = false } = range;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= from && value <= to && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? "a whole number" : "a number";
  throw new UsageError(`Cannot use --${name} "${text}": expected ${kind} from ${from} to ${to}`);
}

/** The duration of flag `name` in milliseconds, if it was given: `500ms`, `10s`, `2m`, `1h`. */
export function durationOf(flags: Flags, name: string): number | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot use --${name} "${text}": expected a duration like 500ms, 10s, 2m`);
  }
  const unit = match[2] as keyof typeof DURATION_UNITS_MS; // The expression allows only these.
  return Number(match[1]) * DURATION_UNITS_MS[unit];
}
