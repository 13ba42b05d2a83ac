/** Synthetic sound: 50 packets a second that a receiver reads back. */
import assert from "node:assert/strict";
import { ReceivedPacket } from "../../../cli/media/received_packet.ts";
import { SentMedia } from "../../support/sent_media.ts";

Deno.test("SyntheticSound sends a packet every 20 ms, each of its own frame", () => {
  const media = new SentMedia("microphone");
  const packets = media.pass(1_000);
  const packet = new ReceivedPacket();

  assert.equal(packets.length, 51);
  packets.forEach((bytes, n) => {
    assert.equal(packet.rtp.read(bytes), true);
    assert.equal(packet.read({ isVideo: false, isRepeated: false }), true);
    const { publication, frame, ordinal, isFrameStart, isFrameEnd } = packet.payload;
    assert.deepEqual(
      [publication, frame, ordinal, isFrameStart, isFrameEnd, packet.rtp.marker],
      [0, n, n, true, true, true],
    );
    assert.equal(packet.rtp.timestamp, packet.payload.timestamp);
    assert.equal(packet.rtp.payloadType, 111);
    assert.equal(bytes[packet.rtp.payloadStart], 0xf8);
  });
  assert.equal(media.publication.lastOrdinal, 50);
});
