/** One write a turn, packed where the client asked for it. */
import assert from "node:assert/strict";
import { SUBPROTOCOL } from "../../src/protocol/mod.ts";
import { FramePacker, Outbox, OutboxSchedule } from "../../src/signaling/outbox.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/hub_fixture.ts";

function makeOutbox(socket: FakeSocket, maxHeldLength = 100): Outbox {
  return new Outbox(socket, { packer: new FramePacker(), maxHeldLength });
}

Deno.test("[CO6] Outbox.flush packs a turn's messages into one frame for signalbox.v1", () => {
  const socket = new FakeSocket(SUBPROTOCOL);
  const outbox = makeOutbox(socket);
  for (const encoded of ["{1}", "{2}", "{3}"]) outbox.push(encoded, undefined);

  outbox.flush();

  assert.deepEqual(socket.frames, ["[{1},{2},{3}]"]);
});

Deno.test("[CO6] Outbox.flush sends a frame a message without the subprotocol", () => {
  const socket = new FakeSocket("");
  const outbox = makeOutbox(socket);
  for (const encoded of ["{1}", "{2}"]) outbox.push(encoded, undefined);

  outbox.flush();

  assert.deepEqual(socket.frames, ["{1}", "{2}"]);
});

Deno.test("[CO5] Outbox.push says whether it is the first since the last flush", () => {
  const outbox = makeOutbox(new FakeSocket(""));

  assert.deepEqual([outbox.push("1", undefined), outbox.push("2", undefined)], [true, false]);
  outbox.flush();
  assert.equal(outbox.push("3", undefined), true);
});

Deno.test("[CO5] Outbox.flush of an empty outbox sends nothing", () => {
  const socket = new FakeSocket(SUBPROTOCOL);

  makeOutbox(socket).flush();

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

Deno.test("[BP3] Outbox keeps only the newest of a key while it is held, and the order of the rest", () => {
  const socket = new FakeSocket("");
  const outbox = makeOutbox(socket);
  outbox.push("{0}", "ann");
  outbox.hold();

  for (
    const [encoded, key] of [["{1}", "ann"], ["{2}", undefined], ["{3}", "bob"], ["{4}", "ann"]]
  ) {
    outbox.push(encoded!, key);
  }
  outbox.flush();

  assert.deepEqual(socket.frames, ["{0}", "{2}", "{3}", "{4}"]);
  assert.equal(outbox.release(), 0);
});

Deno.test("[BP3] Outbox supersedes nothing while the reader keeps up", () => {
  const socket = new FakeSocket("");
  const outbox = makeOutbox(socket);

  outbox.push("{1}", "ann");
  outbox.push("{2}", "ann");
  outbox.flush();

  assert.deepEqual(socket.frames, ["{1}", "{2}"]);
});

Deno.test("[BP2] Outbox drops everything beyond its budget until it is released", () => {
  const socket = new FakeSocket("");
  const outbox = makeOutbox(socket, 8);
  outbox.push("{1}", undefined);
  outbox.hold();

  for (let n = 2; n < 6; n++) outbox.push(`{${n}}`, undefined);
  outbox.flush();

  assert.deepEqual([socket.frames, outbox.release()], [[], 5]);
  outbox.push("{6}", undefined);
  outbox.flush();
  assert.deepEqual([socket.frames, outbox.release()], [["{6}"], 0]);
});

Deno.test("[BP2] Outbox counts a superseded message's length no more", () => {
  const outbox = makeOutbox(new FakeSocket(""), 8);
  outbox.hold();

  for (let n = 0; n < 50; n++) outbox.push("{n}", "ann");

  assert.equal(outbox.release(), 0);
});

Deno.test("[BP1] OutboxSchedule.hold flushes again in a moment, and not after close", () => {
  const clock = new FakeClock();
  let flushes = 0;
  const schedule = new OutboxSchedule(clock, () => {});
  const held = { flush: () => void flushes++ };

  schedule.hold(held);
  schedule.hold(held);
  clock.advance(1_000);
  assert.equal(flushes, 1);
  schedule.hold(held);
  schedule.close();
  clock.advance(1_000);

  assert.deepEqual([flushes, clock.pending], [1, 0]);
});
