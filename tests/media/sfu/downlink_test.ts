/** What goes to a receiver is what it wants, from a key frame on. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { readRtcp, writePictureLoss } from "../../../src/media/rtp/rtcp.ts";
import { id, KEY, media, picture, RoomBench, sound } from "../support/room_bench.ts";

Deno.test("SfuRoom forwards sound and picture once the receiver has answered", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  ann.receive(sound(1));
  ann.receive(picture(1, KEY));
  bench.clock.advance(50);
  assert.deepEqual(media(bob), []);

  const asked = ann.sent.flatMap(readRtcp).filter(({ type }) => type === "picture-loss");
  assert.equal(asked.length, 1);
  ann.receive(sound(2));
  ann.receive(picture(2));
  ann.receive(picture(3, KEY));
  ann.receive(picture(4));

  const [audio, first, second, ...more] = media(bob);
  assert.equal(audio!.payloadType, 111);
  assert.deepEqual([first!.payloadType, second!.payloadType], [96, 96]);
  assert.equal((second!.sequenceNumber - first!.sequenceNumber) & 0xffff, 1);
  assert.notEqual(first!.ssrc, 600);
  assert.deepEqual(more, []);
});

Deno.test("SfuRoom passes the wish for a key frame on to the publisher", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  const [{ ssrc }] = media(bob) as [RtpPacket];
  ann.sent.splice(0);

  bob.receive(writePictureLoss(9, ssrc));
  bench.clock.advance(1_000);

  const asked = ann.sent.flatMap(readRtcp).filter((one) => one.type === "picture-loss");
  assert.deepEqual(asked.map(({ mediaSsrc }) => mediaSsrc), asked.map(() => 600));
  assert.ok(asked.length >= 1);
});

Deno.test("[SB3] SfuRoom does not send what is paused, and again when it is wanted", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  assert.equal(media(bob).length, 1);

  bench.room.subscribe(id("bob"), { trackId: "2", isPaused: true });
  bench.clock.advance(50);
  ann.receive(picture(3, KEY));
  assert.equal(media(bob).length, 0);
  bench.room.subscribe(id("bob"), { trackId: "2" });
  bench.clock.advance(50);
  ann.receive(picture(4, KEY));

  assert.equal(media(bob).length, 1);
  assert.throws(
    () => bench.room.subscribe(id("bob"), { trackId: "77" }),
    (error) => error instanceof MediaError && error.code === "no-such-track",
  );
});

Deno.test("[PB6] SfuRoom tells a publisher when nobody wants its picture, and at once when somebody does", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  bench.taken();

  bench.room.subscribe(id("bob"), { trackId: "2", isPaused: true });
  bench.clock.advance(1_500);
  assert.deepEqual(bench.taken(), []);
  bench.clock.advance(1_500);
  assert.deepEqual(bench.taken(), ["wanted ann 2 0"]);
  bench.room.subscribe(id("bob"), { trackId: "2", maxHeight: 360 });
  bench.clock.advance(400);

  assert.deepEqual(bench.taken(), ["wanted ann 2 360"]);
});
