/**
 * Files that a command writes because a flag names them: reports, schedules. One that cannot be written
 * is an error of usage that names the flag.
 */
import { UsageError } from "./arguments.ts";

/** Writes what `makeText` returns to `path`; nothing without a path. Throws {@linkcode UsageError}. */
export function writeOutput(
  flag: string,
  path: string | undefined,
  makeText: () => string,
): void {
  if (path === undefined) return;
  try {
    Deno.writeTextFileSync(path, makeText());
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --${flag} "${path}": ${reason}`, { cause: error });
  }
}
