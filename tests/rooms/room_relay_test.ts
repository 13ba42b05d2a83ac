/** The relay of a room: who may ask for whose frames, and what becomes of that when members go. */
import assert from "node:assert/strict";
import type { Outbound } from "../../src/rooms/mod.ts";
import { RoomRegistry, type Seat } from "../../src/rooms/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { clientMessage, roomId, userId } from "../support/messages.ts";
import { hasCode } from "../support/room_fixture.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";

/** A live room: ann broadcasts, bob and cat look on; all can relay but cat. */
function setUp() {
  const clock = new FakeClock();
  const delivered: Outbound[] = [];
  const registry = new RoomRegistry({
    clock,
    random: new ScriptedRandom(),
    maxRooms: 10,
    maxParticipants: 10,
    maxFrameBytes: 1_000,
    deliver: (outbound) => delivered.push(...outbound),
  });
  const join = (user: string, more: Record<string, unknown> = {}): Seat =>
    registry.join(clientMessage("join", { roomId: "live", userId: user, ...more })).seat;
  const ann = join("ann", { role: "broadcaster", relay: true });
  const bob = join("bob", { relay: true });
  const cat = join("cat", { role: "viewer" });
  const relay = ann.room.frameRelay;
  const request = ({ participant }: Seat, more: Record<string, unknown> = {}) =>
    relay.request(participant, clientMessage("request-relay", { roomId: "live", ...more }));
  const watch = (user: string) => {
    const ended: string[] = [];
    const watching = relay.watch(userId(user), {
      width: 320,
      framesPerSecond: 5,
      received() {},
      ended: (reason) => ended.push(reason),
    });
    return { ended, watching };
  };
  return { clock, registry, delivered, join, ann, bob, cat, relay, request, watch };
}

/** Who is told how many viewers it has, or whatever else. */
function words(outbound: readonly Outbound[]): string[] {
  return outbound.map(({ to, message }) => {
    const more = message.type === "relay-wanted" ? ` ${message.viewers}` : "";
    return `${to.map((one) => one.userId)}: ${message.type}${more}`;
  });
}

Deno.test("[FR1] [FR2] RoomRelay.request begins with the broadcaster where nobody is named", () => {
  const { request, cat, relay } = setUp();

  const { reply, outbound } = request(cat);

  assert.deepEqual(reply, { type: "relay-started", userId: "ann", sourceId: 1 });
  assert.deepEqual(words(outbound), ["ann: relay-wanted 1"]);
  assert.deepEqual(relay.counts, { viewers: 1, watchers: 0 });
});

Deno.test("[FR2] RoomRelay.request gives each source a number of its own", () => {
  const { request, ann, bob, cat } = setUp();

  const replies = [request(cat), request(cat, { userId: "bob" }), request(ann, { userId: "bob" })];

  assert.deepEqual(replies.map(({ reply }) => reply?.type === "relay-started" && reply.sourceId), [
    1,
    2,
    2,
  ]);
  assert.equal(bob.room.frameRelay.source(bob.participant)?.viewers.size, 2);
});

Deno.test("[FR2] RoomRelay.request asked again is answered the same, with another key frame", () => {
  const { request, cat, relay } = setUp();
  const first = request(cat);

  const again = request(cat);

  assert.deepEqual(again.reply, first.reply);
  assert.deepEqual(words(again.outbound), ["ann: relay-key-frame"]);
  assert.equal(relay.counts.viewers, 1);
});

Deno.test("[FR2] RoomRelay.request ends with active false, also where nothing had begun", () => {
  const { request, bob, cat } = setUp();
  request(cat);

  const ended = request(cat, { active: false });

  assert.deepEqual([ended.reply, words(ended.outbound)], [undefined, ["ann: relay-wanted 0"]]);
  for (const seat of [cat, bob]) {
    assert.deepEqual(request(seat, { active: false }), { reply: undefined, outbound: [] });
  }
});

Deno.test("[FR3] RoomRelay.request refuses other rooms, oneself, nobody, and who cannot", () => {
  const { request, registry, ann, bob, cat, relay } = setUp();

  assert.throws(() => request(bob, { roomId: "other" }), hasCode("not-allowed"));
  assert.throws(() => request(ann), hasCode("not-allowed"));
  assert.throws(() => request(bob, { userId: "bob" }), hasCode("not-allowed"));
  assert.throws(() => request(bob, { userId: "dan" }), hasCode("no-such-participant"));
  assert.throws(() => request(bob, { userId: "cat" }), hasCode("media-failed"));
  registry.leave(ann, "left");
  assert.throws(() => request(cat), hasCode("no-such-participant"));

  assert.deepEqual(relay.counts, { viewers: 0, watchers: 0 });
});

