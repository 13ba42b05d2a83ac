/** What a receiver tells the server, and when. */
import assert from "node:assert/strict";
import { IncomingStream } from "../../../cli/media/incoming_stream.ts";
import { ReceivedPacket } from "../../../cli/media/received_packet.ts";
import { ReceiverReports } from "../../../cli/media/receiver_reports.ts";
import { readRtcp } from "../../../src/media/rtp/rtcp.ts";
import { SentMedia } from "../../support/sent_media.ts";

function streamsOf(media: SentMedia, count: number): IncomingStream[] {
  const [bytes] = media.pass(5);
  return Array.from({ length: count }, (_, n) => {
    const offer = { mid: `v${n}`, isVideo: true, ssrc: n + 1, rtxSsrc: n + 1_001, audioLevelId: 0 };
    const stream = new IncomingStream(offer, media.time);
    const packet = new ReceivedPacket();
    packet.rtp.read(bytes!);
    for (const number of [10, 12]) {
      packet.sequenceNumber = number;
      stream.number(packet, 0);
    }
    return stream;
  });
}

Deno.test("ReceiverReports asks for what is missing, and counts it", () => {
  const media = new SentMedia("camera");
  const streams = streamsOf(media, 1);
  const reports = new ReceiverReports();
  reports.due(streams, { at: 0, stuck: [] });
  media.pass(40);

  const [nack, ...more] = reports.due(streams, { at: 40, stuck: [] }).flatMap(readRtcp);

  assert.deepEqual(nack, { type: "nack", senderSsrc: 1, mediaSsrc: 1, sequenceNumbers: [11] });
  assert.deepEqual(more, []);
  assert.equal(reports.nacks, 1);
});

Deno.test("ReceiverReports reports each second, in packets of 31, and says that the path is wide", () => {
  const media = new SentMedia("camera");
  const streams = streamsOf(media, 40);
  const reports = new ReceiverReports();

  const first = reports.due(streams, { at: 0, stuck: [] }).flatMap(readRtcp);
  assert.deepEqual(
    reports.due(streams, { at: 999, stuck: [] }).flatMap(readRtcp)
      .filter(({ type }) => type !== "nack"),
    [],
  );
  const second = reports.due(streams, { at: 1_000, stuck: [] }).flatMap(readRtcp);

  for (const messages of [first, second]) {
    const blocks = messages.map((message) =>
      message.type === "receiver-report" ? message.reports.length : message.type
    );
    assert.deepEqual(blocks.filter((one) => one !== "nack"), [31, 9, "bitrate-estimate"]);
  }
  const estimate = first.find((message) => message.type === "bitrate-estimate");
  assert.ok(estimate!.bitrate > 10_000_000 && estimate!.ssrcs.length === 40);
});

Deno.test("ReceiverReports asks for a picture that has not begun, once a second", () => {
  const media = new SentMedia("camera");
  const [stream] = streamsOf(media, 1);
  const reports = new ReceiverReports();
  const asked = [0, 500, 999, 1_000, 1_500, 2_000].filter((at) =>
    reports.due([], { at, stuck: [stream!] }).flatMap(readRtcp)
      .some((message) => message.type === "picture-loss" && message.mediaSsrc === 1)
  );

  assert.deepEqual(asked, [0, 1_000, 2_000]);
  assert.equal(reports.plis, 3);
});
