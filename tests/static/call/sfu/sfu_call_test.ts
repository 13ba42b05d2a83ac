/** Calls through a server that a test turns by hand. */
import assert from "node:assert/strict";
import {
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
} from "../../../../src/protocol/data_frame.ts";
import {
  FORMER_MS,
  LINGER_MS,
  POLL_MS,
  SHOW_ANYWAY_MS,
} from "../../../../static/call/sfu/showing.ts";
import type { Slot } from "../../../../static/call/transport.ts";
import { type FakeChannel, FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakeSfu, type SfuMember } from "../../support/fake_sfu.ts";

Deno.test("[PB1, SB1] SfuCall sends once, and everybody receives it from the server", async () => {
  const { sfu, ann, bob, eve } = await room();
  send(ann, "microphone", "camera");

  await sfu.settle();

  for (const member of [bob, eve]) {
    assert.deepEqual(slotsOf(member, ann), ["camera", "microphone"]);
    assert.equal(member.call.remotes.get(ann.userId)?.state, "connected");
    assert.deepEqual(slotsOf(member, bob === member ? eve : bob), []);
  }
  assert.deepEqual(ann.connections.filter(isOpen).length, 1);
  assert.deepEqual(ann.connections[0]!.mids.map((mid) => mid.split(":")[1]), [
    ...["application", "audio", "video"],
  ]);
  assertNoFaults(sfu);
  finish(sfu);
});

Deno.test("[PB1] SfuCall opens one ordered channel with its first offer, also where it sends nothing", async () => {
  const { sfu, ann } = await room();

  await sfu.settle();

  const [publish] = ann.sent.filter(({ type }) => type === "publish");
  assert.deepEqual(ann.connections[0]!.channels.map(({ label }) => label), ["signalbox"]);
  assert.deepEqual((publish as { tracks?: unknown }).tracks, []);
  finish(sfu);
});

Deno.test("[PB3] SfuCall tells what starts and what ends, and swaps a track without a word", async () => {
  const { sfu, ann, bob } = await room();
  send(ann, "microphone", "camera");
  await sfu.settle();
  const [first, second] = [new FakeTrack("video", 720), new FakeTrack("video", 1080)];

  const seen: string[][] = [];
  const publishes: number[] = [];
  for (const camera of [first, second, undefined, first]) {
    ann.call.setTracks(camera === undefined ? {} : { camera: camera.asTrack });
    await sfu.settle();
    seen.push(slotsOf(bob, ann));
    publishes.push(ann.sent.filter(({ type }) => type === "publish").length);
  }

  assert.deepEqual(seen, [["camera"], ["camera"], [], ["camera"]]);
  assert.deepEqual(publishes, [3, 3, 4, 5]);
  assert.equal(ann.connections[0]!.getTransceivers()[1]!.sender.track, first);
  assertNoFaults(sfu);
  finish(sfu);
});

Deno.test("[SB2] SfuCall follows an m-line that carries somebody else, when a picture of theirs came", async () => {
  const { sfu, ann, bob, eve } = await room();
  send(ann, "microphone", "camera");
  await sfu.settle();
  sfu.decode(bob, ann, "camera", 500, 7);
  const line = bob.call.remotes.get(ann.userId)?.tracks.camera;

  send(ann);
  await sfu.settle();
  send(eve, "camera", "microphone");
  await sfu.settle();
  const atOnce = [slotsOf(bob, ann), slotsOf(bob, eve)];
  await sfu.pass(POLL_MS);
  sfu.decode(bob, eve, "camera", 510, 7);
  await sfu.pass(POLL_MS);
  const still = slotsOf(bob, eve);
  sfu.decode(bob, eve, "camera", 511, 8);
  await sfu.pass(POLL_MS);

  assert.deepEqual(atOnce, [[], ["microphone"]]);
  assert.deepEqual(still, ["microphone"]);
  assert.deepEqual(slotsOf(bob, eve), ["camera", "microphone"]);
  assert.equal(bob.call.remotes.get(eve.userId)?.tracks.camera, line);
  finish(sfu);
});

