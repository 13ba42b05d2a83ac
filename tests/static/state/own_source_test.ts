/** One source: the last wish counts, and no track runs that nobody holds. */
import assert from "node:assert/strict";
import { DeviceError, type SourceWish } from "../../../static/state/media_port.ts";
import { OwnSource } from "../../../static/state/own_source.ts";
import { FakeTrack } from "../support/fake_media.ts";

const wish: SourceWish = {
  sound: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  height: 720,
  isBlurred: false,
};

Deno.test("OwnSource.start opens, and a second wish replaces the first track", async () => {
  const { source, tracks } = sourceOf();

  const first = await source.start(wish);
  const second = await source.start(wish);

  assert.deepEqual([first, second], [true, true]);
  assert.deepEqual(tracks.map(({ isStopped }) => isStopped), [true, false]);
  assert.equal(source.track.value, tracks[1]?.asTrack);
});

Deno.test("OwnSource.start that is overtaken ends what it opened", async () => {
  const { source, tracks } = sourceOf();

  const [first, second] = await Promise.all([source.start(wish), source.start(wish)]);

  assert.deepEqual([first, second], [false, true]);
  assert.deepEqual(tracks.map(({ isStopped }) => isStopped), [true, false]);
});

Deno.test("OwnSource.start tells a fault, and keeps what was open", async () => {
  const { source, tracks, faults } = sourceOf();
  await source.start(wish);
  faults.push(new DeviceError("missing", "Cannot"));

  const isOpen = await source.start(wish);

  assert.equal(isOpen, false);
  assert.deepEqual(source.status.value, { state: "on" });
  assert.equal(tracks[0]?.isStopped, false);
});

Deno.test("OwnSource gives its device up where that stands in its own way", async () => {
  const { source, tracks, faults } = sourceOf();
  await source.start(wish);
  faults.push(new DeviceError("busy", "Cannot"));

  const isOpen = await source.start(wish);

  assert.equal(isOpen, true);
  assert.deepEqual(tracks.map(({ isStopped }) => isStopped), [true, false]);
});

Deno.test("OwnSource takes a fault that it does not know for a failure", async () => {
  const { source, faults } = sourceOf();
  faults.push(new Error("boom"));

  await source.start(wish);

  assert.deepEqual(source.status.value, { state: "failed", fault: "failed" });
});

Deno.test("OwnSource tells when the device ends by itself, and not when it was replaced before", async () => {
  const { source, tracks, lost } = sourceOf();
  await source.start(wish);
  await source.start(wish);

  tracks[0]?.end();
  const early = lost.length;
  tracks[1]?.end();

  assert.equal(early, 0);
  assert.equal(lost.length, 1);
  assert.equal(source.track.value, undefined);
});

Deno.test("OwnSource.stop closes it, and again does nothing", async () => {
  const { source, tracks } = sourceOf();
  await source.start(wish);

  source.stop();
  source.stop();

  assert.deepEqual(source.status.value, { state: "off" });
  assert.equal(tracks[0]?.isStopped, true);
});

function sourceOf() {
  const tracks: FakeTrack[] = [];
  const faults: Error[] = [];
  const lost: number[] = [];
  const source = new OwnSource({
    open: () => {
      const fault = faults.pop();
      if (fault !== undefined) return Promise.reject(fault);
      const track = new FakeTrack("video", "");
      tracks.push(track);
      return Promise.resolve(track.asTrack);
    },
    lost: () => lost.push(1),
  });
  return { source, tracks, faults, lost };
}
