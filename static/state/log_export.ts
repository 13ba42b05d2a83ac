/**
 * The log as JSON lines: one object a line with `at`, `user`, `direction`, `message` and `client`, as
 * the command line's captures have them (`cli/trace/capture_format.ts`): `replay` plays a download.
 */
import type { LogEntry } from "./signaling_log.ts";

/** One line, without its end. The order of the keys is part of the format. */
export function toJsonLine(entry: LogEntry): string {
  const { at, user, direction, message, client } = entry;
  return JSON.stringify({ at, user, direction, message: message ?? null, client });
}

/** All lines, each with its end. */
export function toJsonLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${toJsonLine(entry)}\n`).join("");
}

/** The name of the file: sorts by time, and holds nothing that a file system objects to. */
export function exportFileName(roomId: string | undefined, at: number): string {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
  return `signalbox-${roomId ?? "no-room"}-${stamp}.jsonl`;
}
