/** What we write as RTP and RTCP reads back as it was meant, whatever it is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { buildRtpPacket, RtpPacket } from "../../src/media/rtp/packet.ts";
import {
  joinRtcp,
  readRtcp,
  type RtcpMessage,
  writeBitrateEstimate,
  writeFullIntraRequest,
  writeGoodbye,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
  writeSenderReport,
  writeSourceDescription,
} from "../../src/media/rtp/rtcp.ts";
import { TransportFeedback } from "../../src/media/rtp/transport_feedback.ts";

/** Of each property; fast-check tells the seed of a failure. */
const RUNS = 2_000;

Deno.test("a packet that was built reads back as it was meant", () => {
  const extension = record({
    id: fc.integer({ min: 1, max: 255 }),
    bytes: fc.uint8Array({ maxLength: 255 }),
  });
  const options = record({
    marker: fc.boolean(),
    payloadType: fc.nat({ max: 127 }),
    sequenceNumber: uint(16),
    timestamp: uint(32),
    ssrc: uint(32),
    extensions: fc.oneof(
      fc.uniqueArray(extension, { maxLength: 6, selector: ({ id }) => id }),
      fc.uniqueArray(
        record({
          id: fc.integer({ min: 1, max: 14 }),
          bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
        }),
        { maxLength: 6, selector: ({ id }) => id },
      ),
    ),
    payload: fc.uint8Array({ maxLength: 300 }),
    paddingBytes: fc.nat({ max: 255 }),
  });

  forAll(options, (given) => {
    const packet = new RtpPacket();
    assert.ok(packet.read(buildRtpPacket(given)));

    const { marker, payloadType, sequenceNumber, timestamp, ssrc } = packet;
    const { extensions, payload, paddingBytes: _, ...header } = given;
    assert.deepEqual({ marker, payloadType, sequenceNumber, timestamp, ssrc }, header);
    assert.deepEqual(packet.bytes.slice(packet.payloadStart, packet.payloadEnd), payload);
    for (const { id, bytes } of extensions) {
      const at = packet.findExtension(id);
      assert.deepEqual(packet.bytes.slice(at, at + packet.foundLength), bytes, `extension ${id}`);
    }
    const ids = new Set(extensions.map(({ id }) => id));
    for (const id of [1, 7, 14, 15, 200]) {
      assert.equal(packet.findExtension(id) >= 0, ids.has(id), `extension ${id}`);
    }
  });
});

Deno.test("a compound that was written reads back as it was meant", () => {
  const block = record({
    ssrc: uint(32),
    fractionLost: fc.nat({ max: 255 }).map((part) => part / 256),
    packetsLost: fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }),
    highestSequenceNumber: uint(32),
    jitter: uint(32),
    lastSenderReport: uint(32),
    delaySinceLastSenderReport: uint(32),
  });
  const reports = fc.array(block, { maxLength: 31 });
  const ssrcs = fc.array(uint(32), { maxLength: 31 });
  const cname = fc.string({ unit: "grapheme", maxLength: 40 })
    .filter((text) => new TextEncoder().encode(text).length <= 255);
  const message: fc.Arbitrary<Written> = fc.oneof(
    record({
      type: fc.constant("sender-report" as const),
      ...{ ssrc: uint(32), ntpHigh: uint(32), ntpLow: uint(32), rtpTimestamp: uint(32) },
      ...{ packetCount: uint(32), octetCount: uint(32), reports },
    }),
    record({ type: fc.constant("receiver-report" as const), ssrc: uint(32), reports }),
    fc.tuple(uint(32), cname).map(([ssrc, text]) => ({
      type: "source-description" as const,
      chunks: [{ ssrc, cname: text }],
    })),
    record({ type: fc.constant("goodbye" as const), ssrcs }),
    record({
      type: fc.constant("nack" as const),
      ...{ senderSsrc: uint(32), mediaSsrc: uint(32) },
      sequenceNumbers: fc.uniqueArray(fc.nat({ max: 300 }), { maxLength: 50 })
        .map((numbers) => numbers.toSorted((a, b) => a - b)),
    }),
    record({
      type: fc.constant("picture-loss" as const),
      ...{ senderSsrc: uint(32), mediaSsrc: uint(32) },
    }),
    record({ type: fc.constant("full-intra-request" as const), ssrcs }),
    fc.tuple(fc.nat({ max: 2 ** 18 - 1 }), fc.nat({ max: 30 }), ssrcs).map(([bits, power, of]) => ({
      type: "bitrate-estimate" as const,
      bitrate: bits * 2 ** power,
      ssrcs: of,
    })),
  );

  forAll(fc.array(message, { maxLength: 6 }), (messages) => {
    assert.deepEqual(readRtcp(joinRtcp(...messages.map(write))), messages);
  }, RUNS / 2);
});

