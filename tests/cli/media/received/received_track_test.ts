/** What comes of one thing of one participant: counted, asked for again, handed on. */
import assert from "node:assert/strict";
import { ReceivedTrack } from "../../../../cli/media/received/received_track.ts";
import { PatternPackets, readPacket, SSRC } from "../../../support/pattern_packets.ts";

const PICTURE = { codec: "H264", isRepair: false } as const;

Deno.test("ReceivedTrack counts packets, frames, key frames, the size and the numbers of a pattern", () => {
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  for (let at = 0; at < 2_000; at += 40) {
    if (at === 1_000) pattern.source.wantKeyFrame();
    for (const bytes of pattern.at(at)) track.take(readPacket(bytes), { ...PICTURE, at });
  }

  const counts = track.countsAt(2_000);
  assert.deepEqual(
    [counts.codec, counts.width, counts.height, counts.frames, counts.keyFrames],
    ["H264", 640, 480, 50, 2],
  );
  assert.deepEqual([counts.frameNumber, counts.numbersInOrder, counts.lost], [49, 49, 0]);
  assert.equal(counts.packets, pattern.stream.packets);
  assert.equal(track.beganAt, 0);
  assert.equal(track.ssrc, SSRC);
  assert.ok(counts.jitterMs < 1);
});

Deno.test("ReceivedTrack asks for what is missing, and hands on what is repeated as it was at first", () => {
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  const numbers: number[] = [];
  track.sink = {
    packet: (_codec, { sequenceNumber, ssrc, payloadStart, bytes }) => {
      assert.equal(ssrc, SSRC);
      assert.ok(payloadStart < bytes.length);
      numbers.push(sequenceNumber);
    },
    senderReport() {},
  };
  const lost: number[] = [];
  for (let at = 0; at < 400; at += 40) {
    for (const bytes of pattern.at(at)) {
      const packet = readPacket(bytes);
      if (at === 160) lost.push(packet.sequenceNumber);
      else track.take(packet, { ...PICTURE, at });
    }
  }
  assert.equal(track.countsAt(400).lost, lost.length);

  const missing = track.missing(400);
  for (const number of missing) {
    const packet = readPacket(pattern.stream.again(number)!);
    track.take(packet, { codec: "H264", isRepair: true, at: 450 });
    const twice = readPacket(pattern.stream.again(number)!);
    track.take(twice, { codec: "H264", isRepair: true, at: 451 });
  }

  assert.deepEqual(missing, lost);
  assert.deepEqual([track.countsAt(450).lost, track.countsAt(450).repaired], [0, lost.length]);
  assert.deepEqual(numbers.filter((one) => lost.includes(one)), lost, "once each");
  assert.deepEqual(track.missing(2_000), []);
});

Deno.test("ReceivedTrack wants a key frame while it has none, and when somebody needs one", () => {
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  assert.equal(track.takeKeyFrameWish(), false, "nothing comes at all");
  pattern.at(0);
  for (const bytes of pattern.at(40)) track.take(readPacket(bytes), { ...PICTURE, at: 40 });

  assert.equal(track.beganAt, undefined);
  assert.equal(track.takeKeyFrameWish(), true);
  pattern.source.wantKeyFrame();
  for (let at = 80; at < 400; at += 40) {
    for (const bytes of pattern.at(at)) track.take(readPacket(bytes), { ...PICTURE, at });
  }
  assert.equal(track.takeKeyFrameWish(), false);
  track.wantKeyFrame();
  assert.deepEqual([track.takeKeyFrameWish(), track.takeKeyFrameWish()], [true, false]);
});

Deno.test("ReceivedTrack says when a picture stands still, and how often it did", () => {
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  for (const bytes of pattern.at(0)) track.take(readPacket(bytes), { ...PICTURE, at: 0 });

  assert.equal(track.countsAt(900).isFrozen, false);
  assert.deepEqual([track.countsAt(1_100).isFrozen, track.countsAt(1_100).freezes], [true, 1]);
  assert.ok(track.isLiveAt(1_900) && !track.isLiveAt(2_100));
  for (const bytes of pattern.at(1_200)) track.take(readPacket(bytes), { ...PICTURE, at: 1_200 });
  assert.deepEqual([track.countsAt(1_300).isFrozen, track.countsAt(1_300).freezes], [false, 1]);
});

Deno.test("ReceivedTrack's reports say what came, and when the sender's last one did", () => {
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  const reports: object[] = [];
  track.sink = { packet() {}, senderReport: (report) => reports.push(report) };
  assert.equal(track.reportBlock(0), undefined);
  for (const bytes of pattern.at(0)) track.take(readPacket(bytes), { ...PICTURE, at: 0 });
  track.senderReport({
    ...{ type: "sender-report", ssrc: SSRC, ntpHigh: 3_900_000_000, ntpLow: 2 ** 31 },
    ...{ rtpTimestamp: 90, packetCount: 1, octetCount: 1, reports: [] },
  }, 100);

  const block = track.reportBlock(600)!;

  assert.deepEqual([block.ssrc, block.packetsLost, block.fractionLost], [SSRC, 0, 0]);
  assert.equal(block.lastSenderReport, (3_900_000_000 % 65_536) * 65_536 + 2 ** 15);
  assert.equal(block.delaySinceLastSenderReport, Math.round(500 * 65.536));
  assert.deepEqual(reports, [{ ssrc: SSRC, ntpMs: 1_691_011_200_500, rtpTimestamp: 90 }]);
});
