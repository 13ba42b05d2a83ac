/** Relayed frames for tests: valid ones, as short as a frame may be unless a length is asked for. */
import {
  decodeRelayFrame,
  encodeRelayFrame,
  RELAY_HEADER_BYTES,
  type RelayFrame,
} from "../../src/protocol/mod.ts";

/** What a test may set of a frame; `length` is that of all its bytes. */
export type FrameOptions = Partial<Omit<RelayFrame, "payload">> & { length?: number };

/** A VP8 frame that needs others before it, unless told otherwise. */
export function relayFrame(options: FrameOptions = {}): Uint8Array<ArrayBuffer> {
  const { length = RELAY_HEADER_BYTES + 1, ...fields } = options;
  return encodeRelayFrame({
    kind: "vp8",
    isKey: false,
    pictureId: 0,
    sourceId: 0,
    timestampUs: 0,
    number: 0,
    width: 640,
    height: 360,
    ...fields,
    payload: new Uint8Array(length - RELAY_HEADER_BYTES),
  });
}

/** A received frame in words: `vp8 3`, `key vp8 4`, `opus 1`, by kind and number. */
export function frameWords(bytes: Uint8Array): string {
  const frame = decodeRelayFrame(bytes);
  if (frame === undefined) return "no frame";
  const { kind, isKey, number } = frame;
  return `${isKey && kind !== "opus" && kind !== "jpeg" ? "key " : ""}${kind} ${number}`;
}
