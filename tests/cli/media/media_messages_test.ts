/** Messages about media are held against their schemas; others are passed over. */
import assert from "node:assert/strict";
import { readMediaMessage } from "../../../cli/media/media_messages.ts";

Deno.test("readMediaMessage takes messages about media as they are", () => {
  const message = { type: "wanted-layers", trackId: "1", maxHeight: 180 };

  assert.equal(readMediaMessage(message), message);
  assert.equal(readMediaMessage(message), message);
});

Deno.test("readMediaMessage passes over everything else", () => {
  for (const other of [null, undefined, 7, "x", [], {}, { type: "chat" }, { type: 1 }]) {
    assert.equal(readMediaMessage(other), undefined);
  }
});

Deno.test("readMediaMessage says what is wrong with one that is not as its schema has it", () => {
  for (
    const message of [
      { type: "wanted-layers", trackId: "1" },
      { type: "topology", topology: "star" },
      { type: "subscription-updated", connection: 1, tracks: [{ mid: "v0" }] },
      { type: "published", description: { type: "offer", sdp: "x" }, tracks: [] },
    ]
  ) {
    const read = readMediaMessage(message);

    assert.ok(typeof read === "string" && read.startsWith(`${message.type}: `), `${read}`);
  }
});
