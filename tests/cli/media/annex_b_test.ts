/** H.264 as a byte stream, as x264 writes it. */
import assert from "node:assert/strict";
import {
  annexB,
  isKeyPicture,
  Pictures,
  readAnnexB,
  typeOf,
  unitsOf,
} from "../../../cli/media/annex_b.ts";
import { MediaFileError } from "../../../cli/media/media_file.ts";
import { packetize } from "../../../cli/media/packetize.ts";
import { createPayloadReader } from "../../../src/media/record/payload_reader.ts";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { isKeyFrameStart } from "../../../src/media/rtp/codecs.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { ffmpeg } from "../../support/ffmpeg.ts";
import { MediaFiles } from "../../support/media_files.ts";

Deno.test("readAnnexB finds every picture, and packetize brings each over, in parts or together", async () => {
  await using files = await MediaFiles.make();
  const file = readAnnexB(await encoded(files, ["-x264-params", "slices=2"]), 25);
  const reader = createPayloadReader("H264");
  let parts = 0;

  for (const [index, frame] of file.frames.entries()) {
    const whole = new FrameBytes();
    reader.begin();
    const payloads = packetize("H264", frame, index);
    for (const payload of payloads) {
      const packet = received(payload);
      if (payload === payloads[0]) assert.equal(isKeyFrameStart("H264", packet), frame.isKeyFrame);
      assert.ok(reader.append(packet, whole), `frame ${index}`);
      assert.ok(payload.length <= 1_110, `${payload.length} bytes`);
      if ((payload[0]! & 0x1f) === 28) parts++;
    }
    assert.ok(reader.finish(whole));
    assert.deepEqual(unitsOf(whole.copy()), unitsOf(frame.bytes));
  }

  assert.equal(file.frames.length, 50);
  assert.equal(file.durationMs, 2_000);
  assert.deepEqual(file.frames.filter(({ isKeyFrame }) => isKeyFrame).map(({ atMs }) => atMs), [
    ...[0, 1_000],
  ]);
  assert.ok(parts > 0, "a unit that is longer than a packet");
});

Deno.test("unitsOf and annexB are each other's way back, whatever the start codes", () => {
  const units = [[0x67, 1, 2], [0x68, 3], [0x65, 0x88, 0, 0, 3, 1]].map((one) =>
    Uint8Array.from(one)
  );

  assert.deepEqual(unitsOf(annexB(units)), units);
  assert.deepEqual(unitsOf(Uint8Array.from([0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0])), [
    Uint8Array.from([0x67, 1]),
    Uint8Array.from([0x68, 2]),
  ]);
  assert.deepEqual(units.map(typeOf), [7, 8, 5]);
  assert.ok(isKeyPicture(units) && !isKeyPicture(units.slice(0, 2)));
});

Deno.test("Pictures ends a picture where another begins", () => {
  const pictures = new Pictures();
  const [sps, idr, second, slice] = [[0x67, 1], [0x65, 0x88], [0x65, 0x08], [0x41, 0x9a]]
    .map((one) => Uint8Array.from(one));

  assert.equal(pictures.add(sps!), undefined);
  assert.equal(pictures.add(idr!), undefined);
  assert.equal(pictures.add(second!), undefined, "another slice of the same");
  assert.deepEqual(pictures.add(slice!), [sps, idr, second]);
  assert.deepEqual(pictures.add(sps!), [slice]);
  assert.equal(pictures.end(), undefined);
});

Deno.test("readAnnexB says why a file cannot be played", async () => {
  await using files = await MediaFiles.make();
  const good = await encoded(files, []);
  const units = unitsOf(good);
  const bad = [
    [new Uint8Array(0), /no start code/],
    [new TextEncoder().encode("no stream"), /no start code/],
    [annexB(units.filter((unit) => typeOf(unit) > 5)), /no picture/],
    [annexB(units.filter((unit) => typeOf(unit) !== 7)), /does not begin with a key frame/],
    [annexB(units.filter((unit) => typeOf(unit) !== 5)), /does not begin with a key frame/],
  ] as const;

  for (const [bytes, words] of bad) {
    assert.throws(
      () => readAnnexB(bytes, 25),
      (error) => error instanceof MediaFileError && words.test(error.message),
    );
  }
});

async function encoded(files: MediaFiles, options: readonly string[]): Promise<Uint8Array> {
  const path = `${files.folder}/x.h264`;
  await ffmpeg([
    ...["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25", "-t", "2"],
    ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-profile:v", "baseline", "-g", "25"],
    ...["-bf", "0", ...options, "-f", "h264", path],
  ]);
  return await Deno.readFile(path);
}

function received(payload: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  const header = { ssrc: 1, payloadType: 108, sequenceNumber: 1, timestamp: 1, marker: false };
  assert.ok(packet.read(buildRtpPacket({ ...header, payload, extensions: [] })));
  return packet;
}
