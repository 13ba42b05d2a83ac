/** What the page takes for a message of the server: every example of the schemas, and no nonsense. */
import assert from "node:assert/strict";
import { serverMessages } from "../../../src/protocol/mod.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";

for (const [type, schema] of Object.entries(serverMessages)) {
  Deno.test(`asServerMessage takes the schema's example of ${type}`, () => {
    const { examples } = schema as { examples?: unknown[] };

    for (const example of examples ?? []) assert.equal(asServerMessage(example), example);
    assert.ok((examples ?? []).length > 0);
  });
}

Deno.test("asServerMessage takes nothing that is no known message", () => {
  const nonsense = [null, 5, "text", [], {}, { type: 5 }, { type: "toString" }, { type: "new" }];

  for (const value of nonsense) assert.equal(asServerMessage(value), undefined);
});

Deno.test("asServerMessage takes no message without the fields that the page reads", () => {
  const broken = [
    { type: "welcome" },
    { type: "joined", roomId: "r", userId: "u", participants: [{}], room: {} },
    { type: "user-joined", roomId: "r", userId: "u", participant: { userId: "u" } },
    {
      type: "user-joined",
      roomId: "r",
      userId: "u",
      participant: { userId: "u", role: "viewer", state: {}, tracks: [null] },
    },
    { type: "participant-updated", userId: "u", state: [] },
    { type: "chat", from: "u", text: 5, at: 1, messageId: "1" },
    { type: "pong", at: "1" },
    { type: "published", description: "v=0", tracks: [] },
    { type: "subscription-updated", connection: 1, tracks: ["0"] },
    { type: "active-speakers", speakers: { userId: "u" } },
    { type: "error", code: "bad-message" },
  ];

  for (const value of broken) assert.equal(asServerMessage(value), undefined, value.type);
});
