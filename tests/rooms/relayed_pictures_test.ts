/** Single pictures of one source: which sizes it makes, and who gets how many of them. */
import assert from "node:assert/strict";
import { RelayedPictures } from "../../src/rooms/relayed_pictures.ts";
import { FakeClock } from "../support/fake_clock.ts";

const JPEG = new Uint8Array([0xff, 0xd8]);

function makePictures() {
  const clock = new FakeClock();
  let changes = 0;
  const pictures = new RelayedPictures(clock, () => changes++);
  const watch = (width: number, framesPerSecond = 10) => {
    const received: number[] = [];
    const ended: string[] = [];
    const watcher = {
      width,
      framesPerSecond,
      received: (_jpeg: Uint8Array, timestampUs: number) => received.push(timestampUs),
      ended: (reason: string) => ended.push(reason),
    };
    return { received, ended, watch: pictures.watch(watcher) };
  };
  return { clock, pictures, watch, changes: () => changes };
}

Deno.test("[FR4] RelayedPictures wants one picture a width, as often as the quickest watcher", () => {
  const { pictures, watch } = makePictures();

  watch(640, 5);
  watch(320, 1);
  watch(640, 12);
  watch(640.2, 2);

  assert.deepEqual(pictures.wanted, [
    { pictureId: 1, width: 640, framesPerSecond: 12 },
    { pictureId: 2, width: 320, framesPerSecond: 1 },
  ]);
  assert.equal(pictures.watcherCount, 4);
});

Deno.test("[FR4] RelayedPictures makes four sizes at most: a fifth gets the nearest wider one", () => {
  const { pictures, watch } = makePictures();
  for (const width of [160, 320, 640, 1280]) watch(width, 1);

  watch(400, 7);
  watch(1920, 9);

  assert.deepEqual(pictures.wanted.map(({ width, framesPerSecond }) => [width, framesPerSecond]), [
    [160, 1],
    [320, 1],
    [640, 7],
    [1280, 9],
  ]);
});

Deno.test("[FR4] RelayedPictures keeps wishes within what the wire may ask for", () => {
  const { pictures, watch } = makePictures();

  watch(1, 1000);
  watch(10_000, 0.2);

  assert.deepEqual(pictures.wanted, [
    { pictureId: 1, width: 16, framesPerSecond: 30 },
    { pictureId: 2, width: 3840, framesPerSecond: 0.2 },
  ]);
  for (const none of [0, -1, NaN]) assert.throws(() => watch(100, none), RangeError);
});

Deno.test("[FR4] RelayedPictures gives a number anew only after all others", () => {
  const { pictures, watch } = makePictures();
  watch(160);

  for (let n = 0; n < 65_534; n++) watch(320).watch.close();
  watch(320);

  assert.deepEqual(pictures.wanted.map(({ pictureId }) => pictureId), [1, 2]);
});

Deno.test("[FR6] RelayedPictures.received hands a picture to those who want it alone", () => {
  const { pictures, watch } = makePictures();
  const [large, small] = [watch(640), watch(320)];

  assert.equal(pictures.received(1, JPEG, 5), 1);
  assert.equal(pictures.received(3, JPEG, 6), 0);

  assert.deepEqual([large.received, small.received], [[5], []]);
});

Deno.test("[FR4] RelayedPictures.received gives nobody more than it asked for", () => {
  const { clock, pictures, watch } = makePictures();
  const [quick, slow, odd] = [watch(640, 20), watch(640, 5), watch(640, 7)];

  for (let n = 0; n < 200; n++) {
    pictures.received(1, JPEG, n);
    clock.advance(50);
  }

  // Ten seconds of 20 pictures each, and one that was let through early.
  const counts = [quick, slow, odd].map(({ received }) => received.length);
  assert.deepEqual(counts, [200, 51, 71]);
});

Deno.test("[FR4] RelayedPictures.received loses nothing of a rhythm that jitters", () => {
  const { clock, pictures, watch } = makePictures();
  const { received } = watch(640, 10);

  for (let n = 0; n < 100; n++) {
    pictures.received(1, JPEG, n);
    clock.advance(n % 2 === 0 ? 130 : 70);
  }

  assert.equal(received.length, 100);
});

Deno.test("[FR4] RelayedPictures.received makes up for a pause by one picture at most", () => {
  const { clock, pictures, watch } = makePictures();
  const { received } = watch(640, 10);
  pictures.received(1, JPEG, 0);
  clock.advance(60_000);

  for (let n = 1; n <= 50; n++) pictures.received(1, JPEG, n);

  assert.deepEqual(received, [0, 1, 2]);
});

Deno.test("[FR4] PictureWatch.close frees the size with its last watcher, and tells once", () => {
  const { pictures, watch, changes } = makePictures();
  const [first, second] = [watch(640), watch(640, 3)];

  first.watch.close();
  first.watch.close();
  assert.deepEqual(pictures.wanted.map(({ framesPerSecond }) => framesPerSecond), [3]);
  second.watch.close();

  assert.deepEqual(pictures.wanted, []);
  assert.equal(changes(), 2);
  assert.deepEqual([first.ended, second.ended], [[], []]);
});

Deno.test("[FR8] RelayedPictures.end ends every watch once, and closing it then does nothing", () => {
  const { pictures, watch, changes } = makePictures();
  const [first, second] = [watch(640), watch(320)];

  pictures.end("left");
  pictures.end("left");
  first.watch.close();
  pictures.received(1, JPEG, 1);

  assert.deepEqual([first.ended, second.ended, first.received], [["left"], ["left"], []]);
  assert.deepEqual([pictures.watcherCount, changes()], [0, 0]);
});
