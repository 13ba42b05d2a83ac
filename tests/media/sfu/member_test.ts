/** The packets of a participant can be captured. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import { decodeDataFrame, encodeDataFrame } from "../../../src/protocol/mod.ts";
import { offerOf } from "../support/descriptions.ts";
import { id, KEY, picture, RoomBench } from "../support/room_bench.ts";

Deno.test("SfuRoom captures what one participant sends and gets, until nobody reads it any more", async () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const capture = bench.room.capture(id("ann"), { maxBytes: 100_000, maxMs: 60_000 });
  const reader = capture.getReader();
  const { value: header } = await reader.read();
  assert.equal(header!.length, 24);

  ann.receive(picture(1, KEY));
  const { value: record } = await reader.read();
  assert.ok(record!.length > picture(1, KEY).length);
  await reader.cancel();
  ann.receive(picture(2));

  assert.deepEqual(await reader.read(), { value: undefined, done: true });
  assert.throws(
    () => bench.room.capture(id("zoe"), { maxBytes: 1, maxMs: 1 }),
    (error) => error instanceof MediaError && error.code === "no-such-participant",
  );
  bench.room.close();
});

Deno.test("SfuRoom ends a capture with the participant", async () => {
  const bench = new RoomBench();
  bench.join("ann");
  const capture = bench.room.capture(id("ann"), { maxBytes: 100_000, maxMs: 60_000 });

  bench.room.removeParticipant(id("ann"));

  assert.equal((await new Response(capture).bytes()).length, 24);
  assert.equal(bench.clock.pending, 0);
});

Deno.test("[DC2] SfuRoom carries streams between publisher connections that have a data channel", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const [ann, bob] = ["ann", "bob"].map((user) => {
    const sdp = offerOf(`data${user}`, [], { hasData: true });
    bench.room.publish(id(user), { sdp, tracks: [] });
    const transport = bench.transports.to(`data${user}`);
    transport.open();
    return transport;
  });
  const open = encodeDataFrame({
    type: "open",
    streamId: 1,
    isOpener: true,
    userId: id("bob"),
    credit: 16_384,
    label: "file:1",
  });

  ann!.events.message(open);
  assert.deepEqual(bob!.messages.map(decodeDataFrame).map((frame) => frame?.type), ["open"]);
  assert.equal(decodeDataFrame(bob!.messages[0]!)?.userId, "ann");
  ann!.events.message(new Uint8Array([255, 255]));
  bench.room.removeParticipant(id("bob"));

  const ended = ann!.messages.map(decodeDataFrame).find((frame) => frame?.type === "close");
  assert.equal(ended?.userId, "bob");
  bench.room.close();
});
