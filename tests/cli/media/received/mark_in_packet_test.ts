/** The number of a frame in the packet that carries it. */
import assert from "node:assert/strict";
import { frameMark } from "../../../../cli/media/pattern/frame_mark.ts";
import { packetize } from "../../../../cli/media/packetize.ts";
import { annexB } from "../../../../cli/media/annex_b.ts";
import { frameMarkIn } from "../../../../cli/media/received/mark_in_packet.ts";
import { buildRtpPacket } from "../../../../src/media/rtp/packet.ts";
import { readPacket } from "../../../support/pattern_packets.ts";

const MARK = { number: 300, madeAtMs: 1_764_444_000_123 };
const SLICE = Uint8Array.from([0x41, 0x9a, 1, 2, 3]);

function packetsOf(units: readonly Uint8Array[]) {
  const frame = { bytes: annexB(units), atMs: 0, isKeyFrame: false };
  return packetize("H264", frame, 0).map((payload) =>
    readPacket(buildRtpPacket({
      ...{ ssrc: 1, payloadType: 108, sequenceNumber: 1, timestamp: 1, marker: false, payload },
    }))
  );
}

Deno.test("frameMarkIn finds the mark by itself, and together with a slice", () => {
  assert.deepEqual(packetsOf([frameMark(MARK)]).map(frameMarkIn), [MARK]);
  assert.deepEqual(packetsOf([frameMark(MARK), SLICE]).map(frameMarkIn), [MARK]);
});

Deno.test("frameMarkIn finds nothing where there is none, or a packet is torn", () => {
  const [whole] = packetsOf([SLICE, SLICE]);
  const [torn] = packetsOf([SLICE, frameMark(MARK)]);
  torn!.payloadEnd -= 5;

  assert.equal(frameMarkIn(whole!), undefined);
  assert.equal(frameMarkIn(torn!), undefined);
  assert.deepEqual(packetsOf([new Uint8Array(3_000).fill(0x41)]).map(frameMarkIn), [
    ...[undefined, undefined, undefined],
  ]);
});
