/** Messages in words, whatever came. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { textOfMessage } from "../../../cli/repl/message_text.ts";
import { makeStream } from "../../../cli/terminal.ts";

const stream = makeStream(() => {}, { isTty: false, hasColour: false });

for (
  const [message, text] of [
    [
      { type: "joined", roomId: "r", userId: "ann", users: ["bob", "ann"] },
      'You are in room "r" as ann, with bob',
    ],
    [
      { type: "joined", roomId: "r", userId: "ann", users: ["ann"] },
      'You are in room "r" as ann, with nobody else yet',
    ],
    [{ type: "user-joined", userId: "bob" }, "→ bob joined"],
    [{ type: "user-left", userId: "bob", reason: "disconnected" }, "← bob left (disconnected)"],
    [{ type: "leaved", roomId: "r", reason: "left" }, 'You left room "r" (left)'],
    [{ type: "chat", from: "bob", text: "hi" }, "bob: hi"],
    [{ type: "chat", from: "bob", to: "ann", text: "hi" }, "bob to ann: hi"],
    [
      { type: "participant-updated", userId: "bob", state: { audio: true, hand: false } },
      "bob shows audio on, hand off",
    ],
    [
      { type: "participant-updated", userId: "bob", connected: false },
      "bob lost the connection, and may come back",
    ],
    [{ type: "participant-updated", userId: "bob", connected: true }, "bob is back"],
    [{ type: "resumed", missed: 2, lastSeq: 4 }, "You are back, with 2 messages to catch up on"],
    [
      { type: "resumed", missed: 0, lastSeq: 4, snapshot: {} },
      "You are back; what was said meanwhile is lost",
    ],
    [{ type: "lagged", dropped: 7 }, "You read too slowly and missed 7 messages"],
    [{ type: "snapshot", userId: "ann", users: ["ann", "bob"] }, "The room now: bob"],
    [{ type: "error", code: "not-joined", message: "Cannot chat" }, "Cannot chat [not-joined]"],
    [{ type: "from-the-future", x: 1 }, '{"type":"from-the-future","x":1}'],
    [7, "7"],
    [null, "null"],
    [undefined, "nothing"],
  ] as const
) {
  Deno.test(`textOfMessage writes ${JSON.stringify(message)}`, () => {
    assert.equal(textOfMessage(message, stream, "ann"), text);
  });
}

Deno.test("textOfMessage lets no escape sequence reach the terminal", () => {
  const text = textOfMessage(
    { type: "chat", from: "m\u001b[2J", text: "\u001b]0;x\u0007" },
    stream,
    "",
  );

  assert.equal(text, "m␛[2J: ␛]0;x␇");
});

Deno.test("textOfMessage never throws", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, type) => {
    textOfMessage(value, stream, "ann");
    for (const known of ["joined", "chat", "participant-updated", type]) {
      textOfMessage(
        { type: known, users: value, userId: value, state: value, text: value },
        stream,
        "",
      );
    }
  }));
});
