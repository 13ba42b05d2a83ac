/** Pictures as the parts of one body, and readers who are slow, stall or go. */
import assert from "node:assert/strict";
import {
  contentTypeOf,
  isJpeg,
  type Picture,
  PictureStream,
  secondsOf,
} from "../../src/http/picture_stream.ts";
import { FakeClock } from "../support/fake_clock.ts";

const picture = (name: string, timestampUs = 1_500_000): Picture => ({
  jpeg: new TextEncoder().encode(name),
  timestampUs,
});

function makeStream() {
  const clock = new FakeClock();
  const settled: string[] = [];
  let left = 0;
  const stream = new PictureStream({
    boundary: "xyz",
    clock,
    settled: ({ jpeg }, isSent) =>
      settled.push(`${isSent ? "sent" : "skipped"} ${new TextDecoder().decode(jpeg)}`),
    left: () => left++,
  });
  const reader = stream.body.getReader();
  const read = async () => {
    const { value, done } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  return { clock, stream, reader, read, settled, left: () => left };
}

Deno.test("PictureStream makes a part of each picture, and ends it at once with the next delimiter", async () => {
  const { stream, read } = makeStream();

  stream.offer(picture("one"));
  assert.equal(
    await read(),
    "--xyz\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\nX-Timestamp: 1.500000\r\n\r\n" +
      "one\r\n--xyz\r\n",
  );
  const second = read();
  stream.offer(picture("three", 2_000_001));
  assert.equal(
    await second,
    "Content-Type: image/jpeg\r\nContent-Length: 5\r\nX-Timestamp: 2.000001\r\n\r\n" +
      "three\r\n--xyz\r\n",
  );
  assert.equal(stream.contentType, "multipart/x-mixed-replace; boundary=xyz");
});

Deno.test("PictureStream gives a slow reader the newest picture, and keeps one", async () => {
  const { stream, read, settled } = makeStream();

  for (let n = 0; n < 1_000; n++) stream.offer(picture(`${n}`));
  assert.match(await read() ?? "", /\r\n999\r\n/);
  stream.offer(picture("a"));
  stream.offer(picture("b"));
  assert.match(await read() ?? "", /\r\nb\r\n/);

  assert.equal(settled.length, 1_002);
  assert.deepEqual(settled.slice(-4), ["skipped 998", "sent 999", "skipped a", "sent b"]);
});

Deno.test("PictureStream makes nothing before somebody reads", () => {
  const { stream, settled } = makeStream();

  stream.offer(picture("one"));

  assert.deepEqual(settled, []);
});

Deno.test("PictureStream.end ends the body, before or after pictures, and again", async () => {
  for (const count of [0, 1]) {
    const { stream, read, left } = makeStream();
    if (count === 1) {
      stream.offer(picture("one"));
      await read();
    }
    const next = read();

    stream.end();
    stream.end();
    stream.offer(picture("late"));

    assert.equal(await next, undefined);
    assert.equal(left(), 0);
  }
});

Deno.test("PictureStream tells when its reader goes, once", async () => {
  const { stream, reader, left } = makeStream();
  stream.offer(picture("one"));

  await reader.cancel();
  stream.offer(picture("two"));
  stream.end();

  assert.equal(left(), 1);
});

Deno.test("PictureStream gives up a reader that takes nothing for half a minute", async () => {
  const { clock, stream, reader, settled, left } = makeStream();

  for (let second = 0; second < 30; second++) {
    assert.equal(left(), 0);
    stream.offer(picture(`${second}`));
    clock.advance(1_000);
  }
  stream.offer(picture("too late"));

  assert.deepEqual([left(), clock.pending], [1, 0]);
  await assert.rejects(reader.read(), /takes nothing/);
  assert.equal(settled.some((line) => line.startsWith("sent")), false);
});

Deno.test("PictureStream gives its reader half a minute anew each time it comes", async () => {
  const { clock, stream, read, left } = makeStream();

  for (let n = 0; n < 3; n++) {
    stream.offer(picture(`${n}`));
    clock.advance(29_999);
    await read();
  }

  assert.deepEqual([left(), clock.pending], [0, 0]);
});

Deno.test("PictureStream waits with a reader that waits itself", async () => {
  const { clock, stream, read, left } = makeStream();
  const next = read();

  clock.advance(3_600_000);
  stream.offer(picture("one"));

  assert.match(await next ?? "", /one/);
  assert.equal(left(), 0);
});

Deno.test("secondsOf writes microseconds as seconds", () => {
  const cases: [number, string][] = [
    [0, "0.000000"],
    [1, "0.000001"],
    [999_999, "0.999999"],
    [1_000_000, "1.000000"],
    [Number.MAX_SAFE_INTEGER, "9007199254.740991"],
  ];
  for (const [micros, seconds] of cases) assert.equal(secondsOf(micros), seconds);
});

Deno.test("isJpeg knows the first bytes of a picture", () => {
  assert.equal(isJpeg(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), true);
  assert.equal(isJpeg(new TextEncoder().encode("<html>")), false);
  assert.equal(isJpeg(new Uint8Array([0xff, 0xd8])), false);
  assert.equal(contentTypeOf("b"), "multipart/x-mixed-replace; boundary=b");
});
