/** A real Chromium takes every description that we write, and does what we mean by it. */
import assert from "node:assert/strict";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { answerPublisher, type PublisherAnswer } from "../../../src/media/sdp/publisher_answer.ts";
import { offerSubscriber, readSubscriberAnswer } from "../../../src/media/sdp/subscriber_offer.ts";
import { answerViewer } from "../../../src/media/sdp/viewer_answer.ts";
import { MAX_PAIRS } from "../../../src/media/sfu/pair_plan.ts";
import { BrowserPeer } from "../../support/browser_peer.ts";
import { BrowserTabs } from "../../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../../support/chromium.ts";
import { LOCAL, pairs } from "./local_side.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

/** The server's default for its longest message. */
const MAX_MESSAGE_BYTES = 65_536;
/** Left for candidates of a client with many addresses, and for what stands around the text. */
const SPARE_BYTES = 4_096;
/** A microphone, a camera in three layers, a screen and a data channel: mids 0 to 3. */
const PUBLISH = `
  const stream = globalThis.stream = await capture();
  const [sound] = stream.getAudioTracks();
  const [picture] = stream.getVideoTracks();
  const direction = "sendonly";
  globalThis.microphone = connection.addTransceiver(sound, { direction, streams: [stream] });
  globalThis.camera = connection.addTransceiver(picture, {
    direction, streams: [stream], sendEncodings: LAYERS,
  });
  globalThis.screen_ = connection.addTransceiver(picture.clone(), { direction });
  connection.createDataChannel("data");
`;
const LAYERS_OF_CAMERA = "return camera.sender.getParameters().encodings.map(({ rid }) => rid)";

async function publish(
  peer: BrowserPeer,
  options: { offer: string; version?: number; wanted?: readonly string[] },
): Promise<PublisherAnswer> {
  const answer = answerPublisher({
    offer: parseDescription(options.offer),
    local: LOCAL,
    version: options.version ?? 1,
    ...(options.wanted === undefined ? {} : { wanted: new Set(options.wanted) }),
  });
  await peer.take(answer.sdp);
  return answer;
}

Deno.test("[PB1] Chromium takes answerPublisher's answer and sends its layers", async () => {
  const peer = await BrowserPeer.open(tabs);

  const { media, hasData } = await publish(peer, { offer: await peer.offer(PUBLISH) });

  assert.deepEqual(await peer.directions(), [
    ...[["0", "sendonly"], ["1", "sendonly"], ["2", "sendonly"]],
  ]);
  assert.deepEqual(await peer.run(LAYERS_OF_CAMERA), ["l", "m", "h"]);
  assert.deepEqual(media.map(({ rids }) => rids), [[], ["l", "m", "h"], []]);
  assert.equal(hasData, true);
});

Deno.test("[PB1] Chromium keeps its layers where an m-line is not wanted yet", async () => {
  const peer = await BrowserPeer.open(tabs);
  const offer = await peer.offer(PUBLISH);

  const first = await publish(peer, { offer, wanted: ["0"] });
  const unwanted = await peer.directions();
  const second = await publish(peer, {
    ...{ offer: await peer.offer(), version: 2, wanted: ["0", "1"] },
  });

  assert.deepEqual(first.media.map(({ mid }) => mid), ["0"]);
  assert.deepEqual(unwanted, [["0", "sendonly"], ["1", "inactive"], ["2", "inactive"]]);
  assert.deepEqual(second.media.map(({ mid, rids }) => [mid, rids]), [
    ...[["0", []], ["1", ["l", "m", "h"]]],
  ]);
  assert.deepEqual(await peer.run(LAYERS_OF_CAMERA), ["l", "m", "h"]);
});

Deno.test("[PB1] Chromium stops an m-line and uses it again under another mid", async () => {
  const peer = await BrowserPeer.open(tabs);
  await publish(peer, { offer: await peer.offer(PUBLISH) });

  const paused = await publish(peer, {
    offer: await peer.offer(`screen_.direction = "inactive"`),
    version: 2,
  });
  const stopped = await publish(peer, { offer: await peer.offer("screen_.stop()"), version: 3 });
  const again = await publish(peer, {
    offer: await peer.offer(`connection.addTransceiver(
      stream.getVideoTracks()[0].clone(), { direction: "sendonly" })`),
    version: 4,
  });

  assert.deepEqual(paused.media.map(({ mid }) => mid), ["0", "1"]);
  assert.deepEqual(stopped.media.map(({ mid }) => mid), ["0", "1"]);
  assert.match(stopped.sdp, /^m=video 0 /m);
  assert.deepEqual(again.media.map(({ mid }) => mid), ["0", "1", "4"]);
  assert.equal(again.sdp.match(/^m=/gm)?.length, 4);
  assert.deepEqual((await peer.directions()).at(-1), ["4", "sendonly"]);
});

for (const name of ["VP8", "VP9", "H264", "AV1"] as const) {
  Deno.test(`[PB1] Chromium sends the codec that it prefers: ${name}`, async () => {
    const peer = await BrowserPeer.open(tabs);

    const { media } = await publish(peer, {
      offer: await peer.offer(`${PUBLISH}; prefer(camera, "video/${name}")`),
    });

    const codecs = await peer.run<string[]>(
      "return camera.sender.getParameters().codecs.map(({ mimeType }) => mimeType)",
    );
    assert.deepEqual(codecs, [`video/${name}`, "video/rtx"]);
    assert.equal(media[1]?.codec.name, name);
    assert.deepEqual(media[1]?.rids, ["l", "m", "h"]);
  });
}

