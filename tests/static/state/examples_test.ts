/** The examples of the raw message box, from the server's own description of the wire. */
import assert from "node:assert/strict";
import { clientMessages } from "../../../src/protocol/mod.ts";
import { examplesIn } from "../../../static/state/examples.ts";

Deno.test("examplesIn finds the examples of the client's messages, indented", () => {
  const found = examplesIn(document({
    "client.leave": { examples: [{ payload: { type: "leave" } }] },
    "server.ok": { examples: [{ payload: { type: "ok" } }] },
  }));

  assert.deepEqual(found, [{ label: "leave", text: '{\n  "type": "leave"\n}' }]);
});

Deno.test("examplesIn numbers the examples of a message that has several", () => {
  const payloads = [{ payload: { type: "chat", text: "a" } }, { payload: { type: "chat" } }];

  const found = examplesIn(document({ "client.chat": { examples: payloads } }));

  assert.deepEqual(found.map(({ label }) => label), ["chat", "chat (2)"]);
});

Deno.test("examplesIn finds one at least for every message that a client may send", () => {
  const messages = Object.fromEntries(
    Object.entries(clientMessages).map(([type, schema]) => {
      const { examples = [] } = schema as { examples?: unknown[] };
      return [`client.${type}`, { examples: examples.map((payload) => ({ payload })) }];
    }),
  );

  const labels = new Set(examplesIn(document(messages)).map(({ label }) => label));

  assert.deepEqual(Object.keys(clientMessages).filter((type) => !labels.has(type)), []);
});

Deno.test("examplesIn finds nothing in what is no such document", () => {
  for (const value of [null, 5, [], {}, document(7), document({ "client.x": null })]) {
    assert.deepEqual(examplesIn(value), []);
  }
  assert.deepEqual(examplesIn(document({ "client.x": { examples: [null, {}] } })), []);
});

function document(messages: unknown): unknown {
  return { asyncapi: "3.0.0", components: { messages } };
}
