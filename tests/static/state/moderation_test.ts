/** What a host asks of the room, each as one request. */
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { ClientMessage } from "../../../src/protocol/mod.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import { Moderation } from "../../../static/state/moderation.ts";
import { EMPTY_ROSTER, reduceRoster } from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";
import { participant } from "../../support/page_sockets.ts";

const bob = parseUserId("bob")!;

Deno.test("[KI1, MU1, LK1, LB1, LB4, LB5, EN1] Moderation sends what the rules ask for", () => {
  const { moderation, sent } = moderationOf();

  moderation.kick(bob);
  moderation.askToMute(bob, "screen");
  moderation.lock(true);
  moderation.setLobby(false);
  moderation.admit(bob);
  moderation.deny(bob);
  moderation.endForAll();

  assert.deepEqual(sent, [
    { type: "kick", userId: "bob" },
    { type: "mute", userId: "bob", kind: "screen" },
    { type: "lock", locked: true },
    { type: "lobby", enabled: false },
    { type: "admit", userId: "bob" },
    { type: "deny", userId: "bob" },
    { type: "end-room" },
  ]);
});

Deno.test("[LB4] Moderation.admitAll admits each who waits", () => {
  const { moderation, sent } = moderationOf();
  for (const userId of ["bob", "eve"]) {
    moderation.receive(asServerMessage({ type: "knock", userId, role: "participant" })!);
  }

  moderation.admitAll();

  assert.deepEqual(sent.map((message) => "userId" in message && message.userId), ["bob", "eve"]);
});

Deno.test("[HO1, HO3] Moderation.isHost follows the roster", () => {
  const { moderation, roster } = moderationOf();
  const joined = {
    type: "joined",
    roomId: "r",
    userId: "ann",
    participants: [{ ...participant("bob"), host: true }, participant("ann")],
    room: { roomId: "r", kind: "meeting", topology: "mesh", createdAt: 0 },
  };
  roster.value = reduceRoster(roster.value, asServerMessage(joined)!);
  const before = moderation.isHost.value;

  roster.value = reduceRoster(
    roster.value,
    asServerMessage({ type: "host-changed", userId: "ann" })!,
  );

  assert.deepEqual([before, moderation.isHost.value], [false, true]);
});

function moderationOf() {
  const sent: ClientMessage[] = [];
  const roster = signal(EMPTY_ROSTER);
  const moderation = new Moderation((message) => sent.push(message) > 0, roster);
  return { moderation, sent, roster };
}
