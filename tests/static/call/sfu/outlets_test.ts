/** What each m-line of a publisher connection is told to send. */
import assert from "node:assert/strict";
import { Outlets, type Sending } from "../../../../static/call/sfu/outlets.ts";
import type { SlotEncoding } from "../../../../static/call/transport.ts";
import { turns } from "../../support/call_fixture.ts";
import {
  FakeNetwork,
  FakePeerConnection,
  type FakeSender,
  FakeTrack,
} from "../../support/fake_peer_connection.ts";

const ENCODING: SlotEncoding = {
  maxBitrate: 500_000,
  scaleResolutionDownBy: 2,
  maxFramerate: 15,
  degradationPreference: "balanced",
};
type Encoding = { rid?: string; active?: boolean; maxBitrate?: number };

Deno.test("Outlets.applyTracks makes an m-line for each slot that has a track, once", async () => {
  const { outlets, sending, connection } = setUp();
  sending.tracks = { microphone: audio() };
  await outlets.applyTracks();
  const camera = video();
  sending.tracks = { microphone: audio(), camera };
  await outlets.applyTracks();
  sending.tracks = {};

  await outlets.applyTracks();

  const all = connection.getTransceivers();
  assert.deepEqual(all.map(({ direction }) => direction), ["sendonly", "sendonly"]);
  assert.deepEqual(all.map(({ sender }) => sender.track), [null, null]);
  assert.deepEqual(rids(all[1]!.sender), ["l", "m", "h"]);
  assert.equal(outlets.isIncomplete, true);
  assert.deepEqual(outlets.sending, []);
});

Deno.test("[PB1] Outlets.media names what is sent now by its m-line", async () => {
  const { outlets, sending, connection } = setUp();
  sending.tracks = { microphone: audio(), screen: video(), screenSound: audio() };
  await outlets.applyTracks();
  const before = outlets.media;
  await connection.setLocalDescription();
  sending.tracks = { screen: video(), screenSound: audio() };
  await outlets.applyTracks();

  const mids = connection.getTransceivers().map(({ mid }) => mid!);
  assert.deepEqual(before, []);
  assert.deepEqual(outlets.media, [
    { mid: mids[1], source: "screen" },
    { mid: mids[2], source: "screen-sound" },
  ]);
  assert.equal(outlets.isIncomplete, false);
  assert.equal(outlets.byMid.get(mids[0]!), "microphone");
});

Deno.test("Outlets sends pictures in what everybody decodes, unless told otherwise", async () => {
  for (const [codecs, first] of [[undefined, "video/VP8"], [["video/AV1"], "video/AV1"]] as const) {
    const { outlets, sending, connection } = setUp(codecs);
    sending.tracks = { camera: video(), microphone: audio() };

    await outlets.applyTracks();

    const [microphone, camera] = connection.getTransceivers();
    assert.equal(camera!.codecs[0]!.mimeType, first);
    assert.deepEqual(microphone!.codecs, []);
  }
});

Deno.test("[PB6] Outlets.applyEncodings switches sizes off by their name, whatever their order", async () => {
  const { outlets, sending, connection } = setUp();
  sending.tracks = { camera: video(), screen: video() };
  await outlets.applyTracks();
  const [camera, screen] = connection.getTransceivers().map(({ sender }) => sender);
  (camera!.parameters.encodings as Encoding[]).reverse();

  sending.wanted = new Map([["camera", 180], ["screen", 0]]);
  outlets.applyEncodings();
  await turns(50);

  assert.deepEqual(active(camera!), ["l"]);
  assert.deepEqual(rids(camera!), ["h", "m", "l"]);
  assert.equal((screen!.parameters.encodings as Encoding[])[0]!.active, false);

  sending.wanted = new Map();
  outlets.applyEncodings();
  await turns(50);
  assert.deepEqual(active(camera!), ["h", "m", "l"]);
});

