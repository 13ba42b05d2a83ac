/** What ffmpeg encodes goes into payloads out of which the recorder's readers get it back. */
import assert from "node:assert/strict";
import { av1Units } from "../../../cli/media/av1_units.ts";
import { readIvf } from "../../../cli/media/ivf.ts";
import { MediaFileError } from "../../../cli/media/media_file.ts";
import { readOggOpus } from "../../../cli/media/ogg_opus.ts";
import { packetize } from "../../../cli/media/packetize.ts";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { createPayloadReader } from "../../../src/media/record/payload_reader.ts";
import { isKeyFrameStart } from "../../../src/media/rtp/codecs.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { FRAME_RATE, MediaFiles } from "../../support/media_files.ts";

const DELIMITER = 2;

for (const codec of ["VP8", "VP9", "AV1"] as const) {
  Deno.test(`readIvf and packetize bring every frame of ${codec} over`, async () => {
    await using files = await MediaFiles.make();
    const file = readIvf(await Deno.readFile(await files.picture(codec, { seconds: 2 })));
    const reader = createPayloadReader(codec);
    const units = (bytes: Uint8Array) =>
      codec === "AV1" ? av1Units(bytes).filter(({ type }) => type !== DELIMITER) : [...bytes];

    let largest = 0;
    for (const [index, frame] of file.frames.entries()) {
      const whole = new FrameBytes();
      reader.begin();
      const packets = packetize(codec, frame, 32_750 + index).map(received);
      for (const packet of packets) {
        assert.ok(reader.append(packet, whole), `frame ${index}`);
        largest = Math.max(largest, packet.payloadEnd - packet.payloadStart);
      }
      assert.ok(reader.finish(whole));
      assert.deepEqual(units(whole.copy()), units(frame.bytes));
      assert.equal(isKeyFrameStart(codec, packets[0]!), frame.isKeyFrame);
    }

    assert.equal(file.codec, codec);
    assert.equal(file.frames.length, 2 * FRAME_RATE);
    assert.deepEqual(file.frames[FRAME_RATE]!.isKeyFrame, true);
    assert.ok(Math.abs(file.durationMs - 2_000) < 2, `${file.durationMs} ms`);
    assert.ok(largest > 500 && largest <= 1_120, `a payload of ${largest} bytes`);
  });
}

Deno.test("readOggOpus finds every packet of a sound and its time", async () => {
  await using files = await MediaFiles.make();

  const { codec, frames, durationMs } = readOggOpus(
    await Deno.readFile(await files.sound({ seconds: 2 })),
  );

  assert.equal(codec, "opus");
  assert.ok(frames.length >= 100 && frames.length <= 102, `${frames.length} packets`);
  assert.deepEqual(frames.slice(0, 3).map(({ atMs }) => atMs), [0, 20, 40]);
  assert.equal(durationMs, frames.length * 20);
});

Deno.test("readIvf and readOggOpus say why a file cannot be played", async () => {
  await using files = await MediaFiles.make();
  const ivf = await Deno.readFile(await files.picture("VP8", { seconds: 1 }));
  const ogg = await Deno.readFile(await files.sound({ seconds: 1 }));
  const changed = (bytes: Uint8Array, at: number, ...values: number[]) => {
    const copy = bytes.slice();
    copy.set(values, at);
    return copy;
  };

  for (
    const [read, bytes, reason] of [
      [readIvf, new Uint8Array(), /^it is no IVF file$/],
      [readIvf, ogg, /^it is no IVF file$/],
      [readIvf, changed(ivf, 8, 0x48), /^its codec is "HP80": expected VP80, VP90 or AV01$/],
      [readIvf, changed(ivf, 20, 0, 0, 0, 0), /^it does not say how fast/],
      [readIvf, ivf.subarray(0, 32), /^it has no picture$/],
      [readIvf, ivf.subarray(0, ivf.length - 1), /^it breaks off at byte \d+$/],
      [readIvf, changed(ivf, 44, ivf[44]! | 1), /^it does not begin with a key frame$/],
      [readOggOpus, new Uint8Array(), /^it is no Ogg file$/],
      [readOggOpus, ivf, /^it is no Ogg file$/],
      [readOggOpus, changed(ogg, 28, 0x58), /^its first stream is not Opus$/],
      [readOggOpus, changed(ogg, 46, 1), /^its Opus has more channels than two$/],
      [readOggOpus, ogg.subarray(0, ogg.length - 1), /^it breaks off at byte \d+$/],
    ] as const
  ) {
    assert.throws(() => read(bytes), (error) => {
      assert.ok(error instanceof MediaFileError, `${error}`);
      assert.match(error.message, reason);
      return true;
    });
  }
});

function received(payload: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  assert.ok(packet.read(buildRtpPacket({
    ...{ ssrc: 1, payloadType: 96, sequenceNumber: 1, timestamp: 1, marker: false, payload },
  })));
  return packet;
}
