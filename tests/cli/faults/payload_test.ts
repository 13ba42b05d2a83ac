/** Messages in a payload and back, and the times in them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CarriedMessage,
  joinMessages,
  shiftClock,
  splitMessages,
} from "../../../cli/faults/payload.ts";

const packed = { isText: true, isPacked: true };

Deno.test("[CO6] splitMessages takes a packed frame apart, and joinMessages packs it again", () => {
  const text = '[{"type":"a"},{"type":"b","n":1}]';

  const messages = splitMessages(bytes(text), packed);

  assert.deepEqual(messages.map(({ type }) => type), ["a", "b"]);
  assert.deepEqual(joinMessages(messages, true).map(words), [text]);
  assert.deepEqual(joinMessages(messages.slice(1), true).map(words), ['{"type":"b","n":1}']);
  assert.deepEqual(joinMessages(messages, false).map(words), [
    '{"type":"a"}',
    '{"type":"b","n":1}',
  ]);
  assert.deepEqual(joinMessages([], true), []);
});

const single: readonly [text: string, options: typeof packed, type: string][] = [
  ['{"type":"chat"}', packed, "chat"],
  ['{ "type": "chat" }', { ...packed, isPacked: false }, "chat"],
  ['[{"type":"chat"}]', { ...packed, isPacked: false }, "(text)"],
  ["[]", packed, "(text)"],
  ["{not json", packed, "(text)"],
  ['{"no":"type"}', packed, "(text)"],
  ['{"type":7}', packed, "(text)"],
  ["7", packed, "(text)"],
  ['{"type":"chat"}', { isText: false, isPacked: true }, "(binary)"],
];

for (const [text, options, type] of single) {
  Deno.test(`splitMessages sees one ${type} in ${text} with ${JSON.stringify(options)}`, () => {
    const messages = splitMessages(bytes(text), options);

    assert.deepEqual(messages.map((message) => message.type), [type]);
    assert.equal(words(messages[0]!.bytes), text);
  });
}

Deno.test("splitMessages and joinMessages keep every value", () => {
  fc.assert(fc.property(fc.array(fc.object(), { minLength: 2 }), (values) => {
    const text = JSON.stringify(values);
    const [joined] = joinMessages(splitMessages(bytes(text), packed), true);
    assert.deepEqual(JSON.parse(words(joined!)), JSON.parse(text));
  }));
});

Deno.test("shiftClock moves every time of the wire, and none of an application's", () => {
  const shift = (value: object) => shiftClock(message(value), 1_000).fields;

  assert.deepEqual(shift({ type: "ping", at: 5 }), { type: "ping", at: 1_005 });
  assert.deepEqual(
    shift({ type: "joined", participants: [{ joinedAt: 1 }], room: { createdAt: 2 } }),
    { type: "joined", participants: [{ joinedAt: 1_001 }], room: { createdAt: 1_002 } },
  );
  assert.deepEqual(
    shift({ type: "data", at: 1, payload: { at: 1 } }),
    { type: "data", at: 1_001, payload: { at: 1 } },
  );
  assert.deepEqual(shift({ type: "chat", at: "noon" }), { type: "chat", at: "noon" });
});

Deno.test("shiftClock leaves the bytes of what tells no time", () => {
  const plain = message({ type: "leave" });
  const [text] = splitMessages(bytes("noon"), packed);

  assert.equal(shiftClock(plain, 1_000), plain);
  assert.equal(shiftClock(text!, 1_000), text);
  assert.equal(shiftClock(message({ type: "ping", at: 1 }), 0).fields?.at, 1);
});

function message(value: object): CarriedMessage {
  return splitMessages(bytes(JSON.stringify(value)), packed)[0]!;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function words(payload: Uint8Array): string {
  return new TextDecoder().decode(payload);
}
