/** What each slot of a connection is told to send. */
import assert from "node:assert/strict";
import { type LocalMedia, Slots } from "../../../static/call/slots.ts";
import type { SlotEncoding } from "../../../static/call/transport.ts";
import { turns } from "../support/call_fixture.ts";
import {
  FakeNetwork,
  FakePeerConnection,
  type FakeSender,
} from "../support/fake_peer_connection.ts";

const ENCODING: SlotEncoding = {
  maxBitrate: 500_000,
  scaleResolutionDownBy: 2,
  maxFramerate: 15,
  degradationPreference: "balanced",
};
const CODECS = ["video/VP8", "video/rtx", "video/AV1", "video/VP9"].map((mimeType) => ({
  mimeType,
  clockRate: 90_000,
  payloadType: 96,
}));

Deno.test("Slots.applyEncodings bounds a picture, and of a voice the bits alone", async () => {
  const { slots, media, senders } = setUp();
  media.encodings = new Map([["camera", ENCODING], ["microphone", ENCODING]]);

  slots.applyEncodings();
  await turns(50);

  const { degradationPreference, ...encoding } = ENCODING;
  assert.deepEqual(senders[1]!.parameters, {
    ...{ encodings: [encoding], codecs: CODECS, degradationPreference },
  });
  assert.deepEqual(senders[0]!.parameters.encodings, [{ maxBitrate: 500_000 }]);
  assert.deepEqual(senders[2]!.parameters.encodings, [{}]);
});

const choices: [order: string[], expected: string | undefined][] = [
  [["video/AV1", "video/VP9"], "video/AV1"],
  [["video/H264", "VIDEO/vp9"], "video/VP9"],
  [["video/H264"], undefined],
  [[], undefined],
];

for (const [order, expected] of choices) {
  Deno.test(`Slots.applyEncodings encodes with ${expected} by [${order}]`, async () => {
    const { slots, media, senders } = setUp();
    media.codecOrder = order;

    slots.applyEncodings();
    await turns(50);

    const [encoding] = senders[1]!.parameters.encodings as { codec?: { mimeType: string } }[];
    assert.equal(encoding!.codec?.mimeType, expected);
    assert.ok(!("payloadType" in (encoding!.codec ?? {})));
  });
}

Deno.test("Slots.applyEncodings waits until something is agreed on", async () => {
  const { slots, media, senders, faults } = setUp();
  for (const sender of senders) sender.parameters = { encodings: [], codecs: [] };
  media.encodings = new Map([["camera", ENCODING]]);

  slots.applyEncodings();
  await turns(50);

  assert.deepEqual([senders[1]!.parameters.encodings, faults], [[], []]);
});

Deno.test("Slots.applyEncodings tells nobody what did not change", async () => {
  const { slots, media, senders, faults } = setUp();
  media.encodings = new Map([["camera", ENCODING]]);
  slots.applyEncodings();
  await turns(50);
  senders[1]!.refuses.push(new Error("told again"));

  slots.applyEncodings();
  await turns(50);

  assert.deepEqual(faults, []);
});

Deno.test("Slots tell of what a browser refuses, and go on", async () => {
  const { slots, media, senders, faults } = setUp();
  senders[1]!.refuses.push(new Error("not now"));
  media.encodings = new Map([["camera", ENCODING], ["screen", ENCODING]]);

  slots.applyEncodings();
  await turns(50);

  assert.deepEqual(faults.map((fault) => (fault as Error).message), ["not now"]);
  assert.equal((senders[2]!.parameters.encodings as SlotEncoding[])[0]!.maxBitrate, 500_000);
});

Deno.test("Slots.takeFromOffer takes what another kind of client offers", () => {
  const { connection, make } = bare();
  for (const kind of ["video", "audio"]) connection.addTransceiver(kind, { direction: "recvonly" });
  const slots = make();

  slots.takeFromOffer();

  const [video, audio] = connection.getTransceivers();
  assert.deepEqual(slots.remoteTracks as unknown, {
    microphone: audio!.receiver.track,
    camera: video!.receiver.track,
  });
  assert.deepEqual([video!.direction, audio!.direction], ["sendrecv", "sendrecv"]);
});

Deno.test("Slots.close forgets what waits", async () => {
  const { slots, media, senders } = setUp();
  media.encodings = new Map([["camera", ENCODING]]);

  slots.applyEncodings();
  slots.close();
  slots.applyTracks();
  await turns(50);

  assert.deepEqual(senders[1]!.parameters.encodings, [{}]);
});

function bare() {
  const connection = new FakePeerConnection(new FakeNetwork());
  const faults: unknown[] = [];
  const media: { -readonly [key in keyof LocalMedia]: LocalMedia[key] } = {
    ...{ tracks: {}, encodings: new Map(), codecOrder: [] },
  };
  const make = () =>
    new Slots({
      connection: connection as unknown as RTCPeerConnection, // As far as slots use one.
      media: () => media,
      createStream: () => ({}) as MediaStream, // Only handed on.
      videoCodecs: () => CODECS,
      faulted: (fault) => faults.push(fault),
    });
  return { connection, faults, media, make };
}

/** Slots that were offered and agreed on. */
function setUp() {
  const { connection, make, ...rest } = bare();
  const slots = make();
  slots.makeForOffer();
  const senders: FakeSender[] = connection.getTransceivers().map(({ sender }) => sender);
  for (const sender of senders) sender.parameters = { encodings: [{}], codecs: CODECS };
  return { slots, senders, ...rest };
}
