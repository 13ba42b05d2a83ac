/** Frames on the time line of a recording. */
import assert from "node:assert/strict";
import {
  MAX_SKEW_MS,
  PublisherClock,
  StreamClock,
} from "../../../src/media/record/stream_clock.ts";

/** The publisher's wall clock at the beginning. */
const NTP = 1_790_000_000_000;

function makeClocks() {
  const publisher = new PublisherClock();
  const sound = new StreamClock({ clockRate: 48_000, isSound: true, publisher });
  const picture = new StreamClock({ clockRate: 90_000, isSound: false, publisher });
  /** By the sender's milliseconds, with timestamps that wrap soon. */
  const ticks = (ms: number, rate: number) => (0xffff_ff00 + ms * rate) >>> 0;
  return {
    publisher,
    sound,
    picture,
    placeSound: (ms: number, arrivedAtMs: number) => sound.place(ticks(ms, 48), arrivedAtMs),
    placePicture: (ms: number, arrivedAtMs: number) => picture.place(ticks(ms, 90), arrivedAtMs),
    reportSound: (ms: number, ntpMs: number) => sound.senderReport(ticks(ms, 48), ntpMs),
    reportPicture: (ms: number, ntpMs: number) => picture.senderReport(ticks(ms, 90), ntpMs),
  };
}

Deno.test("StreamClock places the first frame where it came, and the others by their timestamps", () => {
  const { placeSound, sound } = makeClocks();

  assert.equal(placeSound(0, 50), 50);
  assert.equal(placeSound(20, 90), 70);
  assert.equal(placeSound(1_000, 1_051), 1_050);
  assert.equal(sound.isSynchronised, false);
});

Deno.test("StreamClock places pictures with the sound once both have been reported", () => {
  const { placeSound, placePicture, reportSound, reportPicture, picture } = makeClocks();

  reportSound(0, NTP);
  reportPicture(0, NTP);

  assert.equal(placeSound(0, 20), 20);
  // They come 300 ms later than the sound of the same moment.
  assert.equal(placePicture(0, 320), 20);
  assert.equal(placePicture(40, 360), 60);
  assert.ok(picture.isSynchronised);
});

Deno.test("StreamClock lets pictures step to the sound when reports come late", () => {
  const { placeSound, placePicture, reportSound, reportPicture } = makeClocks();
  placeSound(0, 20);
  placePicture(0, 320);

  reportPicture(0, NTP);
  assert.equal(placePicture(40, 360), 360);
  reportSound(0, NTP);

  assert.equal(placeSound(60, 80), 80, "a sound does not step");
  assert.equal(placePicture(80, 400), 100);
});

Deno.test("StreamClock follows a sound whose clock is slower than it says", () => {
  const { placeSound, placePicture, reportSound, reportPicture } = makeClocks();
  reportSound(0, NTP);
  reportPicture(0, NTP);
  placeSound(0, 0);
  placePicture(0, 0);

  // 200 parts in a million, for half an hour, with a report every five seconds.
  const real = (ms: number) => ms * 1.0002;
  for (let ms = 0; ms <= 1_800_000; ms += 5_000) {
    reportSound(ms, NTP + real(ms) + (ms % 3 - 1) * 3);
    reportPicture(real(ms), NTP + real(ms));
    placeSound(ms, real(ms));
    placePicture(real(ms), real(ms));
  }

  const apart = placeSound(1_800_000, 1_800_360) - placePicture(real(1_800_000), 1_800_360);
  assert.ok(Math.abs(apart) < 20, `${apart} ms apart`);
});

Deno.test("StreamClock goes on with the sound when the publisher's clock is set", () => {
  const { placeSound, placePicture, reportSound, reportPicture } = makeClocks();
  reportSound(0, NTP);
  reportPicture(0, NTP);
  placeSound(0, 10);
  placePicture(0, 10);

  reportSound(1_000, NTP + 1_000 + 4_000);
  assert.equal(placeSound(1_000, 1_010), 1_010);
  reportPicture(1_000, NTP + 1_000 + 4_000);

  assert.equal(placePicture(1_000, 1_010), 1_010);
});

Deno.test("StreamClock believes neither reports nor timestamps that lead far away", () => {
  const { placeSound, placePicture, reportPicture, reportSound, picture } = makeClocks();
  reportSound(0, NTP);
  placeSound(0, 10);
  placePicture(0, 10);

  reportPicture(0, NTP + MAX_SKEW_MS * 2);
  assert.equal(placePicture(40, 50), 50);
  assert.equal(picture.isSynchronised, false);
  assert.equal(placePicture(3_600_000, 90), 90, "a timestamp that jumps");
  assert.equal(placePicture(3_600_040, 130), 130);
  reportPicture(3_600_040, NTP + 120);

  assert.equal(placePicture(3_600_080, 170), 170);
  assert.ok(picture.isSynchronised);
});
