/**
 * Messages that carry the time they were sent at, written into a frame that is encoded once: the
 * workloads send them, `SentAt` reads the times back from what arrives.
 */
import type { Client } from "./client.ts";
import { encodeFrame, patchPayload, payloadOffset } from "./frame.ts";
import { Needle } from "./needle.ts";

const LABEL = "sent-at:";
const DIGITS = 12;
const ZERO = 0x30;
const needle = new Needle(LABEL);

/** What a message holds, once, in any of its strings, to be timed. */
export const SENT_AT = LABEL + "0".repeat(DIGITS);

/** Microseconds on the generator's clock. */
export function nowUs(): number {
  return performance.now() * 1_000;
}

/** One client's message that is sent often with only the time in it changed. */
export class TimedFrame {
  readonly #client: Client;
  readonly #frame: Uint8Array<ArrayBuffer>;
  readonly #payload: number;
  readonly #lastDigit: number;

  /** `message` is ASCII and holds `SENT_AT`. */
  constructor(client: Client, message: unknown) {
    const text = client.encode(message);
    this.#client = client;
    this.#frame = encodeFrame(text);
    this.#payload = payloadOffset(this.#frame);
    this.#lastDigit = text.indexOf(LABEL) + SENT_AT.length - 1;
  }

  /** Sends it with the present time. */
  send(): void {
    let rest = Math.floor(nowUs());
    for (let index = 0; index < DIGITS; index++) {
      patchPayload(this.#frame, this.#payload, this.#lastDigit - index, ZERO + rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#client.send(this.#frame);
  }
}

/** Calls `onTime` with each time in `bytes` between `from` and `end`; returns how many there are. */
export function readTimes(
  bytes: Uint8Array,
  range: { readonly from: number; readonly end: number },
  onTime: (sentAtUs: number) => void,
): number {
  const { from, end } = range;
  let count = 0;
  for (let at = needle.find(bytes, from, end); at >= 0;) {
    let time = 0;
    const digits = at + needle.length;
    for (let index = 0; index < DIGITS; index++) time = time * 10 + bytes[digits + index]! - ZERO;
    onTime(time);
    count++;
    at = needle.find(bytes, digits + DIGITS, end);
  }
  return count;
}
