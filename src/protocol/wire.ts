/**
 * How messages become frames and frames become messages again. Server, page and CLI share it; it
 * needs no validator, so the page can carry it. Rules CO4-CO6.
 */
import { MAX_PACKED_LENGTH } from "./limits.ts";

/** The subprotocol that allows several messages in one frame. */
export const SUBPROTOCOL = "signalbox.v1";
/** Where the WebSocket is. */
export const SOCKET_PATH = "/ws";

/**
 * Packs encoded messages into as few frames as rule CO6 allows: one message stands bare, several
 * stand as a JSON array, and no frame is packed beyond about `maxLength` characters.
 */
export function packFrames(
  encoded: readonly string[],
  maxLength: number = MAX_PACKED_LENGTH,
): string[] {
  const frames: string[] = [];
  let from = 0;
  let length = 0;
  for (let index = 0; index < encoded.length; index++) {
    const next = encoded[index]!.length + 1;
    if (index > from && length + next > maxLength) {
      frames.push(packOne(encoded, from, index));
      from = index;
      length = 0;
    }
    length += next;
  }
  if (from < encoded.length) frames.push(packOne(encoded, from, encoded.length));
  return frames;
}

/**
 * The messages of one text frame, in order. Throws SyntaxError when the frame is not JSON; what the
 * messages are is for the receiver to check.
 */
export function unpackFrame(frame: string): unknown[] {
  const value: unknown = JSON.parse(frame);
  return Array.isArray(value) ? value : [value];
}

function packOne(encoded: readonly string[], from: number, to: number): string {
  if (to - from === 1) return encoded[from]!;
  return `[${encoded.slice(from, to).join(",")}]`;
}
