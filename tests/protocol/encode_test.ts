/** Messages to text, the kept parts too. */
import assert from "node:assert/strict";
import {
  encode,
  type ServerMessage,
  type ServerMessageOf,
  serverMessages,
} from "../../src/protocol/mod.ts";

Deno.test("encode gives JSON that reads back as the message, for every type", () => {
  for (const type of Object.keys(serverMessages) as ServerMessage["type"][]) {
    const example = exampleOf(type);

    assert.deepEqual(JSON.parse(encode(example)), example);
    assert.deepEqual(JSON.parse(encode(example)), example, "again, from what was kept");
  }
});

Deno.test("[ST2] encode shows a participant anew when its view is a new one", () => {
  const joined = exampleOf("joined");
  const [ann, bob] = joined.participants;
  encode(joined);

  const changed = { ...joined, participants: [{ ...ann!, state: { hand: true } }, bob!] };

  assert.deepEqual(JSON.parse(encode(changed)), changed);
  assert.deepEqual(JSON.parse(encode(joined)), joined);
});

Deno.test("[JO2] encode writes a joined of nobody", () => {
  const joined = exampleOf("joined");
  const empty = { ...joined, users: [], participants: [] };

  assert.deepEqual(JSON.parse(encode(empty)), empty);
});

/** The schema's own example; that it fits the schema is tested where the document is. */
function exampleOf<T extends ServerMessage["type"]>(type: T): ServerMessageOf<T> {
  const { examples } = serverMessages[type] as { examples?: unknown[] };
  return examples![0] as ServerMessageOf<T>;
}
