/** An m-line of a receiver: numbers that do not wrap, what is missing, reports both ways. */
import assert from "node:assert/strict";
import { IncomingStream } from "../../../cli/media/incoming_stream.ts";
import { ReceivedPacket } from "../../../cli/media/received_packet.ts";
import { middleOfNtp, toNtp } from "../../../src/media/rtp/ntp.ts";
import type { SenderReport } from "../../../src/media/rtp/rtcp.ts";
import { SentMedia } from "../../support/sent_media.ts";

const OFFER = { mid: "v0", isVideo: true, ssrc: 1, rtxSsrc: 2, audioLevelId: 0 };

class StreamBench {
  readonly media: SentMedia;
  readonly stream: IncomingStream;
  readonly packet = new ReceivedPacket();

  constructor(offer: Partial<typeof OFFER> = {}) {
    const { isVideo } = { ...OFFER, ...offer };
    this.media = new SentMedia(isVideo ? "camera" : "microphone");
    this.stream = new IncomingStream({ ...OFFER, ...offer }, this.media.time);
  }

  /** Takes a packet as if it had the number `wire`. */
  take(bytes: Uint8Array, wire: number, isRepeated = false): number {
    const { packet, stream, media } = this;
    const at = media.clock.elapsed();
    packet.rtp.read(bytes);
    packet.read({ isVideo: stream.offer.isVideo, isRepeated: false });
    packet.isRepeated = isRepeated;
    packet.sequenceNumber = wire & 0xffff;
    const number = stream.number(packet, at);
    stream.carried(media.publication, packet, at);
    return number;
  }

  report(timestamp: number, epochMs: number): SenderReport {
    const { high: ntpHigh, low: ntpLow } = toNtp(epochMs);
    return {
      ...{ type: "sender-report", ssrc: 1, ntpHigh, ntpLow, rtpTimestamp: timestamp },
      ...{ packetCount: 1, octetCount: 1, reports: [] },
    };
  }
}

Deno.test("IncomingStream counts on where numbers go round, and knows late ones", () => {
  const bench = new StreamBench();
  const [bytes] = bench.media.pass(5);

  const numbers = [65_534, 65_535, 65_537, 65_536].map((wire) => bench.take(bytes!, wire));

  assert.deepEqual(numbers, [65_534, 65_535, 65_537, 65_536]);
});

Deno.test("IncomingStream asks for what is missing, until it comes", () => {
  const bench = new StreamBench();
  const [bytes] = bench.media.pass(5);
  bench.take(bytes!, 10);
  bench.take(bytes!, 13);

  bench.media.pass(40);
  assert.deepEqual(bench.stream.missing(), [11, 12]);
  assert.deepEqual(bench.stream.missing(), []);
  bench.take(bytes!, 11, true);
  bench.media.pass(200);
  assert.deepEqual(bench.stream.missing(), [12]);
  assert.equal(bench.stream.gaps, 2);
  bench.take(bytes!, 12);
  bench.media.pass(200);

  assert.deepEqual(bench.stream.missing(), []);
  assert.equal(bench.stream.gaps, 1, "what only came late was no gap");
});

Deno.test("IncomingStream asks for no sound: nobody repeats it", () => {
  const bench = new StreamBench({ isVideo: false, rtxSsrc: 0 });
  const [bytes] = bench.media.pass(5);
  bench.take(bytes!, 10);
  bench.take(bytes!, 13);
  bench.media.pass(100);

  assert.deepEqual(bench.stream.missing(), []);
  assert.equal(bench.stream.gaps, 2);
});

Deno.test("IncomingStream.reportBlock says what was lost, and repeats the sender's report", () => {
  const bench = new StreamBench();
  assert.equal(bench.stream.reportBlock(0), undefined);
  const [bytes] = bench.media.pass(5);
  for (const wire of [10, 11, 13]) bench.take(bytes!, wire);
  const report = bench.report(0, 1_767_225_600_000);
  bench.stream.senderReport(report, 100, 0);

  const block = bench.stream.reportBlock(350)!;

  assert.deepEqual([block.ssrc, block.packetsLost, block.highestSequenceNumber], [1, 1, 13]);
  assert.equal(block.fractionLost, 1 / 4);
  assert.equal(block.lastSenderReport, middleOfNtp(report.ntpHigh, report.ntpLow));
  assert.equal(block.delaySinceLastSenderReport, Math.round(250 * 65.536));
});

Deno.test("IncomingStream tells no round trip while the tester reads what came a while ago", () => {
  const bench = new StreamBench();
  const [bytes] = bench.media.pass(5);
  bench.take(bytes!, 10);
  bench.media.clock.advance(500);

  bench.stream.senderReport(bench.report(0, 0), bench.media.clock.elapsed(), 0);

  assert.equal(bench.stream.reportBlock(600)?.lastSenderReport, 0);
});

Deno.test("[SB1] IncomingStream.senderReport tells by how much a report misplaces the media", () => {
  const bench = new StreamBench();
  const epochMs = 1_767_225_600_000;
  const first = bench.media.pass(5);
  bench.take(first[0]!, 10);
  const later = bench.media.pass(1_200);
  bench.take(later.at(-1)!, 30);
  const at = bench.media.clock.elapsed();
  const { clock } = bench.media.track;
  // The server says, for its own timestamps, when they were sent; they are those of the sender here.
  const right = bench.report(clock.timestampAt(at), epochMs + at);
  const wrong = bench.report(clock.timestampAt(at - 100), epochMs + at);

  assert.ok(Math.abs(bench.stream.senderReport(right, at, epochMs + at)!) < 0.1);
  assert.ok(Math.abs(bench.stream.senderReport(wrong, at, epochMs + at)! - 100) < 0.1);
});

Deno.test("IncomingStream.senderReport says nothing of what has just begun", () => {
  const bench = new StreamBench();
  const [bytes] = bench.media.pass(5);
  bench.take(bytes!, 10);

  assert.equal(bench.stream.senderReport(bench.report(0, 0), 500, 500), undefined);
});
