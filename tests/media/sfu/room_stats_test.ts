/** The media of a room in numbers. */
import assert from "node:assert/strict";
import { KEY, picture, RoomBench } from "../support/room_bench.ts";

Deno.test("SfuRoom says what goes through", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  ann.receive(picture(4));

  const { publications, subscriptions } = bench.room.stats();

  const camera = publications.find(({ source }) => source === "camera")!;
  assert.equal(camera.codec, "VP8");
  assert.deepEqual(
    camera.layers.map(({ packets, lost, width, height }) => ({ packets, lost, width, height })),
    [{ packets: 3, lost: 1, width: 640, height: 360 }],
  );
  const seen = subscriptions.find(({ trackId }) => trackId === camera.trackId)!;
  assert.deepEqual([seen.userId, seen.packets, seen.isPaused], ["bob", 2, false]);
});
