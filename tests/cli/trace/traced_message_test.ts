/** Frames as messages for a reader: one by one, cut, and without secrets. */
import assert from "node:assert/strict";
import { MAX_MESSAGE_LENGTH, messagesOf } from "../../../cli/trace/traced_message.ts";

const MOMENT = { at: 5, direction: "received" } as const;

Deno.test("[CO6] messagesOf takes a frame of several messages apart", () => {
  const messages = messagesOf('[{"type":"chat","text":"a"},{"type":"user-left"}]', MOMENT);

  assert.deepEqual(messages, [
    { ...MOMENT, type: "chat", text: '{"type":"chat","text":"a"}' },
    { ...MOMENT, type: "user-left", text: '{"type":"user-left"}' },
  ]);
});

Deno.test("messagesOf names what is no message of ours, and shows it", () => {
  assert.deepEqual(
    ["not json", "{}", "null", "7", '{"type":7}'].map((frame) => {
      const [message] = messagesOf(frame, MOMENT);
      return [message?.type, message?.text];
    }),
    [
      ["(no JSON)", "not json"],
      ["(no type)", "{}"],
      ["(no type)", "null"],
      ["(no type)", "7"],
      ["(no type)", '{"type":7}'],
    ],
  );
});

Deno.test("messagesOf shows the whole messages of a frame that was cut", () => {
  const messages = messagesOf(
    '[{"type":"chat","text":"a"},{"type":"chat","text":"b"},{"ty',
    MOMENT,
  );

  assert.deepEqual(messages.map(({ text }) => text), [
    '{"type":"chat","text":"a"}',
    '{"type":"chat","text":"b"}',
  ]);
});

Deno.test("messagesOf cuts a long message and a long type", () => {
  const [message] = messagesOf(
    JSON.stringify({ type: "t".repeat(90), x: "y".repeat(9_000) }),
    MOMENT,
  );

  assert.equal(message?.text.length, MAX_MESSAGE_LENGTH + 1);
  assert.ok(message.text.endsWith("…"));
  assert.equal(message.type.length, 40);
});

for (const name of ["token", "resumeToken", "hostKey", "passcode", "credential"]) {
  Deno.test(`messagesOf hides ${name}, wherever it stands and wherever the message is cut`, () => {
    const secret = 's3cr"et\\';
    for (let padding = 0; padding < 2 * MAX_MESSAGE_LENGTH + 20; padding += 7) {
      const message = { type: "x", pad: "p".repeat(padding), deep: [{ [name]: secret }] };
      const frame = JSON.stringify(message);

      const shown = messagesOf(frame, MOMENT).map(({ text }) => text).join();

      assert.ok(!shown.includes("s3c"), shown.slice(-80));
    }
  });
}

Deno.test("messagesOf hides secrets in a frame that is no JSON", () => {
  const [message] = messagesOf('{"type":"join","token":"s3cret', MOMENT);

  assert.equal(message?.text, '{"type":"join","token":"(hidden)"');
});
