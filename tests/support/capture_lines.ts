/**
 * Captures written by hand, a word a line, for the tests of `cli/replay`:
 * `ann > {...}` sent, `ann < {...}` received, `ann open`, `ann end 1006`.
 */
import { readScript, type Script } from "../../cli/replay/script.ts";
import { readCapture } from "../../cli/trace/capture_format.ts";

/** The text of a capture; lines are 10 ms apart. */
export function captureOf(...lines: readonly string[]): string {
  return lines.map((line, index) => `${JSON.stringify({ at: index * 10, ...read(line) })}\n`)
    .join("");
}

/** The script of such a capture. */
export function scriptOf(...lines: readonly string[]): Script {
  return readScript(readCapture(captureOf(...lines)));
}

function read(line: string): object {
  const [, user = "", word = "", rest = ""] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? [];
  switch (word) {
    case ">":
      return { user, direction: "out", message: JSON.parse(rest) };
    case "<":
      return { user, direction: "in", message: JSON.parse(rest) };
    case "open":
      return { user, event: "connecting" };
    case "end":
      return { user, event: "ended", code: Number(rest), reason: "" };
    default:
      throw new RangeError(`Cannot read "${line}"`);
  }
}
