/** Calls between meshes over fake connections: whatever the wire does, the ends agree. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CONNECT_MS, POLITE_FACTOR } from "../../../static/call/recovery.ts";
import { SLOTS } from "../../../static/call/transport.ts";
import { type Caller, CallFixture, turns, user } from "../support/call_fixture.ts";
import { FakeTrack } from "../support/fake_peer_connection.ts";

Deno.test("[RL1] Mesh connects two, the smaller id offers four slots", async () => {
  const { fixture, ann, bob } = pair();

  assert.equal(bob.connections.length, 0);
  await fixture.settle();

  assertAgreed(ann, bob);
  assert.deepEqual(
    fixture.sent.filter(({ message }) => message.type === "offer").map(({ from }) => from),
    ["ann"],
  );
  assert.deepEqual(ann.connections[0]!.mids.map((mid) => mid.split(":")[1]), [
    "audio",
    "video",
    "video",
    "audio",
  ]);
  assert.deepEqual(Object.keys(bob.mesh.remotes.get(ann.userId)!.tracks), [...SLOTS]);
  assert.ok(
    bob.connections[0]!.getTransceivers().every(({ direction }) => direction === "sendrecv"),
  );
  finish(fixture);
});

Deno.test("[RL1] Mesh ends the candidates of each description with null", async () => {
  const { fixture } = pair();

  await fixture.settle();

  for (const name of ["ann", "bob"]) {
    const candidates = fixture.sent.flatMap(({ from, message }) =>
      from === name && message.type === "ice-candidate" ? [message.candidate] : []
    );
    assert.equal(candidates.length, 2);
    assert.equal(candidates.at(-1), null);
  }
  finish(fixture);
});

type Action =
  | "ann>bob"
  | "bob>ann"
  | "ann"
  | "bob"
  | "ann codecs"
  | "bob codecs"
  | "ann channel"
  | "bob channel";
const actions = fc.constantFrom<Action>(
  ...(["ann>bob", "bob>ann", "ann", "bob"] as const),
  ...(["ann codecs", "bob codecs", "ann channel", "bob channel"] as const),
);

Deno.test("[OR3] Mesh agrees in whatever order offers cross", async () => {
  const script = fc.array(fc.tuple(actions, fc.nat(12)), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(script, async (steps) => {
      const { fixture, ann, bob } = pair();
      for (const [action, pause] of steps) {
        act(action, fixture, ann, bob);
        await turns(pause);
      }
      await fixture.settle();

      assertAgreed(ann, bob);
      assert.deepEqual([...ann.faults, ...bob.faults], []);
      fixture.close();
      await turns(50);
      assert.equal(fixture.clock.pending, 0);
    }),
    { numRuns: 400 },
  );
});

Deno.test("Mesh agrees in the end, whatever is lost on the way", async () => {
  const script = fc.array(fc.tuple(actions, fc.nat(12), fc.boolean()), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(script, async (steps) => {
      const { fixture, ann, bob } = pair();
      for (const [action, pause, isLost] of steps) {
        if (action === "ann>bob") fixture.deliver(ann, bob, isLost);
        else if (action === "bob>ann") fixture.deliver(bob, ann, isLost);
        else act(action, fixture, ann, bob);
        await turns(pause);
      }
      for (const { mesh } of [ann, bob]) mesh.networkChanged();
      await fixture.settle();
      await fixture.pass(CONNECT_MS * POLITE_FACTOR * 3);

      assertAgreed(ann, bob);
      fixture.close();
      await turns(50);
      assert.equal(fixture.clock.pending, 0);
    }),
    { numRuns: 200 },
  );
});

Deno.test("Mesh stays as it was when an offer does not parse", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  const link = linkOf(fixture);
  const bad = { type: "offer", description: { type: "offer", sdp: "not JSON" } };

  fixture.say(bob, { ...bad, from: "ann", link, number: 90 });
  fixture.say(ann, { ...bad, from: "bob", link: "another" });
  await fixture.settle();

  assertAgreed(ann, bob);
  assert.deepEqual([ann.faults.length, bob.faults.length], [1, 1]);
  assert.deepEqual([ann.connections, bob.connections].map((all) => all.filter(isOpen).length), [
    1,
    1,
  ]);
  finish(fixture);
});

Deno.test("Mesh drops what comes from a connection of before", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  const former = linkOf(fixture);
  const replayed = fixture.sent.filter(({ from }) => from === "ann").map(({ message }) => message);
  ann.mesh.setOthers([]);
  ann.mesh.setOthers([bob.userId]);
  await fixture.settle();
  const links = fixture.sent.map(({ message }) => (message as { link?: string }).link);
  assert.notEqual(links.at(-1), former);
  const count = fixture.sent.length;

  for (const { to: _to, ...message } of replayed) fixture.say(bob, { ...message, from: "ann" });
  await fixture.settle();

  assert.equal(fixture.sent.length, count);
  assertAgreed(ann, bob);
  assert.deepEqual(bob.faults, []);
  finish(fixture);
});

Deno.test("Mesh makes a new link to one who left and came back", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();

  for (const { mesh } of [ann, bob]) mesh.setOthers([]);
  assert.deepEqual([...ann.mesh.remotes], []);
  fixture.meet();
  await fixture.settle();

  assertAgreed(ann, bob);
  assert.deepEqual([ann.connections.length, bob.connections.length], [2, 2]);
  assert.ok(!isOpen(ann.connections[0]!));
  finish(fixture);
});

Deno.test("Mesh restarts ICE after a disconnection that lasts", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  const fragment = ann.connections[0]!.localDescription!.sdp;

  fixture.network.set(false);
  await fixture.pass(1_500);
  assert.equal(stateAt(ann, bob), "interrupted");
  assert.equal(ann.connections[0]!.localDescription!.sdp, fragment);
  await fixture.pass(1_000);
  assert.notEqual(ann.connections[0]!.localDescription!.sdp, fragment);
  fixture.network.set(true);

  assertAgreed(ann, bob);
  assert.deepEqual([ann.connections.length, bob.connections.length], [1, 1]);
  finish(fixture);
});

Deno.test("Mesh makes a new connection where a restart does not help, and again later", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();

  fixture.network.set(false, "failed");
  await fixture.pass(9_000);
  assert.equal(ann.connections.length, 1);
  await fixture.pass(2_000);
  assert.deepEqual([ann.connections.length, bob.connections.length], [2, 2]);
  assert.equal(stateAt(ann, bob), "interrupted");
  await fixture.pass(60_000);
  assert.equal(stateAt(ann, bob), "failed");
  const count = ann.connections.length;
  fixture.network.set(true);
  await fixture.pass(61_000 * POLITE_FACTOR);

  assert.ok(count >= 3 && count <= 6, `${count} connections in 70 s`);
  assertAgreed(ann, bob);
  finish(fixture);
});

for (const [closed, caller] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
  Deno.test(`Mesh makes up for a connection that ended without a word (${closed}, ${caller})`, async () => {
    const { fixture, ann, bob } = pair();
    await fixture.settle();
    [ann, bob][closed]!.connections[0]!.close();

    [ann, bob][caller]!.mesh.networkChanged();
    await fixture.settle();

    assertAgreed(ann, bob);
    finish(fixture);
  });
}

Deno.test("Mesh sends what could not be sent when the socket is back", async () => {
  const { fixture, ann, bob } = pair();
  bob.isOnline = false;
  await fixture.settle();
  assert.notEqual(stateAt(ann, bob), "connected");

  bob.isOnline = true;
  bob.mesh.networkChanged();
  await fixture.settle();

  assertAgreed(ann, bob);
  assert.deepEqual([...ann.faults, ...bob.faults], []);
  finish(fixture);
});

Deno.test("Mesh keeps its connection while the socket alone is away", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  ann.isOnline = false;
  ann.mesh.networkChanged();
  await fixture.pass(5_000);
  assert.deepEqual([stateAt(ann, bob), stateAt(bob, ann)], ["connected", "connected"]);

  ann.isOnline = true;
  ann.mesh.networkChanged();
  await fixture.settle();

  assertAgreed(ann, bob);
  assert.deepEqual([ann.connections.length, bob.connections.length], [1, 1]);
  finish(fixture);
});

Deno.test("Mesh waits for somebody who never answers, and asks less and less often", async () => {
  const { fixture, ann } = pair(["ann"]);
  ann.mesh.setOthers([user("bob")]);
  await fixture.settle();

  await fixture.pass(300_000);

  const offers = fixture.sent.filter(({ message }) => message.type === "offer").length;
  assert.equal(ann.mesh.remotes.get(user("bob"))!.state, "waiting");
  assert.ok(offers >= 5 && offers <= 10, `${offers} offers`);
  finish(fixture);
});

Deno.test("Mesh.setTracks starts, switches and stops without another offer", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  const count = fixture.sent.length;
  const tracks = [new FakeTrack("video"), new FakeTrack("video"), undefined];

  const sent = [];
  for (const camera of tracks) {
    ann.mesh.setTracks(
      camera === undefined ? {} : { camera: camera as unknown as MediaStreamTrack },
    );
    await fixture.settle();
    sent.push(ann.connections[0]!.getTransceivers()[1]!.sender.track);
  }

  assert.deepEqual(sent, [tracks[0], tracks[1], null]);
  assert.equal(fixture.sent.length, count);
  assertAgreed(ann, bob);
  finish(fixture);
});

Deno.test("Mesh.setTracks holds for those who come later", async () => {
  const { fixture, ann, bob } = pair();
  const microphone = new FakeTrack("audio");
  bob.mesh.setTracks({ microphone: microphone as unknown as MediaStreamTrack });

  await fixture.settle();

  assert.equal(bob.connections[0]!.getTransceivers()[0]!.sender.track, microphone);
  assertAgreed(ann, bob);
  finish(fixture);
});

Deno.test("Mesh.setCodecOrder puts the codecs in order and offers anew", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();

  bob.mesh.setCodecOrder(["video/VP9"]);
  bob.mesh.setCodecOrder(["video/VP9"]);
  await fixture.settle();

  const [, camera, screen] = bob.connections[0]!.getTransceivers();
  for (const slot of [camera, screen]) {
    assert.deepEqual(slot!.codecs.map(({ mimeType }) => mimeType), [
      "video/VP9",
      "video/VP8",
      "video/rtx",
    ]);
  }
  assert.equal(fixture.sent.filter(({ message }) => message.type === "offer").length, 2);
  assertAgreed(ann, bob);
  finish(fixture);
});

Deno.test("Mesh.openChannel opens one, on a link that is yet to come as well", async () => {
  const { fixture, ann, bob } = pair();

  const opening = bob.mesh.openChannel(ann.userId, "file:1");
  await fixture.settle();
  const made = bob.connections[0]!.channels[0]!;
  made.onopen!();

  assert.equal((await opening).label, "file:1");
  assertAgreed(ann, bob);
  finish(fixture);
});

Deno.test("Mesh.openChannel rejects without a participant, and when the link ends", async () => {
  const { fixture, ann, bob } = pair();

  const ending = ann.mesh.openChannel(bob.userId, "file:1");
  ann.mesh.setOthers([]);

  await assert.rejects(ending, /Cannot open channel "file:1": the link has ended/);
  await assert.rejects(ann.mesh.openChannel(user("zoe"), "x"), /no participant "zoe"/);
  finish(fixture);
});

Deno.test("Mesh tells of the channels that the other side opens", async () => {
  const { fixture, ann } = pair();
  await fixture.settle();
  const channel = { label: "file:2", binaryType: "blob" };

  ann.connections[0]!.ondatachannel!({ channel: channel as never });

  assert.deepEqual(ann.channels, [{ label: "file:2", binaryType: "arraybuffer" }]);
  finish(fixture);
});

Deno.test("Mesh.measure reports on each connection that is there", async () => {
  const { fixture, ann, bob } = pair();
  assert.deepEqual([...(await bob.mesh.measure())], []);
  await fixture.settle();
  const [, camera] = ann.connections[0]!.getTransceivers();
  const entry = {
    id: "i1",
    type: "inbound-rtp",
    kind: "video",
    mid: camera!.mid,
    framesDecoded: 7,
  };
  ann.connections[0]!.stats = new Map([["i1", entry]]);

  const report = (await ann.mesh.measure()).get(bob.userId)!;

  assert.deepEqual(report.received.map(({ slot, frames }) => [slot, frames]), [["camera", 7]]);
  finish(fixture);
});

Deno.test("Mesh.close ends all, leaves no timer, and nothing wakes it again", async () => {
  const { fixture, ann, bob } = pair();
  await fixture.settle();
  const count = fixture.sent.length;

  ann.mesh.close();
  ann.mesh.close();
  ann.mesh.setOthers([bob.userId]);
  ann.mesh.networkChanged();
  fixture.say(ann, {
    type: "offer",
    from: "bob",
    link: "x",
    description: { type: "offer", sdp: "{}" },
  });
  await fixture.settle();

  assert.deepEqual([...ann.mesh.remotes], []);
  assert.equal(fixture.sent.length, count);
  assert.ok(!ann.connections.some(isOpen));
  finish(fixture);
});

function pair(names: readonly string[] = ["ann", "bob"]) {
  const fixture = new CallFixture();
  const [ann, bob] = names.map((name) => fixture.add(name));
  fixture.meet();
  return { fixture, ann: ann!, bob: bob! };
}

function act(action: Action, fixture: CallFixture, ann: Caller, bob: Caller): void {
  const [caller, other] = action.startsWith("ann") ? [ann, bob] : [bob, ann];
  if (action.includes(">")) fixture.deliver(caller, other);
  else if (action.endsWith("codecs")) caller.mesh.setCodecOrder([`video/${fixture.sent.length}`]);
  else if (action.endsWith("channel")) {
    // It never opens here, and rejects when the call is closed: what counts is the negotiation.
    caller.mesh.openChannel(other.userId, "x").catch(() => {});
  } else caller.mesh.networkChanged();
}

/** Both ends are stable, in one pair of connections, with the same m-lines. */
function assertAgreed(ann: Caller, bob: Caller): void {
  const [one, other] = [ann, bob].map(({ connections }) => connections.filter(isOpen));
  assert.deepEqual([one!.length, other!.length], [1, 1], "one connection each");
  assert.deepEqual([one![0]!.signalingState, other![0]!.signalingState], ["stable", "stable"]);
  assert.deepEqual(one![0]!.mids, other![0]!.mids);
  assert.ok(one![0]!.isAgreedWith(other![0]!) && other![0]!.isAgreedWith(one![0]!));
  assert.deepEqual([stateAt(ann, bob), stateAt(bob, ann)], ["connected", "connected"]);
}

function stateAt(at: Caller, of: Caller): string | undefined {
  return at.mesh.remotes.get(of.userId)?.state;
}

function isOpen({ signalingState }: { signalingState: string }): boolean {
  return signalingState !== "closed";
}

/** The link that was last spoken of. */
function linkOf(fixture: CallFixture): string {
  return (fixture.sent.at(-1)!.message as unknown as { link: string }).link;
}

function finish(fixture: CallFixture): void {
  fixture.close();
  assert.equal(fixture.clock.pending, 0);
}
