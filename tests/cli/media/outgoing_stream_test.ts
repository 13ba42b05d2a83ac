/** An RTP stream as its sender keeps it: numbers in a row, packets again, reports. */
import assert from "node:assert/strict";
import { OutgoingStream } from "../../../cli/media/outgoing_stream.ts";
import { fromNtp } from "../../../src/media/rtp/ntp.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { readRtcp } from "../../../src/media/rtp/rtcp.ts";

const OPTIONS = {
  ...{ ssrc: 11, payloadType: 96, rtxSsrc: 12, rtxPayloadType: 97, cname: "ann" },
  extensions: [{ id: 4, bytes: new Uint8Array([48]) }],
};
const payload = new Uint8Array([1, 2, 3, 4]);

function read(bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  assert.equal(packet.read(bytes), true);
  return packet;
}

Deno.test("OutgoingStream numbers its packets in a row, also where numbers go round", () => {
  const stream = new OutgoingStream(OPTIONS);
  const numbers = Array.from(
    { length: 70_000 },
    (_, n) => read(stream.next({ payload, timestamp: n, marker: false })).sequenceNumber,
  );

  assert.ok(numbers.every((number, n) => n === 0 || number === (numbers[n - 1]! + 1 & 0xffff)));
  assert.equal(stream.packets, 70_000);
});

Deno.test("OutgoingStream repeats a packet with its own number in front (RFC 4588)", () => {
  const stream = new OutgoingStream(OPTIONS);
  const sent = read(stream.next({ payload, timestamp: 99, marker: true }));
  stream.next({ payload, timestamp: 100, marker: false });

  const again = read(stream.again(sent.sequenceNumber)!);

  assert.deepEqual(
    [again.ssrc, again.payloadType, again.timestamp, again.marker],
    [12, 97, 99, true],
  );
  const [high, low, ...rest] = again.bytes.subarray(again.payloadStart, again.payloadEnd);
  assert.equal(high! << 8 | low!, sent.sequenceNumber);
  assert.deepEqual(rest, [...payload]);
  assert.equal(again.findExtension(4) > 0, true);
  assert.equal(stream.repeated, 1);
});

Deno.test("OutgoingStream repeats nothing that it has not sent, or sent too long ago, or never repeats", () => {
  const stream = new OutgoingStream(OPTIONS);
  const first = read(stream.next({ payload, timestamp: 0, marker: false })).sequenceNumber;

  assert.equal(stream.again(first + 1 & 0xffff), undefined);
  for (let n = 0; n < 600; n++) stream.next({ payload, timestamp: n, marker: false });
  assert.equal(stream.again(first), undefined);

  const sound = new OutgoingStream({ ...OPTIONS, rtxSsrc: 0 });
  const { sequenceNumber } = read(sound.next({ payload, timestamp: 0, marker: false }));
  assert.equal(sound.again(sequenceNumber), undefined);
});

Deno.test("OutgoingStream reports what it has sent, and which time a timestamp is", () => {
  const stream = new OutgoingStream(OPTIONS);
  for (let n = 0; n < 3; n++) stream.next({ payload, timestamp: n, marker: false });

  const [report, description] = readRtcp(stream.report(1_767_225_600_123, 4_711));

  assert.ok(report?.type === "sender-report" && description?.type === "source-description");
  assert.deepEqual(
    [report.ssrc, report.rtpTimestamp, report.packetCount, report.octetCount],
    [11, 4_711, 3, 12],
  );
  assert.ok(Math.abs(fromNtp(report.ntpHigh, report.ntpLow) - 1_767_225_600_123) < 0.001);
  assert.deepEqual(description.chunks, [{ ssrc: 11, cname: "ann" }]);
});
