/** What a participant is offered, and what its m-lines carry. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import { answerTo } from "../support/descriptions.ts";
import { id, KEY, media, picture, RoomBench } from "../support/room_bench.ts";

Deno.test("[SB1] SfuRoom has one offer outstanding, and offers what came meanwhile after its answer", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "cat");
  bench.publish("ann");
  bench.taken();
  bench.publish("cat");
  assert.deepEqual(bench.taken(), [
    "cat+3 microphone",
    "cat+4 camera",
    "offer ann 1 a0=cat/microphone v0=cat/camera",
  ]);

  bench.answer("bob");

  assert.deepEqual(bench.taken(), [
    "offer bob 1 a0=ann/microphone v0=ann/camera a1=cat/microphone v1=cat/camera",
  ]);
  bench.answer("bob");
  assert.deepEqual(bench.taken(), []);
});

Deno.test("[SB2] SfuRoom gives the m-lines of who left to who comes, without another offer", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  bench.answer("bob");
  bench.taken();

  bench.room.removeParticipant(id("ann"));
  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "update bob "]);
  bench.join("cat");
  bench.publish("cat");

  assert.deepEqual(bench.taken(), [
    "cat+3 microphone",
    "cat+4 camera",
    "update bob a0=cat/microphone v0=cat/camera",
  ]);
});

Deno.test("SfuRoom goes on in one stream when an m-line is given to another participant", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "cat");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(1, KEY));
  bench.clock.advance(600);
  ann.receive(picture(2, KEY));
  const before = media(bob).at(-1)!;

  bench.room.removeParticipant(id("ann"));
  const cat = bench.publish("cat");
  bench.clock.advance(50);
  cat.receive(picture(30_000, KEY));
  bench.clock.advance(600);
  cat.receive(picture(30_001, KEY));

  const after = media(bob).at(-1)!;
  assert.equal(after.ssrc, before.ssrc);
  assert.equal((after.sequenceNumber - before.sequenceNumber) & 0xffff, 1);
});

Deno.test("[SB4, SB5] SfuRoom offers another connection for one that is lost, or when asked to", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  const bob = bench.answer("bob");
  bench.taken();

  bob.fail();
  assert.deepEqual(bench.taken(), [
    "lost bob subscriber",
    "offer bob 2 a0=ann/microphone v0=ann/camera",
  ]);
  bench.room.restartSubscription(id("bob"));
  assert.deepEqual(bench.taken(), ["offer bob 3 a0=ann/microphone v0=ann/camera"]);
  const { sdp } = bench.offers.get(id("bob"))!;
  assert.throws(
    () => bench.room.answer(id("bob"), { connection: 2, sdp: answerTo(sdp, "subb") }),
    (error) => error instanceof MediaError && error.code === "bad-description",
  );
  bench.answer("bob");
  assert.deepEqual(bench.taken(), []);
});

Deno.test("SfuRoom leaves who answers nothing alone, until it asks again", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  bench.clock.advance(16_000);
  bench.taken();

  bench.join("cat");
  bench.publish("cat");
  bench.clock.advance(16_000);
  assert.ok(!bench.taken().some((line) => line.startsWith("offer bob")));

  bench.room.restartSubscription(id("bob"));
  assert.deepEqual(bench.taken().filter((line) => line.startsWith("offer bob")), [
    "offer bob 2 a0=ann/microphone v0=ann/camera a1=cat/microphone v1=cat/camera",
  ]);
});
