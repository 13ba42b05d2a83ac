/**
 * Frames as the messages that a reader of a report wants to see: one by one, with their type, cut where
 * they are long, and without what must not stand in a file that is passed around. The timeline makes
 * them.
 */
import { unpackFrame } from "../../src/protocol/wire.ts";
import type { Direction } from "./frame_trace.ts";

/** Characters of a message that are kept: a chat whole, an SDP by its beginning. */
export const MAX_MESSAGE_LENGTH = 600;
/** A type is a word; a server that sends another kind is shown with its first letters. */
const MAX_TYPE_LENGTH = 40;
/** Fields whose holder may do something with them: rules RE1, CR5, TK1, PC2; and TURN credentials. */
const SECRETS =
  /"(token|resumeToken|hostKey|passcode|credential)"(\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)/g;

/** One message of a connection, or a word about the connection itself. */
export type TracedMessage = {
  /** Milliseconds since the run began. */
  readonly at: number;
  /** `note`: about the connection, in brackets. */
  readonly direction: Direction | "note";
  readonly type: string;
  /** JSON, cut and without secrets. */
  readonly text: string;
};

/** The messages of one frame in order; what is no JSON is one message of type `(no JSON)`. */
export function messagesOf(
  frame: string,
  { at, direction }: Pick<TracedMessage, "at" | "direction">,
): TracedMessage[] {
  const values = valuesOf(frame);
  if (values === undefined) return [{ at, direction, type: "(no JSON)", text: shown(frame) }];
  return values.map((value) => {
    return { at, direction, type: typeOf(value), text: shown(JSON.stringify(value)) };
  });
}

/** The frame's values; of a frame that was cut those that are whole. */
function valuesOf(frame: string): unknown[] | undefined {
  const end = frame.lastIndexOf("},{");
  for (const text of [frame, ...end > 0 ? [`${frame.slice(0, end)}}]`] : []]) {
    try {
      return unpackFrame(text);
    } catch {
      // No JSON as it stands: perhaps without its last message, which was cut.
    }
  }
  return undefined;
}

function typeOf(value: unknown): string {
  const isTyped = typeof value === "object" && value !== null && "type" in value;
  const type = isTyped && typeof value.type === "string" ? value.type : "(no type)";
  return copied(type.slice(0, MAX_TYPE_LENGTH));
}

function shown(text: string): string {
  const safe = text.slice(0, 2 * MAX_MESSAGE_LENGTH).replace(SECRETS, '"$1"$2"(hidden)"');
  if (safe.length <= MAX_MESSAGE_LENGTH && text.length <= 2 * MAX_MESSAGE_LENGTH) {
    return copied(safe);
  }
  return copied(`${safe.slice(0, MAX_MESSAGE_LENGTH)}…`);
}

/** The text for itself: a part of a string keeps the whole in memory. A half character is lost. */
export function copied(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}
