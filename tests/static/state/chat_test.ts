/** The lines of the chat. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { type ChatLine, MAX_CHAT_LINES, reduceChat } from "../../../static/state/chat.ts";
import { EMPTY_ROSTER } from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";

Deno.test("[CH1, CH2] reduceChat keeps the text as it is, with sender, addressee and time", () => {
  const text = "<img src=x onerror=alert(1)> \u202egnp";

  const [line] = reduceChat([], chat("1", text, "bob"), EMPTY_ROSTER);

  assert.deepEqual(line, { key: "5:1", from: "ann", name: "ann", text, to: "bob", at: 5 });
});

Deno.test("reduceChat keeps the last lines only", () => {
  let lines: readonly ChatLine[] = [];

  for (let number = 1; number <= MAX_CHAT_LINES + 5; number++) {
    lines = reduceChat(lines, chat(String(number), `line ${number}`), EMPTY_ROSTER);
  }

  assert.equal(lines.length, MAX_CHAT_LINES);
  assert.equal(lines[0]?.text, "line 6");
});

Deno.test("reduceChat gives the same lines back for other messages", () => {
  const lines = reduceChat([], chat("1", "hello"), EMPTY_ROSTER);

  assert.equal(reduceChat(lines, asServerMessage({ type: "ok" })!, EMPTY_ROSTER), lines);
});

function chat(messageId: string, text: string, to?: string): ServerMessage {
  const message = { type: "chat", from: "ann", text, at: 5, messageId, ...(to ? { to } : {}) };
  return asServerMessage(message)!;
}
