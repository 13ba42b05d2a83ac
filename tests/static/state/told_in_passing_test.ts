/** Which messages of the server are worth a notice. */
import assert from "node:assert/strict";
import { EMPTY_ROSTER, reduceRoster } from "../../../static/state/roster.ts";
import { asServerMessage } from "../../../static/state/server_message.ts";
import { noticesOf } from "../../../static/state/told_in_passing.ts";
import { participant } from "../../support/page_sockets.ts";

const room = { roomId: "r", kind: "meeting", topology: "mesh", createdAt: 0 };
const roster = reduceRoster(
  EMPTY_ROSTER,
  asServerMessage({
    type: "joined",
    roomId: "r",
    userId: "ann",
    participants: [
      { ...participant("bob"), name: "Bob", state: { hand: true } },
      participant("ann"),
    ],
    room,
  })!,
);

const table: [name: string, message: object, notices: object[]][] = [
  ["[HO3] the own turn as host", { type: "host-changed", userId: "ann" }, [
    { kind: "host", who: undefined },
  ]],
  ["[HO3] another's turn as host", { type: "host-changed", userId: "bob" }, [
    { kind: "host", who: "Bob" },
  ]],
  ["[LK2] a lock", { type: "room-updated", room: { ...room, locked: true } }, [
    { kind: "room", change: "locked" },
  ]],
  ["[LB1] a lobby", { type: "room-updated", room: { ...room, lobby: true } }, [
    { kind: "room", change: "lobby-on" },
  ]],
  ["[LK2] nothing new", { type: "room-updated", room }, []],
  ["[ST1] a share and a recording", {
    type: "participant-updated",
    userId: "bob",
    state: { hand: true, screen: true, recording: true },
  }, [
    { kind: "sign", who: "Bob", sign: "screen" },
    { kind: "sign", who: "Bob", sign: "recording" },
  ]],
  ["[ST1] a hand that is up already", {
    type: "participant-updated",
    userId: "bob",
    state: { hand: true },
  }, []],
  ["[RE3] a lost connection", { type: "participant-updated", userId: "bob", connected: false }, []],
  ["[BP2] missed messages", { type: "lagged", dropped: 3 }, [{ kind: "lagged", dropped: 3 }]],
  ["[ER1] a refusal", { type: "error", code: "not-allowed", message: "Cannot" }, [
    { kind: "refused", code: "not-allowed", message: "Cannot" },
  ]],
  ["[RL2] a candidate to one who left", {
    type: "error",
    code: "no-such-participant",
    message: "Cannot",
  }, []],
  ["[SB3] a wish for a track that has ended", {
    type: "error",
    code: "no-such-track",
    message: "Cannot",
  }, []],
  ["[PB2] a refusal that the call makes up for", {
    type: "error",
    code: "media-failed",
    message: "Cannot",
    requestId: "media-1-2-1",
  }, []],
  ["[CH1] chat", { type: "chat", from: "bob", text: "x", at: 1, messageId: "1" }, []],
];

for (const [name, message, notices] of table) {
  Deno.test(`noticesOf tells of ${name}: ${notices.length}`, () => {
    assert.deepEqual(noticesOf(asServerMessage(message)!, roster), notices);
  });
}
