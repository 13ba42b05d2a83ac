/** Calls that travel one way and then another: what is shown, sent and ended when. */
import assert from "node:assert/strict";
import type { ClientMessage, ServerMessage, Topology } from "../../../src/protocol/mod.ts";
import { PATIENCE_MS } from "../../../static/call/handover.ts";
import {
  BOUND_MS,
  LINGER_MS,
  POLL_MS,
  SwitchingCall,
} from "../../../static/call/switching_call.ts";
import type { ByteChannel, LinkState, LocalTracks } from "../../../static/call/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { turns, user } from "../support/call_fixture.ts";
import { FakeCall, report } from "../support/fake_call.ts";
import { FakeChannel } from "../support/fake_channel.ts";
import { FakeTrack } from "../support/fake_peer_connection.ts";

const ann = user("ann");
const bob = user("bob");
const eve = user("eve");

for (const topology of ["mesh", "sfu"] as const) {
  Deno.test(`[TO4] SwitchingCall travels as the room does from the beginning: ${topology}`, () => {
    const { call, made } = setUp(topology);

    assert.equal(call.topology, topology);
    assert.deepEqual(made.map((one) => one.topology), [topology]);
    call.close();
  });
}

for (const [from, to] of [["mesh", "sfu"], ["sfu", "mesh"]] as const) {
  Deno.test(`[TO4] SwitchingCall from ${from} to ${to} takes each over when all of theirs has come`, async () => {
    const { call, made, say, pass, shown } = setUp(from);
    const [old] = made;
    for (const userId of [bob, eve]) become(old!, userId, "connected", { camera: 50 });

    say({ type: "topology", topology: to });
    await pass(0);
    const next = made[1]!;
    become(next, bob, "connected", { camera: 0 });
    become(next, eve, "connecting", {});
    await pass(POLL_MS);
    const before = [shown(bob), shown(eve)];
    become(next, bob, "connected", { camera: 1 });
    await pass(POLL_MS);
    const middle = [shown(bob), shown(eve)];
    become(next, eve, "connected", { camera: 1 });
    await pass(POLL_MS);

    assert.deepEqual(before, [from, from]);
    assert.deepEqual(middle, [to, from]);
    assert.deepEqual([shown(bob), shown(eve)], [to, to]);
    assert.equal(call.topology, to);
    call.close();
  });
}

