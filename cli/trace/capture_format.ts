/**
 * The format of a capture: JSON lines, one message of one client a line, as `simulate --record` and the
 * download of the test page write them and `replay` reads them.
 *
 *     {"format":"signalbox-capture/1","at":1767225600000}
 *     {"at":1767225600001,"user":"ann","event":"connecting"}
 *     {"at":1767225600004,"user":"ann","event":"opened"}
 *     {"at":1767225600005,"user":"ann","direction":"in","message":{"type":"welcome"}}
 *     {"at":1767225600006,"user":"ann","direction":"out","message":{"type":"join","roomId":"test"}}
 *     {"at":1767225600900,"user":"ann","event":"ended","code":1000,"reason":""}
 *
 * `at` is milliseconds since the epoch; the lines stand in the order in which things happened. `user`
 * names the client; where one client has several names in the course of time, as on the page, `client`
 * says which are the same. A frame that held several messages is a line for each. What was no JSON is
 * `{"raw": "..."}`. The first line and the events may be missing, as they are in the page's download: a
 * connection then begins with its `welcome`. Fields that are not known are ignored.
 */
import Type, { type Static, type TSchema } from "typebox";
import { Compile } from "typebox/compile";

/** The name of the format, in the first line. */
export const CAPTURE_FORMAT = "signalbox-capture/1";

const who = {
  at: Type.Number({ description: "Milliseconds since the epoch." }),
  user: Type.String({ minLength: 1 }),
  client: Type.Optional(Type.Union([Type.String(), Type.Number()])),
};

/** The schema of each kind of line. */
export const captureLines = {
  header: Type.Object({ format: Type.Literal(CAPTURE_FORMAT), at: Type.Optional(Type.Number()) }),
  message: Type.Object({
    ...who,
    direction: Type.Union([Type.Literal("out"), Type.Literal("in")], {
      description: "As the client sees it.",
    }),
    message: Type.Unknown(),
  }),
  event: Type.Object({
    ...who,
    event: Type.Union([Type.Literal("connecting"), Type.Literal("opened"), Type.Literal("ended")]),
    code: Type.Optional(Type.Integer({ description: "With ended; 1006: none came." })),
    reason: Type.Optional(Type.String()),
  }),
};

/** A line about a message. */
export type MessageLine = Static<typeof captureLines.message>;
/** A line about a connection. */
export type EventLine = Static<typeof captureLines.event>;
/** A line with its number in the file, from 1. */
export type CaptureLine =
  & { readonly number: number }
  & (
    | { readonly kind: "message"; readonly line: MessageLine }
    | { readonly kind: "event"; readonly line: EventLine }
  );

/** A line is none of a capture. The message says which and why. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

const header = Compile(captureLines.header);
const message = Compile(captureLines.message);
const event = Compile(captureLines.event);

/** Reads a capture; empty lines are passed over. Throws {@linkcode CaptureError}. */
export function readCapture(text: string): CaptureLine[] {
  const lines: CaptureLine[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const number = index + 1;
    const value = parse(line, number);
    if (isObject(value) && "format" in value) {
      if (!header.Check(value)) throw wrong(number, header, value);
    } else if (isObject(value) && "event" in value) {
      if (!event.Check(value)) throw wrong(number, event, value);
      lines.push({ number, kind: "event", line: value });
    } else {
      if (!message.Check(value)) throw wrong(number, message, value);
      lines.push({ number, kind: "message", line: value });
    }
  });
  return lines;
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new CaptureError(`line ${number} is not JSON`, { cause: error });
  }
}

function wrong(
  number: number,
  validator: ReturnType<typeof Compile<TSchema>>,
  value: unknown,
): CaptureError {
  const [error] = validator.Errors(value);
  const field = error?.instancePath.split("/")[1];
  return new CaptureError(
    `line ${number}${field === undefined ? "" : `, ${field}`}: ${error?.message ?? "unknown"}`,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
