/**
 * One line between two processes: a JSON object that says whether it is a request, an answer, a
 * refusal or a notice. Both sides encode and decode with this file.
 */
import type { MediaErrorCode } from "../port.ts";

/** Longest line. The statistics of a room of two hundred are half of it. */
export const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** What a line says. */
export type Frame =
  | { readonly is: "request"; readonly id: number; readonly name: string; readonly body: unknown }
  | { readonly is: "answer"; readonly id: number; readonly body: unknown }
  | {
    readonly is: "refusal";
    readonly id: number;
    readonly code: MediaErrorCode;
    readonly message: string;
  }
  | { readonly is: "notice"; readonly name: string; readonly body: unknown };

/** The line, with its end. Throws RangeError for one that is too long. */
export function encodeFrame(frame: Frame): string {
  const line = JSON.stringify(frame);
  if (line.length < MAX_LINE_LENGTH) return `${line}\n`;
  const name = "name" in frame ? `"${frame.name}"` : "an answer";
  throw new RangeError(`Cannot send ${name}: it is longer than ${MAX_LINE_LENGTH} characters`);
}

/** What a line says, or `undefined` for one that no side would write. */
export function decodeFrame(line: string): Frame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // Where the JSON breaks is of no help: the line is none of ours.
  }
  return isFrame(value) ? value : undefined;
}

function isFrame(value: unknown): value is Frame {
  if (typeof value !== "object" || value === null || !("is" in value)) return false;
  const { is, id, name, body, code, message } = value as Record<string, unknown>;
  const hasBody = typeof body === "object" && body !== null;
  const hasId = Number.isSafeInteger(id);
  if (is === "request") return hasId && typeof name === "string" && hasBody;
  if (is === "answer") return hasId && hasBody;
  if (is === "refusal") return hasId && typeof code === "string" && typeof message === "string";
  return is === "notice" && typeof name === "string" && hasBody;
}
