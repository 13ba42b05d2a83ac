/** What a publisher is told of its packets, and what its browser makes of the bytes. */
import assert from "node:assert/strict";
import { readRtcp, type TransportFeedbackReport } from "../../../src/media/rtp/rtcp.ts";
import { TransportFeedback } from "../../../src/media/rtp/transport_feedback.ts";
import { hex } from "./hex.ts";

const MAX_MESSAGE_BYTES = 1_100;

Deno.test("TransportFeedback.build writes the bytes of the draft", () => {
  const feedback = new TransportFeedback();
  feedback.received(0xfffe, 130);
  feedback.received(0xffff, 131.25);
  feedback.received(1, 250);

  const message = feedback.build(1, 0xfedcba98);

  // From 2 * 64 ms on: 8 ticks, 5 more, one missing, 475 more.
  const chunks = "d480 08 05 01db";
  assert.deepEqual(
    message,
    hex(`8fcd0006 00000001 fedcba98 fffe 0004 000002 00 ${chunks} 0000`),
  );
});

Deno.test("TransportFeedback.build tells of nothing before a packet came, and of nothing twice", () => {
  const feedback = new TransportFeedback();
  assert.equal(feedback.build(1, 2), undefined);

  feedback.received(7, 1);
  assert.deepEqual(told(feedback), [[7, 1]]);
  assert.equal(feedback.build(1, 2), undefined);

  feedback.received(7, 2);
  assert.equal(feedback.build(1, 2), undefined);
});

Deno.test("TransportFeedback.build goes on where it ended, missing packets included", () => {
  const feedback = new TransportFeedback();
  feedback.received(65_534, 0);
  told(feedback);
  feedback.received(1, 10);

  assert.deepEqual(told(feedback), [[65_535, undefined], [0, undefined], [1, 10]]);
});

Deno.test("TransportFeedback.build tells again from a packet that came after it was missing", () => {
  const feedback = new TransportFeedback();
  feedback.received(10, 0);
  feedback.received(12, 20);
  assert.deepEqual(told(feedback), [[10, 0], [11, undefined], [12, 20]]);

  feedback.received(11, 30);
  feedback.received(13, 25);

  assert.deepEqual(told(feedback), [[11, 30], [12, 20], [13, 25]]);
});

Deno.test("TransportFeedback.build counts its messages in 8 bits", () => {
  const feedback = new TransportFeedback();
  const counts: number[] = [];
  for (let number = 0; number < 258; number++) {
    feedback.received(number, number);
    counts.push(...reports(feedback).map(({ feedbackCount }) => feedbackCount));
  }

  assert.deepEqual(counts, [...Array(256).keys(), 0, 1]);
});

Deno.test("TransportFeedback.build keeps times to a quarter of a millisecond, without drift", () => {
  const feedback = new TransportFeedback();
  const times = Array.from({ length: 500 }, (_, index) => 1_795_000_000_000 + index * 3.3);
  times.forEach((atMs, number) => feedback.received(number, atMs));

  const [report, ...more] = reports(feedback);

  assert.deepEqual(more, []);
  const offset = times[0]! - report!.packets[0]!.receivedAtMs!;
  // 24 bits of 64 ms wrap: only differences count.
  report!.packets.forEach(({ receivedAtMs }, number) => {
    assert.ok(Math.abs(receivedAtMs! + offset - times[number]!) <= 0.25, `packet ${number}`);
  });
});

Deno.test("TransportFeedback.build begins another message where a delta does not fit", () => {
  const feedback = new TransportFeedback();
  feedback.received(1, 0);
  feedback.received(2, 10_000);
  feedback.received(3, 9_000);

  const [first, second, ...more] = reports(feedback);

  assert.deepEqual(more, []);
  assert.deepEqual(first?.packets, [{ sequenceNumber: 1, receivedAtMs: 0 }]);
  assert.deepEqual(second?.packets, [
    { sequenceNumber: 2, receivedAtMs: 10_000 },
    { sequenceNumber: 3, receivedAtMs: 9_000 },
  ]);
});

Deno.test("TransportFeedback.build keeps messages below the MTU and tells of every packet", () => {
  const feedback = new TransportFeedback();
  // Far apart in time, so that each arrival takes two bytes.
  for (let number = 0; number < 2_000; number++) feedback.received(number, number * 100);

  const messages: Uint8Array[] = [];
  for (let next = feedback.build(1, 2); next !== undefined; next = feedback.build(1, 2)) {
    messages.push(next);
  }

  assert.ok(messages.length > 1);
  assert.ok(messages.every(({ length }) => length <= MAX_MESSAGE_BYTES && length % 4 === 0));
  const all = messages.flatMap((bytes) => reportOf(bytes).packets);
  assert.deepEqual(all.map(({ sequenceNumber }) => sequenceNumber), [...Array(2_000).keys()]);
  assert.ok(all.every(({ receivedAtMs }, number) => receivedAtMs === number * 100));
});

Deno.test("TransportFeedback.received forgets what is too long ago after a jump", () => {
  const feedback = new TransportFeedback();
  feedback.received(0, 0);
  feedback.received(1, 1);

  feedback.received(30_000, 2);
  const all = told(feedback);

  assert.ok(all.length <= 2_048);
  assert.deepEqual(all.at(-1), [30_000, 2]);
  assert.ok(all.slice(0, -1).every(([, receivedAtMs]) => receivedAtMs === undefined));
});

Deno.test("TransportFeedback.received passes over what is too late to be told of", () => {
  const feedback = new TransportFeedback();
  feedback.received(5_000, 0);
  told(feedback);

  feedback.received(5_000 - 2_048, 1);
  assert.equal(feedback.build(1, 2), undefined);

  feedback.received(5_000 - 2_047, 1);
  assert.deepEqual(told(feedback).at(0), [5_000 - 2_047, 1]);
});

Deno.test("TransportFeedback goes on over many turns of the numbers", () => {
  const feedback = new TransportFeedback();
  let missing = 0;
  for (let number = 0; number < 200_000; number++) {
    if (number % 10 !== 3) feedback.received(number & 0xffff, number / 4);
    if (number % 100 !== 99) continue;
    const packets = told(feedback);
    assert.equal(packets.length, 100);
    missing += packets.filter(([, receivedAtMs]) => receivedAtMs === undefined).length;
  }

  assert.equal(missing, 20_000);
});

/** What every message says that is ready: number and time. */
function told(feedback: TransportFeedback): [number, number | undefined][] {
  return reports(feedback).flatMap(({ packets }) =>
    packets.map((packet): [number, number | undefined] => [
      packet.sequenceNumber,
      packet.receivedAtMs,
    ])
  );
}

function reports(feedback: TransportFeedback): TransportFeedbackReport[] {
  const all: TransportFeedbackReport[] = [];
  for (let next = feedback.build(1, 2); next !== undefined; next = feedback.build(1, 2)) {
    all.push(reportOf(next));
  }
  return all;
}

function reportOf(bytes: Uint8Array): TransportFeedbackReport {
  const [message, ...more] = readRtcp(bytes);
  assert.equal(more.length, 0);
  assert.ok(message?.type === "transport-feedback");
  return message;
}