Deno.test("[FR1] RoomRelay.request refuses one over HTTP, which has no socket", () => {
  const { request, registry, bob } = setUp();
  const message = clientMessage("join", { roomId: "live", userId: "cam", relay: true });
  // Without a media plane nobody comes over HTTP, so it stands here without its room's consent.
  assert.throws(() => registry.join(message, { isSocketless: true }), hasCode("not-allowed"));

  assert.throws(() => request(bob, { userId: "cam" }), hasCode("no-such-participant"));
});

Deno.test("[FR8] RoomRelay forgets a viewer that leaves, and tells each of its sources", () => {
  const { request, registry, cat } = setUp();
  request(cat);
  request(cat, { userId: "bob" });

  const { outbound } = registry.leave(cat, "left");

  assert.deepEqual(words(outbound).slice(1), ["ann: relay-wanted 0", "bob: relay-wanted 0"]);
});

Deno.test("[FR8] RoomRelay forgets a source that leaves or is kicked, and ends what watched it", () => {
  for (const reason of ["left", "kicked"] as const) {
    const { request, registry, join, ann, cat, relay, watch } = setUp();
    request(cat);
    const { ended, watching } = watch("ann");

    const { outbound } = reason === "left"
      ? registry.leave(ann, reason)
      : registry.kick(roomId("live"), userId("ann"));

    assert.ok(!words(outbound).some((line) => line.includes("relay")), `${words(outbound)}`);
    assert.deepEqual([ended, relay.counts], [[reason], { viewers: 0, watchers: 0 }]);
    watching.close();
    if (reason === "left") {
      join("ann", { role: "broadcaster", relay: true });
      const { reply } = request(cat);
      assert.equal(reply?.type === "relay-started" && reply.sourceId, 2);
    }
  }
});

Deno.test("[FR8] RoomRelay ends what watches when the room ends", () => {
  const { registry, clock, request, cat, watch } = setUp();
  request(cat);
  request(cat);
  request(cat);
  const { ended } = watch("bob");

  registry.end(roomId("live"));

  assert.deepEqual(ended, ["room-ended"]);
  assert.equal(clock.pending, 0);
});

Deno.test("[FR4] RoomRelay.watch tells the source, and again when it is closed", () => {
  const { delivered, watch, relay } = setUp();

  const { watching, ended } = watch("bob");
  assert.deepEqual(words(delivered), ["bob: relay-wanted 1"]);
  assert.deepEqual(relay.counts, { viewers: 0, watchers: 1 });
  watching.close();

  assert.deepEqual(words(delivered).slice(1), ["bob: relay-wanted 0"]);
  assert.deepEqual(ended, []);
});

Deno.test("[FR3] RoomRelay.watch refuses nobody, and who cannot", () => {
  const { watch, delivered } = setUp();

  assert.throws(() => watch("dan"), hasCode("no-such-participant"));
  assert.throws(() => watch("cat"), hasCode("media-failed"));
  assert.deepEqual(delivered, []);
});

Deno.test("[FR4] RoomRelay.again repeats what a source was told, and nothing to others", () => {
  const { request, relay, ann, bob, cat } = setUp();
  const { outbound } = request(cat);

  assert.deepEqual(relay.again(ann.participant), outbound);
  assert.deepEqual(relay.again(bob.participant), []);
  assert.deepEqual(relay.again(cat.participant), []);
});

Deno.test("[FR8] RoomRelay.resumed has key frames asked for, by whichever side was away", () => {
  const { clock, request, relay, ann, cat } = setUp();
  request(cat);
  const viewer = relay.source(ann.participant)!.viewers.get(cat.participant)!;

  for (const { participant } of [ann, cat]) {
    clock.advance(1_000);
    Object.assign(viewer, { needsKeyFrame: false, isBehind: true });
    const told = participant === ann.participant ? ["ann: relay-wanted 1"] : [];

    assert.deepEqual(words(relay.resumed(participant)), [...told, "ann: relay-key-frame"]);
    assert.ok(viewer.needsKeyFrame);
  }
  assert.ok(!viewer.isBehind);
});

Deno.test("[LB2] [FR1] RoomRelay knows nothing of one who waits in the lobby", () => {
  const { request, relay, join, ann, bob } = setUp();
  ann.room.moderation.lobby(ann.participant, clientMessage("lobby", { enabled: true }));
  const { participant } = join("eve", { relay: true });
  assert.ok(participant.isWaiting);

  assert.throws(() => request(bob, { userId: "eve" }), hasCode("no-such-participant"));
  assert.equal(relay.source(participant), undefined);
});
