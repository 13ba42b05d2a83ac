/** One write a turn, packed where the client asked for it. */
import assert from "node:assert/strict";
import { SUBPROTOCOL } from "../../src/protocol/mod.ts";
import { FramePacker, Outbox, OutboxSchedule } from "../../src/signaling/outbox.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/hub_fixture.ts";

Deno.test("[CO6] Outbox.flush packs a turn's messages into one frame for signalbox.v1", () => {
  const socket = new FakeSocket(SUBPROTOCOL);
  const outbox = new Outbox(socket, new FramePacker());
  for (const encoded of ["{1}", "{2}", "{3}"]) outbox.push(encoded);

  outbox.flush();

  assert.deepEqual(socket.frames, ["[{1},{2},{3}]"]);
});

Deno.test("[CO6] Outbox.flush sends a frame a message without the subprotocol", () => {
  const socket = new FakeSocket("");
  const outbox = new Outbox(socket, new FramePacker());
  for (const encoded of ["{1}", "{2}"]) outbox.push(encoded);

  outbox.flush();

  assert.deepEqual(socket.frames, ["{1}", "{2}"]);
});

Deno.test("[CO5] Outbox.push says whether it is the first since the last flush", () => {
  const outbox = new Outbox(new FakeSocket(""), new FramePacker());

  assert.deepEqual([outbox.push("1"), outbox.push("2")], [true, false]);
  outbox.flush();
  assert.equal(outbox.push("3"), true);
});

Deno.test("[CO5] Outbox.flush of an empty outbox sends nothing", () => {
  const socket = new FakeSocket(SUBPROTOCOL);

  new Outbox(socket, new FramePacker()).flush();

  assert.deepEqual(socket.frames, []);
});

Deno.test("[CO5] OutboxSchedule flushes each once when the turn ends, then says so", () => {
  const clock = new FakeClock();
  const events: string[] = [];
  const schedule = new OutboxSchedule(clock, () => events.push("after"));

  schedule.add({ flush: () => events.push("a") });
  schedule.add({ flush: () => events.push("b") });
  assert.deepEqual(events, []);
  clock.endTurn();

  assert.deepEqual(events, ["a", "b", "after"]);
  assert.equal(clock.pending, 0);
});

Deno.test("[CO5] OutboxSchedule takes what a flush itself adds into the next turn", () => {
  const clock = new FakeClock();
  const events: string[] = [];
  const schedule = new OutboxSchedule(clock, () => events.push("after"));
  schedule.add({
    flush: () => {
      events.push("a");
      schedule.add({ flush: () => events.push("late") });
    },
  });

  clock.endTurn();

  assert.deepEqual(events, ["a", "after", "late", "after"]);
});

Deno.test("[CO6] FramePacker gives the same frames for the same messages, others for others", () => {
  const packer = new FramePacker();

  const first = packer.pack(["{1}", "{2}"]);

  assert.deepEqual(first, ["[{1},{2}]"]);
  assert.equal(packer.pack(["{1}", "{2}"]), first);
  assert.deepEqual(packer.pack(["{1}", "{3}"]), ["[{1},{3}]"]);
  assert.deepEqual(packer.pack(["{1}"]), ["{1}"]);
  assert.deepEqual(packer.pack([]), []);
});

Deno.test("FramePacker.forget lets go of the turn's frames", () => {
  const packer = new FramePacker();
  const first = packer.pack(["{1}", "{2}"]);

  packer.forget();

  assert.notEqual(packer.pack(["{1}", "{2}"]), first);
});
