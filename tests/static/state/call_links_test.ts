/** The call of a meeting as signals: links, speakers, histories, adaptation. */
import assert from "node:assert/strict";
import type { ClientMessage } from "../../../src/protocol/mod.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import {
  CallLinks,
  type CallLinksOptions,
  LEVEL_PERIOD_MS,
  type RoomMedia,
} from "../../../static/state/call_links.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeCall, report, stream } from "../support/fake_call.ts";
import { FakeTrack, settle } from "../support/fake_media.ts";

const MESH: RoomMedia = { iceServers: [], topology: "mesh" };
const ann = parseUserId("ann")!;
const bob = parseUserId("bob")!;
const eve = parseUserId("eve")!;

Deno.test("CallLinks.open links the others, with what is sent and bounded from the beginning", () => {
  const { links, calls } = linksWith();
  const camera = new FakeTrack("video", "").asTrack;
  links.setTracks({ camera });

  links.open(ann, [bob, ann], { ...MESH, iceServers: [{ urls: "stun:stun.example" }] });

  assert.deepEqual(calls[0]?.others, [bob]);
  assert.deepEqual(calls[0]?.options.iceServers, [{ urls: "stun:stun.example" }]);
  assert.equal(calls[0]?.tracks.camera, camera);
  assert.equal(calls[0]?.encodings.has("camera"), true);
  assert.notDeepEqual(calls[0]?.codecOrder, []);
});

Deno.test("CallLinks passes on what changes, and forgets the former call", () => {
  const { links, calls } = linksWith();
  links.open(ann, [bob], MESH);
  calls[0]?.become(bob, { state: "connected", tracks: {} });
  const first = links.remotes.value.get(bob)?.state;

  links.open(ann, [bob], MESH);
  calls[0]?.become(bob, { state: "failed", tracks: {} });

  assert.equal(first, "connected");
  assert.equal(calls[0]?.isClosed, true);
  assert.equal(links.remotes.value.size, 0);
});

Deno.test("[FR4] CallLinks says what goes over the socket, as long as there is a call", () => {
  const { links, calls } = linksWith();
  links.open(ann, [bob], MESH);
  const relayed = { viewers: 2, isVideo: false, isAudio: false, pictures: 1 };

  calls[0]!.relayed = relayed;
  calls[0]!.options.events.changed();
  const meanwhile = links.relayed.value;
  links.close();

  assert.deepEqual([meanwhile, links.relayed.value], [relayed, undefined]);
});

Deno.test("CallLinks finds out who speaks, and keeps a history once a second", async () => {
  const { links, calls, clock, measured } = linksWith();
  links.open(ann, [bob, eve], MESH);
  const loud = stream({ audioLevel: 0.5 });
  const quiet = stream({ audioLevel: 0 });
  calls[0]!.reports = new Map([
    [bob, report({ received: [quiet], sent: [quiet] })],
    [eve, report({ received: [loud], sent: [quiet] })],
  ]);

  await look(clock, 6);

  assert.equal(links.speakers.value.active, eve);
  assert.deepEqual([...links.speakers.value.speaking], [eve]);
  assert.equal(links.histories.value.get(eve)?.length, 3);
  assert.equal(measured.length, 3);
});

Deno.test("CallLinks hears the own voice in what is sent", async () => {
  const { links, calls, clock } = linksWith();
  links.open(ann, [bob], MESH);
  calls[0]!.reports = new Map([[bob, report({ sent: [stream({ audioLevel: 0.5 })] })]]);

  await look(clock, 6);

  assert.deepEqual([...links.speakers.value.speaking], [ann]);
});

Deno.test("CallLinks asks for a smaller camera among many", async () => {
  const { links, clock, heights, calls } = linksWith();
  const track = new FakeTrack("video", "");
  links.setTracks({ camera: track.asTrack });
  const others = Array.from({ length: 8 }, (_, index) => parseUserId(`user-${index}`)!);

  links.open(ann, others, MESH);
  await look(clock, 4);

  assert.equal(heights.at(-1), 360);
  assert.ok(calls[0]!.encodings.get("camera")!.scaleResolutionDownBy >= 1);
});

