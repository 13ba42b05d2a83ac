/**
 * The times that the bench reads out of what arrives.
 */
import assert from "node:assert/strict";
import { readTimes, SENT_AT } from "./timed_frame.ts";

Deno.test("readTimes reads every time of a packed frame", () => {
  const digits = SENT_AT.length - "sent-at:".length;
  const packed = `[{"text":"sent-at:${"7".padStart(digits, "0")}..."},{"text":"sent-at:${
    "123456".padStart(digits, "0")
  }"}]`;
  const bytes = new TextEncoder().encode(packed);
  const times: number[] = [];

  const count = readTimes(bytes, { from: 0, end: bytes.length }, (time) => times.push(time));

  assert.equal(count, 2);
  assert.deepEqual(times, [7, 123_456]);
});
