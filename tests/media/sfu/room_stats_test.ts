/** The media of a room in numbers. */
import assert from "node:assert/strict";
import type { UserId } from "../../../src/protocol/mod.ts";
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
  assert.deepEqual([seen.from, seen.source, seen.height], ["ann", "camera", 360]);
});

Deno.test("[MS1] SfuRoom says of one participant what goes to it and comes from it, and no more", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "cat");
  for (const name of ["ann", "bob"]) bench.publish(name);
  for (const name of ["ann", "bob", "cat"]) bench.answer(name);

  const { publications, subscriptions, estimates } = bench.room.stats("bob" as UserId);

  assert.deepEqual(publications.map(({ userId }) => userId), ["bob", "bob"]);
  assert.deepEqual(subscriptions.map(({ userId, from }) => [userId, from]), [
    ...[["bob", "ann"], ["bob", "ann"]],
  ]);
  assert.deepEqual(estimates.map(({ userId }) => userId), ["bob"]);
});