Deno.test("SfuCall.progress counts what came since an m-line carries somebody", async () => {
  const { sfu, ann, bob, eve } = await room();
  send(ann, "camera");
  await sfu.settle();
  sfu.decode(bob, ann, "camera", 500, 7);
  const first = (await bob.call.progress()).get(ann.userId);

  send(ann);
  await sfu.settle();
  send(eve, "camera");
  await sfu.pass(POLL_MS);
  const before = (await bob.call.progress()).get(eve.userId);
  sfu.decode(bob, eve, "camera", 503, 8);
  const after = (await bob.call.progress()).get(eve.userId);

  assert.deepEqual([first, before, after], [{ camera: 500 }, { camera: 0 }, { camera: 3 }]);
  finish(sfu);
});

Deno.test("[SB5, SB4] SfuCall shows a lost connection's last picture until the next has come", async () => {
  const { sfu, ann, bob } = await room();
  send(ann, "microphone", "camera");
  await sfu.settle();
  const before = bob.call.remotes.get(ann.userId)!.tracks;

  sfu.lose(bob, "subscriber");
  await sfu.settle();
  const during = bob.call.remotes.get(ann.userId)!.tracks;
  sfu.decode(bob, ann, "camera", 1);
  await sfu.pass(POLL_MS);
  const half = bob.call.remotes.get(ann.userId)!.tracks;
  sfu.decode(bob, ann, "microphone", 1);
  await sfu.pass(POLL_MS);
  const after = bob.call.remotes.get(ann.userId)!.tracks;

  assert.deepEqual([during.camera, during.microphone], [before.camera, before.microphone]);
  assert.notEqual(half.camera, before.camera);
  assert.equal(half.microphone, before.microphone);
  assert.notEqual(after.microphone, before.microphone);
  const former = bob.connections.find((one) => isOpen(one) && one.connectionState !== "connected");
  assert.equal(former, undefined);
  await sfu.pass(LINGER_MS);
  assert.equal(bob.connections.filter(isOpen).length, 2);
  finish(sfu);
});

Deno.test("SfuCall shows the new connection after a while, whatever has come", async () => {
  const { sfu, ann, bob } = await room();
  send(ann, "camera");
  await sfu.settle();
  const before = bob.call.remotes.get(ann.userId)!.tracks.camera;

  sfu.lose(bob, "subscriber");
  await sfu.pass(SHOW_ANYWAY_MS + POLL_MS);

  assert.notEqual(bob.call.remotes.get(ann.userId)!.tracks.camera, before);
  finish(sfu);
});

Deno.test("SfuCall lets go of the last pictures of a connection that nothing follows", async () => {
  const { sfu, ann, bob } = await room();
  send(ann, "camera");
  send(bob, "microphone");
  await sfu.settle();

  sfu.lose(ann, "publisher");
  sfu.losses.add("publish");
  sfu.lose(bob, "subscriber");
  await sfu.settle();
  sfu.say(bob, { type: "subscription-offer", ...emptyOffer() });
  await sfu.settle();
  const during = slotsOf(bob, ann);
  await sfu.pass(FORMER_MS);

  assert.deepEqual(during, ["camera"]);
  assert.deepEqual(slotsOf(bob, ann), []);
  finish(sfu);
});

for (const channel of ["publisher", "subscriber"] as const) {
  Deno.test(`[SB5] SfuCall makes another ${channel} connection when the server lost it`, async () => {
    const { sfu, ann, bob } = await room();
    send(ann, "microphone", "camera");
    await sfu.settle();

    sfu.lose(channel === "publisher" ? ann : bob, channel);
    await sfu.settle();

    assert.deepEqual(slotsOf(bob, ann), ["camera", "microphone"]);
    assert.equal(bob.call.remotes.get(ann.userId)?.state, "connected");
    assertNoFaults(sfu);
    finish(sfu);
  });
}

Deno.test("SfuCall tells nobody of a link while its own way to the server is away", async () => {
  const { sfu, ann, bob } = await room();
  send(bob, "camera");
  await sfu.settle();

  ann.connections[0]!.move("disconnected");

  assert.equal(ann.call.remotes.get(bob.userId)?.state, "interrupted");
  finish(sfu);
});

