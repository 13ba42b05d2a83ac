/** Synthetic pictures: frames that the server can tell apart, and key frames when they are wanted. */
import assert from "node:assert/strict";
import { ReceivedPacket } from "../../../cli/media/received_packet.ts";
import { isKeyFrameStart, readPictureSize } from "../../../src/media/rtp/codecs.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { SentMedia } from "../../support/sent_media.ts";

type Seen = { frame: number; isKey: boolean; isStart: boolean; isEnd: boolean; bytes: number };

function look(packets: readonly Uint8Array[]): Seen[] {
  const packet = new ReceivedPacket();
  return packets.map((bytes) => {
    assert.equal(packet.rtp.read(bytes), true);
    assert.equal(packet.read({ isVideo: true, isRepeated: false }), true);
    const { frame, isKeyFrame: isKey, isFrameStart: isStart, isFrameEnd: isEnd } = packet.payload;
    assert.equal(packet.rtp.marker, isEnd);
    assert.equal(packet.descriptor.isFrameStart, isStart);
    assert.equal(packet.descriptor.isKeyFrame, isKey && isStart);
    return { frame, isKey, isStart, isEnd, bytes: bytes.length };
  });
}

Deno.test("SyntheticPicture begins with a key frame of several packets, then sends 15 frames a second", () => {
  const media = new SentMedia("camera");
  const packets = media.pass(1_000);
  const seen = look(packets);

  assert.deepEqual(seen.map(({ isKey }) => isKey).lastIndexOf(true), 2);
  assert.deepEqual(seen.slice(0, 3).map(({ isStart }) => isStart), [true, false, false]);
  assert.deepEqual(seen.slice(0, 3).map(({ isEnd }) => isEnd), [false, false, true]);
  assert.equal(seen.at(-1)?.frame, 15);
  const packet = new RtpPacket();
  assert.equal(packet.read(packets[0]!), true);
  assert.equal(isKeyFrameStart("VP8", packet), true);
  assert.deepEqual(readPictureSize("VP8", packet), { width: 320, height: 180 });
});

Deno.test("SyntheticPicture sends about as much as it is told, in packets that fit any path", () => {
  for (const kbps of [12, 100, 1_500]) {
    const media = new SentMedia("camera", { kbps });
    media.pass(1_000);
    const seen = look(media.pass(4_000));
    const sent = seen.reduce((sum, { bytes }) => sum + bytes, 0) * 8 / 4_000;

    assert.ok(sent > kbps * 0.95 && sent < kbps * 1.15 + 2, `${sent} of ${kbps} kbit/s`);
    assert.ok(seen.every(({ bytes }) => bytes <= 1_200));
  }
});

Deno.test("SyntheticPicture makes a key frame when it is asked, and not one after the other", () => {
  const media = new SentMedia("camera");
  media.pass(1_000);

  for (let n = 0; n < 5; n++) {
    media.picture!.wantKeyFrame();
    media.pass(40);
  }
  media.pass(300);

  assert.equal(media.picture!.keyFrames, 3);
});

Deno.test("[PB6] SyntheticPicture sends nothing that nobody wants, and begins again with a key frame", () => {
  const media = new SentMedia("camera");
  media.pass(500);

  media.picture!.watched(0);
  assert.deepEqual(media.pass(1_000), []);
  media.picture!.watched(180);
  const [first, ...rest] = look(media.pass(500));

  assert.deepEqual([first?.isKey, first?.isStart], [true, true]);
  assert.ok(rest.length > 5);
  media.picture!.watched(360);
  assert.ok(look(media.pass(500)).every(({ isKey }) => !isKey));
});

Deno.test("SentTrack loses packets on purpose, but none of key frames, and has them again", () => {
  const media = new SentMedia("camera", { isLost: () => true });
  const packets = media.pass(1_000);

  assert.ok(look(packets).every(({ isKey }) => isKey));
  assert.equal(media.track.lost, 15);
  const reader = new RtpPacket();
  assert.equal(reader.read(packets.at(-1)!), true);
  assert.notEqual(media.track.stream.again(reader.sequenceNumber + 1 & 0xffff), undefined);
});
