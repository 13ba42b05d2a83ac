/** What was truly published: whose it is, and what was sent of it by when. */
import assert from "node:assert/strict";
import { MediaClock } from "../../../cli/media/media_clock.ts";
import { Publications } from "../../../cli/media/publications.ts";

const clock = new MediaClock(90_000, { startedAt: 0, first: 0 });
const camera = { source: "camera", clock } as const;

Deno.test("Publications finds what a payload or a server names, room by room", () => {
  const publications = new Publications();
  const one = publications.add({ ...camera, roomId: "a", userId: "ann", trackId: "1" });
  const two = publications.add({ ...camera, roomId: "b", userId: "bob", trackId: "1" });

  assert.deepEqual([publications.of(one.number), publications.of(two.number)], [one, two]);
  assert.equal(publications.of(2), undefined);
  assert.equal(publications.named("a", "1"), one);
  assert.equal(publications.named("b", "1"), two);
  assert.equal(publications.named("a", "2"), undefined);
  assert.equal(publications.named("c", "1"), undefined);
  assert.deepEqual(publications.all, [one, two]);
  assert.equal(one.words, "camera of ann");
});

Deno.test("Publication tells what was sent by when", () => {
  const one = new Publications().add({ ...camera, roomId: "a", userId: "ann", trackId: "1" });
  assert.equal(one.lastSentBy(1_000), -1);
  for (let n = 0; n < 100; n++) one.sent(50 + n, n * 10);

  assert.deepEqual([-1, 0, 9, 10, 985, 5_000].map((at) => one.lastSentBy(at)), [
    ...[-1, 50, 50, 51, 148, 149],
  ]);
  assert.deepEqual([50, 149, 49, 150].map((ordinal) => one.sentAt(ordinal)), [
    ...[0, 990, Infinity, Infinity],
  ]);
  assert.deepEqual([one.firstOrdinal, one.lastOrdinal], [50, 149]);
});