Deno.test("[SB1] Chromium takes offers of more and more pairs, and answers each", async () => {
  const peer = await BrowserPeer.open(tabs);
  await peer.run(`globalThis.heard = [];
    connection.ontrack = ({ track, streams, transceiver }) =>
      heard.push([transceiver.mid, track.kind, streams.map(({ id }) => id)]);`);

  for (const [index, count] of [1, 2, 5, 5, 12].entries()) {
    const sections = pairs(count);
    const mids = sections.map(({ mid }) => mid);
    const answer = readSubscriberAnswer(
      await peer.answer(offerSubscriber({ local: LOCAL, version: index + 1, sections })),
      mids,
    );

    assert.deepEqual([...answer.acceptedMids], mids);
    assert.deepEqual(answer.codecsByMid.get("a0"), new Map([["opus", 0]]));
    assert.deepEqual(
      [...answer.codecsByMid.get(`v${count - 1}`) ?? []].sort(),
      [["AV1", 46], ["H264", 109], ["VP8", 97], ["VP9", 99]],
    );
    assert.equal(answer.remote.setup, "active");
  }

  const heard = await peer.run<[string, string, string[]][]>("return heard");
  assert.deepEqual(heard.slice(0, 4), [
    ...[["a0", "audio", ["s0"]], ["v0", "video", ["s0"]]],
    ...[["a1", "audio", ["s1"]], ["v1", "video", ["s1"]]],
  ]);
  assert.equal(heard.length, 24);
});

Deno.test("[SB1] Chromium's answer to as many pairs as there may be fits in a message", async () => {
  const peer = await BrowserPeer.open(tabs);
  const sections = pairs(MAX_PAIRS);

  const answer = await peer.answer(offerSubscriber({ local: LOCAL, version: 1, sections }));

  const bytes = JSON.stringify(answer).length;
  assert.ok(bytes < MAX_MESSAGE_BYTES - SPARE_BYTES, `${MAX_PAIRS} pairs: ${bytes} bytes`);
});

Deno.test("[SB1] an m-line that Chromium has stopped is not accepted, the others are", async () => {
  const peer = await BrowserPeer.open(tabs);
  const sections = pairs(2);
  const mids = sections.map(({ mid }) => mid);
  const offer = { local: LOCAL, sections };
  readSubscriberAnswer(await peer.answer(offerSubscriber({ ...offer, version: 1 })), mids);

  await peer.run("connection.getTransceivers()[1].stop()");
  const answer = await peer.answer(offerSubscriber({ ...offer, version: 2 }));
  const { acceptedMids } = readSubscriberAnswer(answer, mids);

  assert.deepEqual([...acceptedMids], ["a0", "a1", "v1"]);
});

Deno.test("Chromium's credentials and fingerprint are read from its offer", async () => {
  const peer = await BrowserPeer.open(tabs);

  const remote = remoteParametersOf(parseDescription(await peer.offer(PUBLISH)));

  assert.equal(remote.setup, "actpass");
  assert.equal(remote.fingerprint.algorithm, "sha-256");
  assert.match(remote.fingerprint.value, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.match(remote.usernameFragment, /^.{4,}$/);
});

Deno.test("Chromium takes answerViewer's answer to what it wants to receive", async () => {
  const peer = await BrowserPeer.open(tabs);
  const offer = await peer.offer(`
    connection.addTransceiver("audio", { direction: "recvonly" });
    connection.addTransceiver("video", { direction: "recvonly" });
    connection.addTransceiver("video", { direction: "recvonly" });
    globalThis.heard = [];
    connection.ontrack = ({ transceiver, streams }) =>
      heard.push([transceiver.mid, streams.map(({ id }) => id)]);`);
  const shared = { streamId: "ann", cname: "ann" };

  const { sdp, media } = answerViewer({
    ...{ offer: parseDescription(offer), local: LOCAL, version: 1 },
    sections: [
      { mid: "0", ssrc: 5, trackId: "sound", ...shared },
      { mid: "1", ssrc: 6, rtxSsrc: 7, trackId: "picture", ...shared },
    ],
  });
  await peer.take(sdp);

  assert.deepEqual(await peer.directions(), [
    ...[["0", "recvonly"], ["1", "recvonly"], ["2", "inactive"]],
  ]);
  assert.deepEqual(await peer.run("return heard"), [["0", ["ann"]], ["1", ["ann"]]]);
  assert.deepEqual(media.map(({ mid }) => mid), ["0", "1"]);
  assert.deepEqual(Object.keys(media[1]!.payloadTypes).sort(), ["AV1", "H264", "VP8", "VP9"]);
  assert.deepEqual(Object.keys(media[1]!.rtxPayloadTypes).sort(), ["AV1", "H264", "VP8", "VP9"]);
  assert.equal(media[1]!.extensionIds.dependencyDescriptor, 0, "Chromium did not offer it");
});
