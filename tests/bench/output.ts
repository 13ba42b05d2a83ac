/**
 * Where the bench prints: its report to standard output, its progress to standard error.
 */
// deno-lint-ignore-file no-console -- A command speaks through the console; the bench here alone.

/** Prints a part of the report. */
export function print(text: string): void {
  console.log(text);
}

/** Prints what goes on. */
export function say(text: string): void {
  console.error(text);
}
