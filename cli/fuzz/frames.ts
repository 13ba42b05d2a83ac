/** Relayed frames of a fuzz run: from the model's words to bytes, and back. */
import { decodeRelayFrame, encodeRelayFrame } from "../../src/protocol/mod.ts";
import { FRAME, type ShownFrame } from "../model/frames.ts";
import type { Message } from "../model/pattern.ts";

/** The bytes of a frame; its payload is told by its number too. */
export function bytesOf(
  { kind, isKey, number }: ShownFrame & { readonly number: number },
): Uint8Array {
  const [width, height] = kind === "opus" ? [0, 0] : [320, 180];
  const payload = new Uint8Array(40).fill(number % 256);
  const empty = { pictureId: 0, sourceId: 0, timestampUs: number * 20_000 };
  return encodeRelayFrame({ kind, isKey, number, width, height, payload, ...empty });
}

/** A received frame as a message of its own kind; one whose payload has changed is none. */
export function messageOf(bytes: Uint8Array): Message {
  const frame = decodeRelayFrame(bytes);
  if (frame === undefined) return { type: FRAME, what: "is none" };
  const { kind, isKey, number, sourceId, payload } = frame;
  const isSame = payload.length === 40 && payload.every((byte) => byte === number % 256);
  return { type: FRAME, kind, isKey, number, sourceId, ...(isSame ? {} : { payload: "changed" }) };
}
