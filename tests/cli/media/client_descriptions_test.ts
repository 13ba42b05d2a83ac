/** The descriptions of a synthetic user: the server takes them, and its own are read. */
import assert from "node:assert/strict";
import {
  type ClientSide,
  EXTENSION_IDS,
  PAYLOAD_TYPES,
  publisherOffer,
  receiverAnswer,
} from "../../../cli/media/client_descriptions.ts";
import { DescriptionError, ServerDescription } from "../../../cli/media/server_description.ts";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { answerPublisher } from "../../../src/media/sdp/publisher_answer.ts";
import { offerSubscriber, readSubscriberAnswer } from "../../../src/media/sdp/subscriber_offer.ts";

const CLIENT: ClientSide = {
  ice: { usernameFragment: "clie", password: "c".repeat(24) },
  fingerprint: { algorithm: "sha-256", value: Array(32).fill("0A").join(":") },
};
const LOCAL = {
  ice: { usernameFragment: "serv", password: "s".repeat(24) },
  fingerprint: { algorithm: "sha-256", value: Array(32).fill("AB").join(":") },
  candidates: [
    { address: "192.0.2.7", port: 50_000, priority: 2_130_706_431 },
    { address: "2001:db8::7", port: 50_001, priority: 2_130_706_175 },
  ],
};
const LINES = [
  { mid: "0", isVideo: false, ssrc: 11, rtxSsrc: 0 },
  { mid: "1", isVideo: true, ssrc: 21, rtxSsrc: 22 },
];
const SECTIONS = [
  { mid: "a0", kind: "audio", ssrc: 1, streamId: "s0", trackId: "a0", cname: "s0" },
  { mid: "v0", kind: "video", ssrc: 2, rtxSsrc: 3, streamId: "s0", trackId: "v0", cname: "s0" },
] as const;

function subscriberOffer(): string {
  return offerSubscriber({ local: LOCAL, version: 1, sections: SECTIONS });
}

Deno.test("publisherOffer is taken by the server, with its sources, codecs and extensions", () => {
  const offer = parseDescription(
    publisherOffer(CLIENT, { lines: LINES, version: 3, cname: "ann" }),
  );

  const { media } = answerPublisher({ offer, local: LOCAL, version: 1 });

  assert.deepEqual(remoteParametersOf(offer), {
    ...CLIENT.ice,
    fingerprint: CLIENT.fingerprint,
    setup: "actpass",
  });
  assert.deepEqual(media.map(({ mid, kind, ssrcs, rtxSsrcs }) => [mid, kind, ssrcs, rtxSsrcs]), [
    ["0", "audio", [11], [0]],
    ["1", "video", [21], [22]],
  ]);
  const { vp8, rtx, opus } = PAYLOAD_TYPES;
  assert.deepEqual(media.map(({ codec }) => codec), [
    { name: "opus", payloadType: opus },
    { name: "VP8", payloadType: vp8, rtxPayloadType: rtx },
  ]);
  assert.equal(media[0]?.extensionIds.audioLevel, EXTENSION_IDS.audioLevel);
  assert.deepEqual(media.map(({ extensionIds }) => extensionIds.mid), [4, 4]);
});

Deno.test("receiverAnswer takes all that the server offers, with Opus and VP8", () => {
  const offer = ServerDescription.read(subscriberOffer());

  const sdp = receiverAnswer(CLIENT, { media: offer.media, version: 1 });
  const { remote, acceptedMids, codecsByMid } = readSubscriberAnswer(sdp, ["a0", "v0"]);

  assert.deepEqual(remote, { ...CLIENT.ice, fingerprint: CLIENT.fingerprint, setup: "active" });
  assert.deepEqual([...acceptedMids], ["a0", "v0"]);
  assert.deepEqual([...codecsByMid.get("v0")!], [["VP8", 97]]);
  assert.deepEqual([...codecsByMid.get("a0")!], [["opus", 0]]);
});

Deno.test("ServerDescription says how to connect and what is going to be sent", () => {
  const { server, streams, received } = ServerDescription.read(subscriberOffer());

  const { ice, fingerprint, candidates } = LOCAL;
  assert.deepEqual(server, { ...ice, fingerprint, candidates });
  assert.deepEqual(streams, [
    { mid: "a0", isVideo: false, ssrc: 1, rtxSsrc: 0, audioLevelId: 12 },
    { mid: "v0", isVideo: true, ssrc: 2, rtxSsrc: 3, audioLevelId: 0 },
  ]);
  assert.deepEqual(received, []);
});

Deno.test("ServerDescription of an answer says what the server receives", () => {
  const offer = parseDescription(
    publisherOffer(CLIENT, { lines: LINES, version: 1, cname: "ann" }),
  );
  const wanted = new Set(["1"]);

  const { sdp } = answerPublisher({ offer, local: LOCAL, version: 1, wanted });

  assert.deepEqual(ServerDescription.read(sdp).received, ["1"]);
});

for (
  const [what, change, expected] of [
    ["without a candidate", (sdp: string) => sdp.replace(/a=candidate.*\r\n/g, ""), /candidate/],
    ["without credentials", (sdp: string) => sdp.replace(/a=ice-ufrag.*\r\n/g, ""), /ICE/],
    ["without a fingerprint", (sdp: string) => sdp.replace(/a=fingerprint.*\r\n/g, ""), /finger/],
    ["without sources", (sdp: string) => sdp.replace(/a=ssrc.*\r\n/g, ""), /names no source/],
    ["that is none", () => "nothing", /^Cannot take the description/],
  ] as const
) {
  Deno.test(`ServerDescription refuses a description ${what}`, () => {
    const attempt = () => ServerDescription.read(change(subscriberOffer())).streams;

    assert.throws(
      attempt,
      (error) => error instanceof DescriptionError && expected.test(error.message),
    );
  });
}
