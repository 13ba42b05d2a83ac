/** The media of a room: who publishes is offered to the others, and who is gone is gone. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import { offerOf } from "../support/descriptions.ts";
import {
  CAMERA,
  id,
  KEY,
  media,
  MICROPHONE,
  PERSON,
  picture,
  RoomBench,
  sound,
} from "../support/room_bench.ts";

Deno.test("[PB1] SfuRoom answers a publisher, and offers what it publishes to the others", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");

  const answer = bench.room.publish(id("ann"), {
    sdp: offerOf("puba", [MICROPHONE, CAMERA]),
    tracks: PERSON,
  });

  assert.match(answer.sdp, /^v=0\r\n/);
  assert.match(answer.sdp, /a=recvonly/);
  assert.deepEqual(answer.tracks, [{ mid: "0", trackId: "1" }, { mid: "1", trackId: "2" }]);
  assert.deepEqual(bench.taken(), [
    "ann+1 microphone",
    "ann+2 camera",
    "offer bob 1 a0=ann/microphone v0=ann/camera",
  ]);
});

Deno.test("SfuRoom sends nobody its own media", () => {
  const bench = new RoomBench();
  bench.join("ann");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.clock.advance(1_000);

  assert.equal(bench.offers.size, 0);
  assert.deepEqual(media(ann), []);
});

Deno.test("[SP1] SfuRoom tells who is heard", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  for (let n = 0; n < 100; n++) {
    ann.receive(sound(n, 20));
    bench.clock.advance(20);
  }
  assert.deepEqual(bench.taken().filter((line) => line.startsWith("speakers")), ["speakers ann"]);

  for (let n = 100; n < 300; n++) {
    ann.receive(sound(n, 127));
    bench.clock.advance(20);
  }

  assert.deepEqual(bench.taken().filter((line) => line.startsWith("speakers")), ["speakers "]);
});

Deno.test("[PB5] SfuRoom takes an offer with other credentials for another connection", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const before = bench.publish("ann");
  bench.taken();

  bench.room.publish(id("ann"), { sdp: offerOf("other", [MICROPHONE]), tracks: [PERSON[0]!] });

  assert.equal(before.isClosed, true);
  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "ann+3 microphone"]);
  bench.answer("bob");
  assert.deepEqual(bench.taken(), ["update bob a0=ann/microphone"]);
});

Deno.test("[PB2] SfuRoom refuses what it cannot carry, and nothing has changed", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  bench.taken();
  const refuse = (sdp: string, tracks = PERSON) =>
    assert.throws(
      () => bench.room.publish(id("ann"), { sdp, tracks }),
      (error) => error instanceof MediaError && error.code === "bad-description",
    );

  refuse("nonsense");
  refuse("");
  refuse(offerOf("x", [MICROPHONE]));
  refuse(offerOf("y", [{ ...MICROPHONE, ssrc: 600 }, CAMERA]));

  assert.equal(ann.isClosed, false);
  assert.deepEqual(bench.taken(), []);
  assert.equal(bench.transports.made.length, 1);
});

Deno.test("[SB5] SfuRoom tells of a publisher that is lost, and takes another", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  bench.answer("bob");
  bench.taken();

  ann.fail();

  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "lost ann publisher", "update bob "]);
  bench.room.publish(id("ann"), { sdp: offerOf("again", [MICROPHONE]), tracks: [PERSON[0]!] });
  assert.deepEqual(bench.taken(), ["ann+3 microphone", "update bob a0=ann/microphone"]);
});

Deno.test("SfuRoom knows nobody who is not there", () => {
  const bench = new RoomBench();
  bench.join("ann");

  for (
    const attempt of [
      () => bench.room.publish(id("zoe"), { sdp: offerOf("z", [MICROPHONE]), tracks: [] }),
      () => bench.room.answer(id("zoe"), { connection: 1, sdp: "" }),
      () => bench.room.subscribe(id("zoe"), { trackId: "1" }),
      () => bench.room.view(id("zoe"), { sdp: "" }),
    ]
  ) {
    assert.throws(
      attempt,
      (error) => error instanceof MediaError && error.code === "no-such-participant",
    );
  }
  bench.room.removeParticipant(id("zoe"));
  bench.room.restartSubscription(id("zoe"));
});

Deno.test("SfuRoom that is closed has ended every connection, and does nothing any more", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  bench.taken();

  bench.room.close();
  bench.room.close();
  bench.join("cat");
  ann.receive(picture(1, KEY));
  bench.clock.advance(1_000);

  assert.deepEqual([ann.isClosed, bob.isClosed], [true, true]);
  assert.deepEqual(bench.taken(), []);
  assert.equal(bench.clock.pending, 0);
});
