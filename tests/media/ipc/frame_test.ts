/** Lines between two processes: what one writes the other reads, and nothing else is taken. */
import assert from "node:assert/strict";
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  MAX_LINE_LENGTH,
} from "../../../src/media/ipc/frame.ts";

const FRAMES: readonly Frame[] = [
  { is: "request", id: 1, name: "publish", body: { room: 1, request: { sdp: "v=0\r\n" } } },
  { is: "answer", id: 1, body: {} },
  { is: "refusal", id: 2, code: "bad-description", message: 'Cannot "read"\n' },
  { is: "notice", name: "published", body: { room: 1 } },
];

Deno.test("decodeFrame reads what encodeFrame writes, on one line each", () => {
  for (const frame of FRAMES) {
    const line = encodeFrame(frame);

    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.deepEqual(decodeFrame(line), frame);
  }
});

Deno.test("decodeFrame takes no line that no side would write", () => {
  for (
    const line of [
      "",
      "thread 'main' panicked",
      "{",
      "null",
      "[]",
      "1",
      "{}",
      '{"is":"request","id":"1","name":"publish","body":{}}',
      '{"is":"request","id":1.5,"name":"publish","body":{}}',
      '{"is":"request","id":1,"body":{}}',
      '{"is":"request","id":1,"name":"publish"}',
      '{"is":"answer","id":1,"body":null}',
      '{"is":"answer","id":1,"body":"text"}',
      '{"is":"refusal","id":1,"code":"bad-description"}',
      '{"is":"notice","name":7,"body":{}}',
      '{"is":"shout","name":"x","body":{}}',
    ]
  ) assert.equal(decodeFrame(line), undefined, line);
});

Deno.test("encodeFrame refuses what is too long, and names it", () => {
  const body = { bytes: "x".repeat(MAX_LINE_LENGTH) };

  assert.throws(
    () => encodeFrame({ is: "notice", name: "log", body }),
    /^RangeError: Cannot send "log"/,
  );
  assert.throws(() => encodeFrame({ is: "answer", id: 1, body }), /Cannot send an answer/);
});
