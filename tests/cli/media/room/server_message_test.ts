/** What a server says, held against the schemas. */
import assert from "node:assert/strict";
import { readServerMessage } from "../../../../cli/media/room/server_message.ts";

Deno.test("readServerMessage takes what fits its schema, fields of newer servers included", () => {
  const message = { type: "topology", topology: "sfu", seq: 3, something: "new" };

  assert.equal(readServerMessage(message), message);
});

Deno.test("readServerMessage passes over types that a newer server may have, and names what is wrong", () => {
  assert.equal(readServerMessage({ type: "from-the-future" }), undefined);
  assert.match(
    `${readServerMessage({ type: "topology", topology: "star" })}`,
    /^topology: .*topology/,
  );
  for (const bad of [null, 7, "text", {}]) {
    assert.equal(readServerMessage(bad), "a message without a type");
  }
  assert.equal(readServerMessage({ type: "__proto__" }), undefined);
});
