/** A publisher's packets find their layers, what is missing is asked for, and the browser is told. */
import assert from "node:assert/strict";
import type { TrackSource, UserId } from "../../../src/protocol/mod.ts";
import { MediaError } from "../../../src/media/port.ts";
import { buildRtpPacket } from "../../../src/media/rtp/packet.ts";
import { toNtp } from "../../../src/media/rtp/ntp.ts";
import { readRtcp, type RtcpMessage, writeSenderReport } from "../../../src/media/rtp/rtcp.ts";
import type { NegotiatedMedia } from "../../../src/media/sdp/negotiated_media.ts";
import { Publisher } from "../../../src/media/sfu/publisher.ts";
import { MemoryTransports } from "../support/memory_transport.ts";

const text = (value: string) => new TextEncoder().encode(value);
const ids = {
  absSendTime: 0,
  transportCc: 3,
  mid: 4,
  rid: 5,
  repairedRid: 6,
  audioLevel: 1,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};
const camera: NegotiatedMedia = {
  mid: "1",
  kind: "video",
  codec: { name: "VP8", payloadType: 100, rtxPayloadType: 101 },
  extensionIds: ids,
  rids: ["l", "h"],
  ssrcs: [],
  rtxSsrcs: [],
};
const microphone: NegotiatedMedia = {
  mid: "0",
  kind: "audio",
  codec: { name: "opus", payloadType: 111, rtxPayloadType: 0 },
  extensionIds: ids,
  rids: [],
  ssrcs: [500],
  rtxSsrcs: [],
};
const screen: NegotiatedMedia = {
  ...camera,
  mid: "2",
  rids: [],
  ssrcs: [600],
  rtxSsrcs: [601],
};
/** Behind the payload descriptor: a VP8 key frame of 640 x 360, or another. */
const KEY = new Uint8Array([0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1]);
const DELTA = new Uint8Array([0x10, 1, 0, 0]);

function open() {
  const transports = new MemoryTransports();
  const remote = {
    usernameFragment: "ab",
    password: "cd",
    fingerprint: transports.fingerprint,
    setup: "active" as const,
  };
  const changed: string[] = [];
  const levels: number[] = [];
  let tracks = 0;
  const publisher = new Publisher("ab", {
    userId: "ann" as UserId, // A good user id.
    createTrackId: () => `${++tracks}`,
    heard: (level) => levels.push(level),
    qualitiesChanged: ({ trackId }) => changed.push(trackId),
  });
  const transport = transports.create({ local: remote, remote, hasData: false }, {
    opened() {},
    packet: (bytes) => publisher.receive(bytes, 0),
    message() {},
    drained() {},
    closed() {},
  });
  publisher.transport = transport;
  transport.open();
  const said = (): RtcpMessage[] => transport.sent.splice(0).flatMap(readRtcp);
  return { publisher, transport, changed, levels, said };
}

function live(mid: string, source: TrackSource) {
  return { mid, source };
}

type PacketFields = {
  ssrc: number;
  n: number;
  payload?: Uint8Array;
  payloadType?: number;
  mid?: string;
  rid?: string;
  repairedRid?: string;
  transportNumber?: number;
};

function packet(fields: PacketFields): Uint8Array {
  const { ssrc, n, payload = DELTA, payloadType = 100, mid, rid, repairedRid } = fields;
  const { transportNumber } = fields;
  return buildRtpPacket({
    ssrc,
    sequenceNumber: n & 0xffff,
    timestamp: n * 3_000,
    payloadType,
    payload,
    extensions: [
      ...(mid === undefined ? [] : [{ id: ids.mid, bytes: text(mid) }]),
      ...(rid === undefined ? [] : [{ id: ids.rid, bytes: text(rid) }]),
      ...(repairedRid === undefined ? [] : [{ id: ids.repairedRid, bytes: text(repairedRid) }]),
      ...(transportNumber === undefined
        ? []
        : [{ id: ids.transportCc, bytes: new Uint8Array([0, transportNumber]) }]),
    ],
  });
}

Deno.test("Publisher tells the layers of a simulcast by what their first packets say", () => {
  const { publisher, changed } = open();
  const { published } = publisher.apply([camera], [live("1", "camera")]);

  publisher.receive(packet({ ssrc: 10, n: 1, payload: KEY, mid: "1", rid: "l" }), 0);
  publisher.receive(packet({ ssrc: 20, n: 1, payload: KEY, mid: "1", rid: "h" }), 0);
  publisher.receive(packet({ ssrc: 10, n: 2 }), 20);

  const [publication] = published;
  assert.deepEqual(publication!.layers.map(({ rid, ssrc }) => [rid, ssrc]), [["l", 10], ["h", 20]]);
  assert.deepEqual(publication!.layers.map(({ reception }) => reception.received), [2, 1]);
  assert.deepEqual(publication!.layers.map(({ width, height }) => [width, height]), [
    [640, 360],
    [640, 360],
  ]);
  assert.ok(changed.length >= 2);
});

