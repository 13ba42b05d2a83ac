/** Who is in a live room, and what should come of the broadcaster. */
import assert from "node:assert/strict";
import type { MediaState, ServerMessage } from "../../../../src/protocol/mod.ts";
import { LARGE_MEMBERS, LiveRoom } from "../../../../static/call/live/live_room.ts";

function say(room: LiveRoom, message: Record<string, unknown>): boolean {
  return room.receive(message as unknown as ServerMessage);
}

function member(userId: string, role = "viewer", state: MediaState = {}) {
  return { userId, role, state, joinedAt: 5 };
}

function joined(...participants: unknown[]): LiveRoom {
  const room = new LiveRoom();
  say(room, { type: "joined", participants });
  return room;
}

Deno.test("[JO6] LiveRoom knows the broadcaster, whoever came first", () => {
  const room = joined(member("bob"), member("ann", "broadcaster"));

  assert.equal(room.broadcaster?.userId, "ann");
  say(room, { type: "user-left", userId: "ann" });
  assert.equal(room.broadcaster, undefined);
});

Deno.test("LiveRoom tells one stay of a broadcaster from the next", () => {
  const room = joined(member("ann", "broadcaster"));
  const before = room.broadcaster?.stay;

  say(room, { type: "user-left", userId: "ann" });
  say(room, { type: "user-joined", participant: { ...member("ann", "broadcaster"), joinedAt: 9 } });

  assert.notEqual(room.broadcaster?.stay, before);
});

Deno.test("[TO5] LiveRoom is large from so many members on", () => {
  const members = Array.from({ length: LARGE_MEMBERS - 1 }, (_, n) => member(`v${n}`));
  const room = joined(...members);
  const before = room.isLarge;

  say(room, { type: "user-joined", participant: member("last") });

  assert.deepEqual([before, room.isLarge], [false, true]);
});

for (
  const [state, showing] of [
    [{}, "anything"],
    [{ video: true, audio: true }, "pictures"],
    [{ video: false, screen: true }, "pictures"],
    [{ video: false, audio: true }, "sound"],
    [{ video: false, audio: false }, "nothing"],
  ] as const
) {
  Deno.test(`[ST1] LiveRoom expects ${showing} of one who shows ${JSON.stringify(state)}`, () => {
    const room = joined(member("ann", "broadcaster"));

    say(room, { type: "participant-updated", userId: "ann", state });

    assert.equal(room.showing, showing);
  });
}

Deno.test("[RE3] LiveRoom expects nothing of one whose connection is lost, until it is back", () => {
  const room = joined(member("ann", "broadcaster", { video: true }));

  say(room, { type: "participant-updated", userId: "ann", connected: false });
  const away = room.showing;
  say(room, { type: "participant-updated", userId: "ann", connected: true });

  assert.deepEqual([away, room.showing], ["nothing", "pictures"]);
});

for (const type of ["snapshot", "resumed"]) {
  Deno.test(`[BP2, RE5] LiveRoom becomes what ${type} says`, () => {
    const room = joined(member("ann", "broadcaster"));
    const participants = [member("eve", "broadcaster", { screen: true })];

    const isOther = say(room, { type, participants, snapshot: { participants } });

    assert.ok(isOther);
    assert.deepEqual([room.broadcaster?.userId, room.pictureSlot], ["eve", "screen"]);
  });
}

Deno.test("LiveRoom is the same after a message about something else, or about a stranger", () => {
  const room = joined(member("ann", "broadcaster"));

  assert.equal(say(room, { type: "chat", from: "ann", text: "hi" }), false);
  assert.equal(say(room, { type: "participant-updated", userId: "eve", state: {} }), false);
  assert.equal(say(room, { type: "resumed", missed: 0 }), false);
});
