/** A packet as a receiver reads it, whichever way it came. */
import assert from "node:assert/strict";
import { ReceivedPacket } from "../../../cli/media/received_packet.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { SentMedia } from "../../support/sent_media.ts";

Deno.test("ReceivedPacket reads a repeated packet as the one that it repeats", () => {
  const media = new SentMedia("camera");
  const [original] = media.pass(100);
  const reader = new RtpPacket();
  reader.read(original!);
  const again = media.track.stream.again(reader.sequenceNumber)!;
  const packet = new ReceivedPacket();

  assert.equal(packet.rtp.read(again), true);
  assert.equal(packet.read({ isVideo: true, isRepeated: true }), true);

  assert.equal(packet.sequenceNumber, reader.sequenceNumber);
  assert.notEqual(packet.rtp.sequenceNumber, undefined);
  assert.deepEqual([packet.payload.ordinal, packet.isRepeated, packet.isVideo], [0, true, true]);
  assert.equal(packet.descriptor.isKeyFrame, true);
});

Deno.test("ReceivedPacket refuses what is taken for another kind, and what is cut off", () => {
  const [picture] = new SentMedia("camera").pass(100);
  const [sound] = new SentMedia("microphone").pass(100);
  const packet = new ReceivedPacket();
  const isRead = (bytes: Uint8Array, how: { isVideo: boolean; isRepeated: boolean }) =>
    packet.rtp.read(bytes) && packet.read(how);

  assert.equal(isRead(picture!, { isVideo: false, isRepeated: false }), false);
  assert.equal(isRead(picture!, { isVideo: true, isRepeated: true }), false);
  assert.equal(isRead(sound!, { isVideo: true, isRepeated: false }), false);
  for (const length of [12, 13, 14, 20, picture!.length - 1]) {
    const cut = picture!.subarray(0, length);
    assert.equal(isRead(cut, { isVideo: true, isRepeated: false }), false, `${length}`);
    assert.equal(isRead(cut, { isVideo: true, isRepeated: true }), false, `${length}`);
  }
});