Deno.test("Publisher takes no packet that it cannot place", () => {
  const { publisher } = open();
  const { published } = publisher.apply([camera], [live("1", "camera")]);

  publisher.receive(packet({ ssrc: 10, n: 1 }), 0);
  publisher.receive(packet({ ssrc: 10, n: 1, mid: "9", rid: "l" }), 0);
  publisher.receive(packet({ ssrc: 10, n: 1, mid: "1", rid: "x" }), 0);
  publisher.receive(packet({ ssrc: 10, n: 1, mid: "1", rid: "l", payloadType: 96 }), 0);
  publisher.receive(new Uint8Array([1, 2, 3]), 0);
  publisher.receive(new Uint8Array(0), 0);

  assert.deepEqual(published[0]!.layers, []);
});

Deno.test("Publisher knows the streams that the description names", () => {
  const { publisher } = open();
  const { published } = publisher.apply(
    [microphone, screen],
    [live("0", "microphone"), live("2", "screen")],
  );

  publisher.receive(packet({ ssrc: 500, n: 1, payloadType: 111 }), 0);
  publisher.receive(packet({ ssrc: 600, n: 1 }), 0);

  assert.deepEqual(
    published.map(({ layers: [layer] }) => layer!.reception.received),
    [1, 1],
  );
});

Deno.test("Publisher asks for what is missing, and takes it when it is repeated", () => {
  const { publisher, said } = open();
  const { published: [publication] } = publisher.apply([screen], [live("2", "screen")]);
  for (const n of [1, 2, 5]) publisher.receive(packet({ ssrc: 600, n }), 0);

  publisher.tick(20);
  const nacks = said().filter(({ type }) => type === "nack");
  assert.deepEqual(nacks, [
    { type: "nack", senderSsrc: 1, mediaSsrc: 600, sequenceNumbers: [3, 4] },
  ]);
  const seen: number[] = [];
  publication!.layers[0]!.addOutput({ forward: ({ sequenceNumber }) => seen.push(sequenceNumber) });
  const repeated = new Uint8Array([0, 3, ...DELTA]);
  publisher.receive(packet({ ssrc: 601, n: 1, payloadType: 101, payload: repeated }), 30);
  publisher.receive(packet({ ssrc: 601, n: 2, payloadType: 101, payload: repeated }), 30);
  publisher.receive(packet({ ssrc: 600, n: 4 }), 40);
  publisher.receive(packet({ ssrc: 600, n: 4 }), 40);

  assert.deepEqual(seen, [3, 4]);
  assert.equal(publication!.layers[0]!.retransmitted, 1);
  publisher.tick(100);
  assert.deepEqual(said().filter(({ type }) => type === "nack"), []);
});

Deno.test("Publisher hears how loud a microphone is, and no other sound", () => {
  const { publisher, levels } = open();
  const sound = { ...microphone, mid: "3", ssrcs: [501] };
  publisher.apply(
    [microphone, sound],
    [live("0", "microphone"), live("3", "screen-sound")],
  );

  for (const ssrc of [500, 501]) {
    publisher.receive(
      buildRtpPacket({
        ssrc,
        sequenceNumber: 1,
        timestamp: 1,
        payloadType: 111,
        payload: DELTA,
        extensions: [{ id: ids.audioLevel, bytes: new Uint8Array([0x80 | 30]) }],
      }),
      0,
    );
  }

  assert.deepEqual(levels, [30]);
});

Deno.test("Publisher ignores repetitions that repeat nothing", () => {
  const { publisher } = open();
  publisher.apply([screen], [live("2", "screen")]);

  publisher.receive(packet({ ssrc: 601, n: 1, payloadType: 101, payload: new Uint8Array(0) }), 0);
  publisher.receive(packet({ ssrc: 601, n: 1, payloadType: 101, payload: new Uint8Array(1) }), 0);

  assert.equal(publisher.publications[0]!.layers[0]!.retransmitted, 0);
});

Deno.test("Publisher asks for a key frame once for many, and anew only after a while", () => {
  const { publisher, said } = open();
  const { published: [publication] } = publisher.apply([screen], [live("2", "screen")]);
  const [layer] = publication!.layers;
  for (let n = 0; n < 5; n++) layer!.wantKeyFrame();
  const asked = () => said().filter(({ type }) => type === "picture-loss").length;

  publisher.tick(1_000);
  assert.equal(asked(), 1);
  layer!.wantKeyFrame();
  publisher.tick(1_100);
  assert.equal(asked(), 0);
  publisher.tick(1_500);
  assert.equal(asked(), 1);
  publisher.receive(packet({ ssrc: 600, n: 1, payload: KEY }), 1_600);
  publisher.tick(3_000);
  assert.equal(asked(), 0);
});

Deno.test("Publisher gives up an outage for a key frame", () => {
  const { publisher, said } = open();
  publisher.apply([screen], [live("2", "screen")]);
  publisher.receive(packet({ ssrc: 600, n: 1 }), 0);

  publisher.receive(packet({ ssrc: 600, n: 500 }), 10);
  publisher.tick(30);

  const types = said().map(({ type }) => type);
  assert.ok(types.includes("picture-loss"));
  assert.ok(!types.includes("nack"));
});

