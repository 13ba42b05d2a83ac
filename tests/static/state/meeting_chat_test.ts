/** The chat of a meeting: lines, unread, private. */
import assert from "node:assert/strict";
import type { ClientMessage, ServerMessage } from "../../../src/protocol/mod.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import { MeetingChat } from "../../../static/state/meeting_chat.ts";
import { EMPTY_ROSTER, type Roster } from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";

const bob = parseUserId("bob")!;
const roster: Roster = { ...EMPTY_ROSTER, selfId: parseUserId("ann")! };

Deno.test("[CH1] MeetingChat counts what others say while it is closed", () => {
  const { chat } = chatWith();

  chat.receive(line("bob", "one"), roster);
  chat.receive(line("ann", "mine"), roster);
  const closed = [chat.unread.value, chat.newest.value?.text];
  chat.setOpen(true);
  chat.receive(line("bob", "two"), roster);

  assert.deepEqual(closed, [1, "one"]);
  assert.deepEqual([chat.unread.value, chat.newest.value], [0, undefined]);
  assert.deepEqual(chat.lines.value.map(({ text }) => text), ["one", "mine", "two"]);
});

Deno.test("[CH1] MeetingChat.say goes to everyone, or to the one that was chosen", () => {
  const { chat, sent } = chatWith();

  chat.say("all");
  chat.addressee.value = bob;
  chat.say("you");

  assert.deepEqual(sent, [{ type: "chat", text: "all" }, { type: "chat", text: "you", to: "bob" }]);
});

Deno.test("MeetingChat.say is false for nothing, and without a connection", () => {
  const { chat, sent } = chatWith(false);

  assert.equal(chat.say("  \n "), false);
  assert.deepEqual(sent, []);
  assert.equal(chat.say("text"), false);
});

Deno.test("[LE3] MeetingChat shows that its addressee has gone by having none", () => {
  const { chat } = chatWith();
  chat.addressee.value = bob;

  chat.receive(
    asServerMessage({ type: "user-left", roomId: "r", userId: "bob", reason: "left" })!,
    roster,
  );

  assert.equal(chat.addressee.value, undefined);
});

Deno.test("MeetingChat.clear forgets everything", () => {
  const { chat } = chatWith();
  chat.receive(line("bob", "one"), roster);
  chat.addressee.value = bob;

  chat.clear();

  assert.deepEqual([chat.lines.value, chat.unread.value, chat.addressee.value], [[], 0, undefined]);
});

function chatWith(isConnected = true) {
  const sent: ClientMessage[] = [];
  const chat = new MeetingChat((message) => {
    sent.push(message);
    return isConnected;
  });
  return { chat, sent };
}

let lines = 0;
function line(from: string, text: string): ServerMessage {
  return asServerMessage({ type: "chat", from, text, at: 1, messageId: `${++lines}` })!;
}