Deno.test("[DC2] SfuCall.openChannel opens a stream on the channel with the server", async () => {
  const { sfu, ann, bob } = await room();
  const channel = ann.connections[0]!.channels[0]!;

  const opening = ann.call.openChannel(bob.userId, "file:1");
  channel.open();
  const asked = decodeDataFrame(channel.sent[0]!)!;
  receive(channel, { ...asked, isOpener: false, type: "credit", credit: 5 });

  assert.ok(asked.type === "open" && asked.userId === bob.userId && asked.label === "file:1");
  assert.equal((await opening).label, "file:1");
  finish(sfu);
});

Deno.test("[DC2] SfuCall tells of the streams that others open", async () => {
  const { sfu, ann, bob } = await room();
  const channel = ann.connections[0]!.channels[0]!;
  channel.open();

  receive(channel, {
    ...{ type: "open", userId: bob.userId, isOpener: true, streamId: 3, credit: 5 },
    label: "file:2",
  });

  assert.deepEqual(ann.channels, [`${bob.userId} file:2`]);
  finish(sfu);
});

Deno.test("[DC1] SfuCall ends the streams of a connection that another one replaces", async () => {
  const { sfu, ann, bob } = await room();
  const channel = ann.connections[0]!.channels[0]!;
  channel.open();
  const opening = ann.call.openChannel(bob.userId, "file:1");

  sfu.lose(ann, "publisher");
  await sfu.settle();

  await assert.rejects(opening, /Cannot open channel "file:1": the other side has gone/);
  assert.equal(ann.connections.at(-1)!.channels.length, 1);
  finish(sfu);
});

Deno.test("SfuCall.openChannel rejects where there is no connection", async () => {
  const { sfu, ann, bob } = await room();
  ann.call.close();

  await assert.rejects(
    ann.call.openChannel(bob.userId, "file:1"),
    /Cannot open channel "file:1": there is no connection to the server/,
  );
  finish(sfu);
});

Deno.test("SfuCall.close ends both connections, leaves no timer, and nothing wakes it again", async () => {
  const { sfu, ann, bob } = await room();
  send(bob, "camera");
  await sfu.settle();
  const count = ann.sent.length;

  ann.call.close();
  ann.call.close();
  ann.call.setOthers([bob.userId]);
  ann.call.networkChanged();
  send(ann, "camera");
  sfu.say(ann, { type: "media-lost", channel: "publisher" });
  sfu.say(ann, { type: "subscription-offer", ...emptyOffer() });
  await sfu.settle();

  assert.deepEqual([...ann.call.remotes], []);
  assert.equal(ann.sent.length, count);
  assert.ok(!ann.connections.some(isOpen));
  finish(sfu);
});

async function room() {
  const sfu = new FakeSfu();
  const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => sfu.add(name));
  await sfu.settle();
  return { sfu, ann: ann!, bob: bob!, eve: eve! };
}

/** Sends these slots and nothing else. */
function send(member: SfuMember, ...slots: Slot[]): void {
  const tracks = slots.map((slot) => {
    const isPicture = slot === "camera" || slot === "screen";
    return [
      slot,
      new FakeTrack(isPicture ? "video" : "audio", isPicture ? 720 : undefined).asTrack,
    ];
  });
  member.call.setTracks(Object.fromEntries(tracks));
}

function slotsOf(at: SfuMember, of: SfuMember): string[] {
  return Object.keys(at.call.remotes.get(of.userId)?.tracks ?? {}).sort();
}

/** A frame comes from the server. */
function receive(channel: FakeChannel, frame: DataFrame): void {
  const { buffer } = encodeDataFrame(frame);
  channel.dispatchEvent(new MessageEvent("message", { data: buffer }));
}

function emptyOffer() {
  return {
    connection: 99,
    description: { type: "offer", sdp: JSON.stringify({ ufrag: "x", mids: [] }) },
    tracks: [],
  };
}

function isOpen({ signalingState }: { signalingState: string }): boolean {
  return signalingState !== "closed";
}

function assertNoFaults(sfu: FakeSfu): void {
  assert.deepEqual(sfu.members.flatMap(({ faults }) => faults), []);
}

function finish(sfu: FakeSfu): void {
  sfu.close();
  assert.equal(sfu.clock.pending, 0);
}