Deno.test("transport feedback tells of every packet once, and when it arrived", () => {
  // How far the next number is ahead, and how much later it comes; some come late or twice.
  const step = fc.tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.integer({ min: -20, max: 40 })),
    fc.oneof(
      { weight: 8, arbitrary: fc.nat({ max: 70 }) },
      fc.nat({ max: 20_000 }),
      // The last one that fits into a byte or two, and the first one that does not.
      fc.constantFrom(63.75, 64, 8_191.75, 8_192),
    ),
    fc.nat({ max: 20 }).map((chance) => chance === 0),
  );

  forAll(fc.tuple(uint(16), fc.array(step, { maxLength: 300 })), ([first, steps]) => {
    const feedback = new TransportFeedback();
    const arrivals = new Map<number, number>();
    const told = new Map<number, number>();
    let sequenceNumber = first;
    let atMs = 0;
    for (const [ahead, laterMs, isBuilt] of steps) {
      sequenceNumber = sequenceNumber + ahead & 0xffff;
      atMs += laterMs;
      feedback.received(sequenceNumber, atMs);
      if (!arrivals.has(sequenceNumber)) arrivals.set(sequenceNumber, atMs);
      if (isBuilt) takeAll(feedback, told);
    }
    takeAll(feedback, told);

    assert.deepEqual(new Set(told.keys()), new Set(arrivals.keys()));
    for (const [number, toldMs] of told) {
      assert.ok(Math.abs(toldMs - arrivals.get(number)!) <= 0.25, `packet ${number}`);
    }
  }, RUNS / 4);
});

type Written = Exclude<RtcpMessage, { type: "transport-feedback" }>;

function takeAll(feedback: TransportFeedback, told: Map<number, number>): void {
  for (let next = feedback.build(1, 2); next !== undefined; next = feedback.build(1, 2)) {
    assert.ok(next.length <= 1_100);
    const [message, ...more] = readRtcp(next);
    assert.deepEqual(more, []);
    assert.ok(message?.type === "transport-feedback");
    for (const { sequenceNumber, receivedAtMs } of message.packets) {
      if (receivedAtMs !== undefined) told.set(sequenceNumber, receivedAtMs);
    }
  }
}

function write(message: Written): Uint8Array {
  switch (message.type) {
    case "sender-report":
      return writeSenderReport(message);
    case "receiver-report":
      return writeReceiverReport(message.ssrc, message.reports);
    case "source-description":
      return writeSourceDescription(message.chunks[0]!.ssrc, message.chunks[0]!.cname);
    case "goodbye":
      return writeGoodbye(message.ssrcs);
    case "nack":
      return writeNack(message.senderSsrc, message.mediaSsrc, message.sequenceNumbers);
    case "picture-loss":
      return writePictureLoss(message.senderSsrc, message.mediaSsrc);
    case "full-intra-request":
      return writeFullIntraRequest(1, message.ssrcs, 2);
    case "bitrate-estimate":
      return writeBitrateEstimate(1, message.bitrate, message.ssrcs);
  }
}

/** Objects like those that are read. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

function uint(bits: 16 | 32): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 2 ** bits - 1 });
}

function forAll<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns = RUNS): void {
  fc.assert(fc.property(arbitrary, (value) => void check(value)), { numRuns });
}