Deno.test("[TO4] SwitchingCall takes picture and sound over in one moment", async () => {
  const { call, made, say, pass, changes } = setUp("mesh");
  become(made[0]!, bob, "connected", { camera: 50, microphone: 200 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  become(made[1]!, bob, "connected", { camera: 4, microphone: 0 });
  await pass(POLL_MS);
  const early = tracksOf(call);
  changes.length = 0;

  become(made[1]!, bob, "connected", { camera: 6, microphone: 1 });
  changes.length = 0;
  await pass(POLL_MS);

  assert.equal(early, made[0]!.remotes.get(bob)!.tracks);
  assert.equal(tracksOf(call), made[1]!.remotes.get(bob)!.tracks);
  assert.equal(changes.length, 1);
  call.close();
});

Deno.test("[TO4] SwitchingCall tells the new call everything, who is there last", async () => {
  const { call, made, say, pass } = setUp("mesh");
  const tracks = { camera: new FakeTrack("video").asTrack };
  const encoding = { maxBitrate: 5, scaleResolutionDownBy: 1, maxFramerate: 5 };
  call.setTracks(tracks);
  call.setEncoding("camera", { ...encoding, degradationPreference: "balanced" });
  call.setCodecOrder(["video/VP8"]);
  call.setWishes(new Map([[bob, { camera: 90, screen: 0 }]]));

  say({ type: "topology", topology: "sfu" });
  await pass(0);

  const next = made[1]!;
  assert.equal(next.tracks, tracks);
  assert.equal(next.encodings.get("camera")?.maxBitrate, 5);
  assert.deepEqual(next.codecOrder, ["video/VP8"]);
  assert.equal(next.wishes?.get(bob)?.camera, 90);
  assert.deepEqual(next.others, [bob, eve]);
  assert.deepEqual(next.options.iceServers, [{ urls: "stun:x" }]);
  call.close();
});

Deno.test("[TO4] SwitchingCall sends on both ways until all are done, and bounds on the new one", async () => {
  const { call, made, say, pass } = setUp("mesh");
  become(made[0]!, bob, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  const tracks = { camera: new FakeTrack("video").asTrack };

  call.setTracks(tracks);
  call.setWishes(new Map());
  const encoding = { maxBitrate: 5, scaleResolutionDownBy: 1, maxFramerate: 5 };
  call.setEncoding("camera", { ...encoding, degradationPreference: "balanced" });
  call.networkChanged();
  say({ type: "chat", from: bob, text: "x", at: 1, messageId: "1" });

  assert.deepEqual(made.map((one) => one.tracks), [tracks, tracks]);
  assert.deepEqual(made.map((one) => one.encodings.size), [0, 1]);
  assert.deepEqual(made.map((one) => one.networkChanges), [1, 1]);
  assert.deepEqual(made.map((one) => one.received.at(-1)), ["chat", "chat"]);
  call.close();
});

Deno.test("[TO4] SwitchingCall ends the old way a moment after everybody has said to be done", async () => {
  const { call, made, say, pass, sent } = setUp("mesh");
  await turnOver(made, say, pass);

  say(takenOver(bob, "sfu"));
  say(takenOver(eve, "mesh"));
  await pass(LINGER_MS + POLL_MS);
  const afterOne = made[0]!.isClosed;
  say(takenOver(eve, "sfu"));
  await pass(LINGER_MS - POLL_MS);
  const lingering = made[0]!.isClosed;
  await pass(POLL_MS);

  assert.deepEqual(sent, [{ type: "data", payload: { kind: "taken-over", topology: "sfu" } }]);
  assert.deepEqual([afterOne, lingering, made[0]!.isClosed], [false, false, true]);
  call.close();
});

Deno.test("[TO4] SwitchingCall waits for nobody who left, or never travelled the old way", async () => {
  const { call, made, say, pass } = setUp("mesh");
  await turnOver(made, say, pass);
  const zoe = user("zoe");

  call.setOthers([ann, bob, zoe]);
  const others = made.map((one) => one.others);
  say(takenOver(bob, "sfu"));
  await pass(LINGER_MS);

  assert.deepEqual(others, [[bob], [bob, zoe]]);
  assert.equal(made[0]!.isClosed, true);
  assert.deepEqual([...call.remotes.keys()], [bob]);
  call.close();
});

Deno.test("[TO4] SwitchingCall ends the old way after a bound, whatever has come", async () => {
  const { call, made, say, pass, shown, clock } = setUp("mesh");
  become(made[0]!, bob, "connected", { camera: 50 });
  become(made[0]!, eve, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  become(made[1]!, bob, "connected", { camera: 50 });
  become(made[1]!, eve, "failed", {});
  await pass(BOUND_MS - POLL_MS);
  const before = [shown(eve), made[0]!.isClosed];
  await pass(POLL_MS);

  assert.deepEqual(before, ["mesh", false]);
  assert.deepEqual([shown(eve), made[0]!.isClosed, clock.pending], ["sfu", true, 0]);
  call.close();
});

Deno.test("[TO4] SwitchingCall takes over what does not come once it was patient enough", async () => {
  const { call, made, say, pass, shown } = setUp("mesh");
  become(made[0]!, bob, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  become(made[1]!, bob, "connected", {});
  for (let ms = 0; ms < PATIENCE_MS - POLL_MS; ms += POLL_MS) {
    become(made[0]!, bob, "connected", { camera: 50 + ms });
    await pass(POLL_MS);
  }
  const before = shown(bob);
  await pass(3 * POLL_MS);

  assert.deepEqual([before, shown(bob)], ["mesh", "sfu"]);
  call.close();
});

Deno.test("[TO4] SwitchingCall waits for no picture that nobody looks at", async () => {
  const { call, made, say, pass, shown } = setUp("mesh");
  call.setWishes(
    new Map([[bob, { camera: 0, screen: Infinity }], [eve, { camera: 90, screen: 0 }]]),
  );
  for (const userId of [bob, eve]) {
    become(made[0]!, userId, "connected", { camera: 50, microphone: 9 });
  }
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  for (const userId of [bob, eve]) become(made[1]!, userId, "connected", { microphone: 2 });
  await pass(POLL_MS);

  assert.deepEqual([shown(bob), shown(eve)], ["sfu", "mesh"]);
  call.close();
});

Deno.test("[TO3] SwitchingCall goes back to what is still there when it had not finished turning", async () => {
  const { call, made, say, pass, shown } = setUp("mesh");
  for (const userId of [bob, eve]) become(made[0]!, userId, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  become(made[1]!, bob, "connected", { camera: 1 });
  await pass(POLL_MS);
  become(made[1]!, bob, "connected", { camera: 9 });
  await pass(POLL_MS);
  const half = [shown(bob), shown(eve)];

  say({ type: "topology", topology: "mesh" });
  await pass(0);
  const turning = [shown(bob), shown(eve)];
  become(made[0]!, bob, "connected", { camera: 51 });
  await pass(POLL_MS);

  assert.deepEqual([half, turning], [["sfu", "mesh"], ["sfu", "mesh"]]);
  assert.deepEqual([shown(bob), shown(eve)], ["mesh", "mesh"]);
  assert.deepEqual(made.map(({ isClosed }) => isClosed), [false, false]);
  for (const userId of [bob, eve]) say(takenOver(userId, "mesh"));
  await pass(LINGER_MS);
  assert.deepEqual(made.map(({ isClosed }) => isClosed), [false, true]);
  call.close();
});

Deno.test("[TO3] SwitchingCall makes anew what the others may have ended", async () => {
  const { call, made, say, pass } = setUp("mesh");
  await turnOver(made, say, pass);

  say({ type: "topology", topology: "mesh" });
  await pass(0);

  assert.deepEqual(made.map((one) => one.topology), ["mesh", "sfu", "mesh"]);
  assert.deepEqual(made.map(({ isClosed }) => isClosed), [true, false, false]);
  call.close();
});

Deno.test("[TO4] SwitchingCall tells a call what the others sent to the server before it began", () => {
  const { made, call, say } = setUp("mesh");
  const track = { trackId: "7", source: "camera" };
  say({ type: "track-published", userId: bob, track });

  say({ type: "topology", topology: "sfu" });

  assert.deepEqual([...made[1]!.options.published ?? []], [[bob, [track]]]);
  call.close();
});

Deno.test("[TO4] SwitchingCall says to be done as soon as the socket is back", async () => {
  const { call, made, say, pass, sent, socket } = setUp("mesh");
  socket.isOpen = false;
  await turnOver(made, say, pass);
  assert.deepEqual(sent, []);

  socket.isOpen = true;
  call.networkChanged();
  call.networkChanged();

  assert.equal(sent.length, 1);
  call.close();
});

Deno.test("SwitchingCall does not end the old way under a channel", async () => {
  const { call, made, say, pass, channels } = setUp("mesh");
  const [ours] = FakeChannel.pair("file:1");
  const [theirs] = FakeChannel.pair("file:2");
  made[0]!.channel = asChannel(ours);
  await call.openChannel(bob, "file:1");
  made[0]!.options.events.channelOpened(eve, asChannel(theirs));
  call.setTracks({ camera: new FakeTrack("video").asTrack });
  await turnOver(made, say, pass);
  for (const userId of [bob, eve]) say(takenOver(userId, "sfu"));
  await pass(LINGER_MS);
  const [isClosed, tracks] = [made[0]!.isClosed, made[0]!.tracks];

  ours.cut();
  const withOne = made[0]!.isClosed;
  theirs.cut();

  assert.equal(channels.length, 1);
  assert.deepEqual([isClosed, tracks, withOne], [false, {}, false]);
  assert.equal(made[0]!.isClosed, true);
  call.close();
});

Deno.test("SwitchingCall.measure reports on each from the way that is travelled", async () => {
  const { call, made, say, pass } = setUp("mesh");
  for (const userId of [bob, eve]) become(made[0]!, userId, "connected", { camera: 50 });
  made[0]!.reports = new Map([[bob, report()], [eve, report()]]);
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  made[1]!.reports = new Map([[bob, report({ path: "sfu" })], [eve, report({ path: "sfu" })]]);
  become(made[1]!, bob, "connected", { camera: 1 });
  await pass(POLL_MS);

  const reports = await call.measure();

  assert.deepEqual([reports.get(bob)?.path, reports.get(eve)?.path], ["sfu", "p2p"]);
  call.close();
});

Deno.test("SwitchingCall.progress and openChannel ask the way that is travelled", async () => {
  const { call, made, say, pass } = setUp("mesh");
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  made[1]!.came.set(bob, { camera: 7 });

  assert.deepEqual([...await call.progress()], [[bob, { camera: 7 }]]);
  await assert.rejects(call.openChannel(bob, "x"), /Cannot open/);
  call.close();
});

Deno.test("SwitchingCall.progress counts what is seen until the server has taken over", async () => {
  const { call, made, say, pass } = setUp("mesh");
  for (const userId of [bob, eve]) become(made[0]!, userId, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  become(made[1]!, eve, "connected", { camera: 1 });
  await pass(POLL_MS);

  assert.deepEqual([...await call.progress()], [[bob, { camera: 50 }], [eve, { camera: 1 }]]);
  call.close();
});

Deno.test("SwitchingCall.progress counts the direct way alone on the way back to it", async () => {
  const { call, made, say } = setUp("sfu");
  become(made[0]!, bob, "connected", { camera: 50 });
  say({ type: "topology", topology: "mesh" });

  assert.equal((await call.progress()).get(bob)?.camera, undefined);
  call.close();
});

Deno.test("SwitchingCall passes on changes of the ways that are there", async () => {
  const { call, made, say, pass, changes } = setUp("mesh");
  await turnOver(made, say, pass);
  for (const userId of [bob, eve]) say(takenOver(userId, "sfu"));
  await pass(LINGER_MS);
  changes.length = 0;

  made[0]!.options.events.changed();
  const ofOld = changes.length;
  made[1]!.options.events.changed();

  assert.deepEqual([ofOld, changes.length], [0, 1]);
  call.close();
});

Deno.test("SwitchingCall.close ends both ways, leaves no timer, and nothing wakes it again", async () => {
  const { call, made, say, pass, clock } = setUp("mesh");
  made[0]!.options.events.channelOpened(bob, asChannel(FakeChannel.pair()[0]));
  become(made[0]!, bob, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(POLL_MS);

  call.close();
  call.close();
  say({ type: "topology", topology: "mesh" });
  call.setOthers([bob]);
  await pass(BOUND_MS);

  assert.deepEqual(made.map(({ isClosed }) => isClosed), [true, true]);
  assert.equal(clock.pending, 0);
});

type Made = ReturnType<typeof setUp>["made"];

/** Everybody is taken over from the mesh, by us. */
async function turnOver(
  made: Made,
  say: (message: object) => void,
  pass: (ms: number) => Promise<void>,
): Promise<void> {
  for (const userId of [bob, eve]) become(made[0]!, userId, "connected", { camera: 50 });
  say({ type: "topology", topology: "sfu" });
  await pass(0);
  for (const userId of [bob, eve]) become(made[1]!, userId, "connected", { camera: 1 });
  await pass(POLL_MS);
}

function become(
  call: FakeCall,
  userId: typeof bob,
  state: LinkState,
  progress: Parameters<FakeCall["came"]["set"]>[1],
): void {
  call.came.set(userId, progress);
  const tracks = call.remotes.get(userId)?.tracks ?? { camera: new FakeTrack("video").asTrack };
  call.become(userId, { state, tracks });
}

function takenOver(from: string, topology: Topology): object {
  return { type: "data", from, payload: { kind: "taken-over", topology }, at: 1, messageId: "1" };
}

function tracksOf(call: SwitchingCall): LocalTracks | undefined {
  return call.remotes.get(bob)?.tracks;
}

function asChannel(channel: FakeChannel): ByteChannel {
  return channel as unknown as ByteChannel; // As far as a call uses one.
}

function setUp(topology: Topology) {
  const clock = new FakeClock();
  const made: FakeCall[] = [];
  const sent: ClientMessage[] = [];
  const changes: number[] = [];
  const channels: ByteChannel[] = [];
  const socket = { isOpen: true };
  const create = (options: ConstructorParameters<typeof FakeCall>[0]) => {
    const call = new FakeCall(options);
    made.push(call);
    return call;
  };
  const call = new SwitchingCall({
    ...{ selfId: ann, topology, clock, iceServers: [{ urls: "stun:x" }] },
    create: { mesh: create, sfu: create },
    send: (message) => {
      if (socket.isOpen) sent.push(message);
      return socket.isOpen;
    },
    events: {
      changed: () => changes.push(clock.elapsed()),
      channelOpened: (_from, channel) => channels.push(channel),
    },
  });
  call.setOthers([ann, bob, eve]);
  /** The way on which somebody's tracks come. */
  function shown(userId: typeof bob): Topology | undefined {
    const tracks = call.remotes.get(userId)?.tracks;
    return made.find((one) => one.remotes.get(userId)?.tracks === tracks)?.topology;
  }
  async function pass(ms: number): Promise<void> {
    await turns(20);
    for (let left = ms; left > 0; left -= POLL_MS) {
      clock.advance(Math.min(left, POLL_MS));
      await turns(20);
    }
  }
  const say = (message: object) => call.receive(message as ServerMessage); // As far as it is read.
  return { call, made, sent, changes, channels, socket, clock, shown, pass, say };
}