Deno.test("Publisher reports what came, with the sender's own report in it", () => {
  const { publisher, said } = open();
  publisher.apply([microphone], [live("0", "microphone")]);
  const { high, low } = toNtp(1_767_225_600_000);
  const fields = { ntpHigh: high, ntpLow: low, rtpTimestamp: 48_000, reports: [] };
  publisher.receive(writeSenderReport({ ssrc: 500, packetCount: 1, octetCount: 1, ...fields }), 0);
  for (const n of [1, 2, 4]) {
    publisher.receive(packet({ ssrc: 500, n, payloadType: 111 }), n * 20);
  }

  publisher.tick(1_000);

  const [report] = said().filter((one) => one.type === "receiver-report");
  const [block] = report!.reports;
  assert.equal(block!.ssrc, 500);
  assert.equal(block!.packetsLost, 1);
  assert.equal(block!.highestSequenceNumber, 4);
  assert.equal(block!.lastSenderReport, ((high << 16) | (low >>> 16)) >>> 0);
  assert.equal(block!.delaySinceLastSenderReport, 65_536);
  publisher.tick(1_500);
  assert.deepEqual(said().filter(({ type }) => type === "receiver-report"), []);
});

Deno.test("Publisher tells when each packet of the transport came", () => {
  const { publisher, said } = open();
  publisher.apply([microphone], [live("0", "microphone")]);
  for (const n of [1, 2, 4]) {
    publisher.receive(packet({ ssrc: 500, n, payloadType: 111, transportNumber: n }), n * 20);
  }

  publisher.tick(100);

  const [feedback] = said().filter((one) => one.type === "transport-feedback");
  assert.equal(feedback!.baseSequenceNumber, 1);
  assert.deepEqual(
    feedback!.packets.map(({ receivedAtMs }) => receivedAtMs !== undefined),
    [true, true, false, true],
  );
});

Deno.test("Publisher keeps what is still published, and ends what is not", () => {
  const { publisher } = open();
  const first = publisher.apply(
    [microphone, camera],
    [live("0", "microphone"), live("1", "camera")],
  );

  const second = publisher.apply([microphone, camera, screen], [
    live("0", "microphone"),
    live("2", "screen"),
  ]);

  assert.deepEqual(second.published.map(({ source }) => source), ["screen"]);
  assert.deepEqual(second.unpublished.map(({ source }) => source), ["camera"]);
  assert.equal(publisher.publications[0], first.published[0]);
  assert.equal(second.published[0]!.trackId, "3");
});

Deno.test("Publisher refuses tracks that the description does not carry, and stays as it was", () => {
  const { publisher } = open();
  publisher.apply([microphone], [live("0", "microphone")]);
  const before = publisher.publications;

  const wrong: [NegotiatedMedia[], ReturnType<typeof live>[]][] = [
    [[microphone], [live("7", "microphone")]],
    [[microphone], [live("0", "camera")]],
    [[microphone], [live("0", "microphone"), live("0", "screen-sound")]],
    [[microphone, { ...microphone, mid: "5", ssrcs: [9] }], [
      live("0", "microphone"),
      live("5", "microphone"),
    ]],
    [[screen, { ...screen, mid: "3" }], [live("2", "screen")]],
  ];
  for (const [media, tracks] of wrong) {
    assert.throws(
      () => publisher.apply(media, tracks),
      (error) => error instanceof MediaError && error.code === "bad-description",
    );
  }

  assert.equal(publisher.publications, before);
});

Deno.test("Publisher that is closed takes nothing more", () => {
  const { publisher, transport } = open();
  const { published: [publication] } = publisher.apply([screen], [live("2", "screen")]);

  publisher.close();
  publisher.receive(packet({ ssrc: 600, n: 1 }), 0);
  publisher.tick(1_000);
  publisher.close();

  assert.equal(transport.isClosed, true);
  assert.equal(publication!.layers[0]!.reception.received, 0);
  assert.deepEqual(transport.sent, []);
});

Deno.test("Publisher that is sent 60 Mbit/s forwards its share, and asks for no more than it can", () => {
  const { publisher, said } = open();
  const { published: [publication] } = publisher.apply([screen], [live("2", "screen")]);
  const payload = new Uint8Array(1_200);
  let forwarded = 0;
  publication!.layers[0]!.addOutput({ forward: () => forwarded++ });

  for (let n = 0; n < 31_250; n++) {
    publisher.receive(packet({ ssrc: 600, n, payload }), n * 0.16);
    if (n % 150 === 0) publisher.tick(n * 0.16);
  }

  const bitrate = forwarded * 1_200 * 8 / 5;
  assert.ok(bitrate < 22_000_000, `${bitrate}`);
  assert.ok(bitrate > 15_000_000, `${bitrate}`);
  const asked = said().filter((one) => one.type === "nack")
    .reduce((sum, { sequenceNumbers }) => sum + sequenceNumbers.length, 0);
  assert.ok(asked < 31_250, `${asked}`);
});