Deno.test("[SB3] CallLinks asks for what is seen, in this call and the next", () => {
  const { links, calls } = linksWith();
  const wishes = new Map([[bob, { camera: 300, screen: 0 }]]);
  links.open(ann, [bob], MESH);
  const before = calls[0]!.wishes;

  links.setWishes(wishes);
  links.open(ann, [bob], MESH);

  assert.equal(before, undefined);
  assert.deepEqual(calls.map((call) => call.wishes), [wishes, wishes]);
});

Deno.test("[TO4] CallLinks adapts to another way before the first offer on it", () => {
  const { links, calls } = linksWith();
  links.setTracks({ camera: new FakeTrack("video", "").asTrack });
  links.open(ann, [bob], MESH);
  const call = calls[0]!;
  const inMesh = call.encodings.get("camera")!.maxBitrate;
  call.turns = "sfu";

  links.receive({ type: "topology", topology: "sfu" });

  assert.ok(call.encodings.get("camera")!.maxBitrate > inMesh);
});

Deno.test("[TO2] CallLinks tells what holds the pictures down", async () => {
  const { links, calls, clock, limits } = linksWith();
  links.open(ann, [bob], MESH);
  const sent = [stream({ slot: "camera", limitedBy: "cpu" })];
  calls[0]!.reports = new Map([[bob, report({ sent })]]);

  await look(clock, 2);

  assert.deepEqual(limits, ["cpu"]);
});

Deno.test("CallLinks without a call opens no channel and bears everything else", async () => {
  const { links, clock } = linksWith();

  links.setOthers([bob]);
  links.networkChanged();
  links.receive({ type: "ok" });
  links.close();

  await assert.rejects(links.openChannel(bob, "file:1"), /no call/);
  assert.equal(clock.pending, 0);
});

Deno.test("CallLinks.close ends the looking, also one that is under way", async () => {
  const { links, clock, measured } = linksWith();
  links.open(ann, [bob], MESH);
  clock.advance(LEVEL_PERIOD_MS);

  links.close();
  await settle();
  clock.advance(LEVEL_PERIOD_MS * 4);

  assert.deepEqual(measured, []);
  assert.equal(clock.pending, 0);
});

Deno.test("CallLinks sends and captures the camera in the height that was chosen", async () => {
  const { links, clock, calls, heights } = linksWith({ pictureHeight: () => 480 });
  const camera = new FakeTrack("video", "");
  camera.wish = { height: 1080 } as typeof camera.wish; // Nothing else of it is read.
  links.setTracks({ camera: camera.asTrack });

  links.open(ann, [bob], MESH);
  await look(clock, 2);

  assert.deepEqual([...new Set(heights)], [480]);
  assert.equal(calls[0]?.encodings.get("camera")?.scaleResolutionDownBy, 1080 / 480);
});

async function look(clock: FakeClock, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    clock.advance(LEVEL_PERIOD_MS);
    await settle();
  }
}

Deno.test("[MS1] CallLinks asks the server for its counters while media go through it", () => {
  const sent: ClientMessage[] = [];
  const { links, calls } = linksWith({ send: (message) => sent.push(message) > 0 });
  const stop = links.counters.watch();
  assert.deepEqual(sent, []);
  stop();
  links.open(ann, [bob], { ...MESH, topology: "sfu" });

  links.counters.watch();
  const { requestId } = sent.at(-1)!;
  assert.ok(requestId !== undefined);
  links.receive({ type: "media-stats", published: [], received: [], requestId });

  assert.deepEqual(sent.map(({ type }) => type), ["media-stats"]);
  assert.deepEqual(links.counters.counters.value, { published: [], received: [] });
  assert.deepEqual(calls[0]?.received, ["media-stats"]);
  links.close();
  assert.equal(links.counters.counters.value, undefined);
});

function linksWith(more: Partial<CallLinksOptions> = {}) {
  const clock = new FakeClock();
  const calls: FakeCall[] = [];
  const heights: number[] = [];
  const measured: number[] = [];
  const limits: unknown[] = [];
  const links = new CallLinks({
    clock,
    create: (options) => {
      const call = new FakeCall(options);
      calls.push(call);
      return call;
    },
    send: () => true,
    channelOpened: () => {},
    captureHeight: (height) => heights.push(height),
    measured: (reports, limitedBy) => {
      measured.push(reports.size);
      limits.push(limitedBy);
    },
    ...more,
  });
  return { links, clock, calls, heights, measured, limits };
}