Deno.test("Outlets.applyEncodings bounds a voice by its bits alone, and a picture by all", async () => {
  const { outlets, sending, connection } = setUp();
  sending.tracks = { microphone: audio(), camera: video() };
  await outlets.applyTracks();
  const [microphone, camera] = connection.getTransceivers().map(({ sender }) => sender);
  microphone!.parameters.encodings = [{ active: true }];
  sending.encodings = new Map([["microphone", ENCODING], ["camera", ENCODING]]);

  outlets.applyEncodings();
  await turns(50);

  assert.deepEqual(microphone!.parameters.encodings, [{ active: true, maxBitrate: 500_000 }]);
  assert.deepEqual(
    (camera!.parameters.encodings as Encoding[]).map(({ maxBitrate }) => maxBitrate),
    [
      ...[50_000, 150_000, 500_000],
    ],
  );
  assert.equal(camera!.parameters.degradationPreference, "balanced");
});

Deno.test("Outlets tells nobody what did not change, tells of refusals, and goes on", async () => {
  const { outlets, sending, connection, faults } = setUp();
  sending.tracks = { camera: video(), screen: video() };
  await outlets.applyTracks();
  await turns(50);
  const [camera, screen] = connection.getTransceivers().map(({ sender }) => sender);
  camera!.refuses.push(new Error("not now"));

  outlets.applyEncodings();
  await turns(50);
  assert.deepEqual(faults, []);
  sending.encodings = new Map([["camera", ENCODING], ["screen", ENCODING]]);
  outlets.applyEncodings();
  await turns(50);

  assert.deepEqual(faults.map((fault) => (fault as Error).message), ["not now"]);
  assert.equal((screen!.parameters.encodings as Encoding[])[0]!.maxBitrate, 500_000);
});

Deno.test("Outlets.applyTracks measures the sizes by the height of another camera", async () => {
  const { outlets, sending, connection } = setUp();
  sending.wanted = new Map([["camera", 360]]);
  sending.tracks = { camera: video(720) };
  await outlets.applyTracks();
  await turns(50);
  const [camera] = connection.getTransceivers().map(({ sender }) => sender);
  const before = active(camera!);

  sending.tracks = { camera: video(480) };
  await outlets.applyTracks();
  await turns(50);

  assert.deepEqual([before, active(camera!)], [["l", "m"], ["l", "m", "h"]]);
});

Deno.test("Outlets.close forgets what waits", async () => {
  const { outlets, sending, connection } = setUp();
  sending.tracks = { camera: video() };
  await outlets.applyTracks();
  await turns(50);
  const { sender } = connection.getTransceivers()[0]!;

  sending.wanted = new Map([["camera", 0]]);
  outlets.applyEncodings();
  outlets.close();
  await turns(50);

  assert.deepEqual(active(sender), ["l", "m", "h"]);
});

function setUp(codecs?: readonly string[]) {
  const connection = new FakePeerConnection(new FakeNetwork());
  const faults: unknown[] = [];
  const sending: { -readonly [key in keyof Sending]: Sending[key] } = {
    ...{ tracks: {}, encodings: new Map(), wanted: new Map() },
  };
  const outlets = new Outlets({
    connection: connection as unknown as RTCPeerConnection, // As far as outlets use one.
    sending: () => sending,
    createStream: () => ({}) as MediaStream, // Only handed on.
    videoCodecs: () =>
      ["video/AV1", "video/VP8", "video/rtx"].map((mimeType) => ({ mimeType, clockRate: 90_000 })),
    codecs,
    faulted: (fault) => faults.push(fault),
  });
  return { outlets, sending, connection, faults };
}

function video(height = 720): MediaStreamTrack {
  return new FakeTrack("video", height).asTrack;
}

function audio(): MediaStreamTrack {
  return new FakeTrack("audio").asTrack;
}

function rids({ parameters }: FakeSender): unknown[] {
  return (parameters.encodings as Encoding[]).map(({ rid }) => rid);
}

function active({ parameters }: FakeSender): unknown[] {
  return (parameters.encodings as Encoding[]).flatMap(({ rid, active }) => active ? [rid] : []);
}
