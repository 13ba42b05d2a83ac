/** The call of a live room: who is linked, what is asked of the server, and what is shown when. */
import assert from "node:assert/strict";
import { encodeRelayFrame, type RelayKind } from "../../../../src/protocol/relay_frame.ts";
import type {
  ClientMessage,
  MediaPath,
  Role,
  ServerMessage,
} from "../../../../src/protocol/mod.ts";
import { FIRST_MS, NEXT_MS } from "../../../../static/call/ladder.ts";
import { LiveCall } from "../../../../static/call/live/live_call.ts";
import type { MediaPolicy } from "../../../../static/call/live/live_view.ts";
import { LINGER_MS, LOOK_MS, REFUSED_MS } from "../../../../static/call/live/viewer_path.ts";
import { parseRoomId } from "../../../../static/state/ids.ts";
import { user } from "../../support/call_fixture.ts";
import { FakeCall, report } from "../../support/fake_call.ts";
import { settle } from "../../support/fake_media.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakeRelay } from "../../support/fake_relay.ts";

const ann = user("ann");

/** A viewer `bob`, or the broadcaster `ann`, and the room around it. */
class Live {
  readonly relay = new FakeRelay();
  readonly sent: Record<string, unknown>[] = [];
  readonly call: LiveCall;
  readonly media: FakeCall;
  policy: MediaPolicy | undefined;
  changes = 0;
  isOnline = true;
  #numbers: Record<string, number> = {};

  constructor(role: Role, options: { forced?: MediaPath; hasCodecs?: boolean } = {}) {
    const made: FakeCall[] = [];
    this.call = new LiveCall({
      ...{ selfId: user(role === "viewer" ? "bob" : "ann"), role, topology: "mesh" },
      ...{ iceServers: [], roomId: parseRoomId("482913")!, randomId: "x", forced: options.forced },
      clock: this.relay.clock,
      relay: options.hasCodecs === false ? undefined : this.relay,
      frames: { bufferedAmount: 0, sendFrame: () => true },
      send: (message: ClientMessage) => {
        if (this.isOnline) this.sent.push({ ...message });
        return this.isOnline;
      },
      events: { changed: () => this.changes++, channelOpened: () => {} },
      createMedia: (options, policy) => {
        this.policy = policy;
        made.push(new FakeCall(options));
        return made.at(-1)!;
      },
    });
    this.media = made[0]!;
  }

  /** They are all in the room, and `ann` shows something. */
  join(...viewers: string[]): this {
    const view = (userId: string, role: string) => ({ userId, role, joinedAt: 1 });
    const participants = [
      { ...view("ann", "broadcaster"), state: { video: true, audio: true } },
      ...viewers.map((userId) => ({ ...view(userId, "viewer"), state: {} })),
    ];
    this.say({ type: "joined", participants });
    this.call.setOthers(["ann", ...viewers].map(user));
    return this;
  }

  say(message: Record<string, unknown>): void {
    this.call.receive(message as unknown as ServerMessage);
  }

  /** Lets time pass in which this comes. */
  async pass(ms: number, comes: { media?: boolean; frames?: boolean } = {}): Promise<void> {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      if (comes.media) {
        const { camera = 0 } = this.media.came.get(ann) ?? {};
        this.media.came.set(ann, { camera: camera + 7, microphone: 9 * camera });
      }
      if (comes.frames) { for (let n = 0; n < 6; n++) this.frame("vp8"); }
      if (comes.frames) this.frame("opus");
      this.relay.clock.advance(Math.min(left, LOOK_MS));
      await settle();
    }
  }

  frame(kind: RelayKind): void {
    const number = this.#numbers[kind] = (this.#numbers[kind] ?? -1) + 1;
    const timestampUs = Math.round(this.relay.clock.elapsed() * 1_000) + number;
    const payload = new Uint8Array(10);
    const size = { width: 640, height: 360, payload };
    this.call.receiveFrame(
      encodeRelayFrame({
        ...{ kind, isKey: number === 0, pictureId: 0, sourceId: 7, timestampUs, number, ...size },
      }),
    );
  }

  /** What was asked, without the ids of the requests. */
  asked(): string[] {
    return this.sent.splice(0).map(({ type, wanted, active }) =>
      [type, wanted, active].filter((word) => word !== undefined).join(" ")
    );
  }

  /** The server answers the last request for frames. */
  start(): void {
    const { requestId } = this.sent.findLast(({ type }) => type === "request-relay")!;
    this.say({ type: "relay-started", userId: "ann", sourceId: 7, requestId });
  }

  /** Lets it fall to the socket, where frames come. */
  async fall(): Promise<void> {
    await this.pass(FIRST_MS);
    this.media.topology = "sfu";
    await this.pass(NEXT_MS + 2 * LOOK_MS);
    this.start();
    await this.pass(1_000, { frames: true });
  }
}

Deno.test("LiveCall links a viewer to the broadcaster alone, and the broadcaster to all", () => {
  const viewer = new Live("viewer").join("bob", "cat");
  const broadcaster = new Live("broadcaster").join("bob", "cat");

  assert.deepEqual(viewer.media.others, [ann]);
  assert.deepEqual(broadcaster.media.others, [ann, user("bob"), user("cat")]);
  viewer.call.close();
  broadcaster.call.close();
});

Deno.test("LiveCall links a viewer to a broadcaster that comes later, or again", () => {
  const live = new Live("viewer");
  live.say({ type: "joined", participants: [] });
  live.call.setOthers([user("bob")]);
  const before = live.media.others;

  live.join("bob");

  assert.deepEqual([before, live.media.others], [[], [ann]]);
  live.call.close();
});

Deno.test("[TO5, FR2] LiveCall asks for forwarding, then for frames, and shows them when they come", async () => {
  const live = new Live("viewer").join("bob");

  await live.pass(FIRST_MS + LOOK_MS);
  const first = live.asked();
  live.media.topology = "sfu";
  await live.pass(NEXT_MS + 2 * LOOK_MS);
  const { roomId } = live.sent.at(-1)!;
  live.start();
  const second = live.asked();
  const before = live.call.remotes;
  await live.pass(1_000, { frames: true });

  assert.deepEqual([first, second], [["request-forwarding true"], ["request-relay"]]);
  assert.equal(roomId, "482913");
  assert.equal(before, live.media.remotes, "what was shown stays until something else comes");
  assert.deepEqual([live.call.rung, live.call.why], ["relay", "no-media-path"]);
  const { state, tracks } = live.call.remotes.get(ann)!;
  assert.equal(state, "connected");
  assert.equal(tracks.camera, live.relay.writers[0]!.track);
  assert.equal(tracks.microphone, live.relay.soundWriters[0]!.track);
  live.call.close();
});

Deno.test("[FR2] LiveCall goes back to its links when they bear, and ends the frames", async () => {
  const live = new Live("viewer").join("bob");
  await live.fall();
  live.asked();

  await live.pass(3_000, { media: true, frames: true });
  const isOpen = !live.relay.writers[0]!.isClosed;
  await live.pass(LINGER_MS, { media: true });

  assert.deepEqual(live.asked(), ["request-relay false"]);
  assert.deepEqual([live.call.rung, live.call.remotes], ["sfu", live.media.remotes]);
  assert.deepEqual([isOpen, live.relay.writers[0]!.isClosed], [true, true]);
  live.call.close();
});

Deno.test("[SS1] LiveCall counts the time on each rung, and tells of each change", async () => {
  const live = new Live("viewer").join("bob");
  await live.pass(3_000, { media: true });
  live.changes = 0;
  await live.fall();

  const { p2p = 0, relay = 0, sfu } = live.call.pathMs;
  assert.ok(p2p >= 3_000 && p2p <= 5_000, `${p2p} ms`);
  assert.ok(relay > 0 && sfu === undefined, JSON.stringify(live.call.pathMs));
  assert.ok(live.changes >= 2);
  live.call.close();
});

Deno.test("LiveCall knows from its link whether that goes over TURN", async () => {
  const live = new Live("viewer").join("bob");
  live.media.reports.set(ann, report({ path: "turn" }));

  await live.pass(3_000, { media: true });

  assert.deepEqual([live.call.rung, live.call.why], ["turn", "no-direct-path"]);
  live.call.close();
});

Deno.test("LiveCall measures what is shown", async () => {
  const live = new Live("viewer").join("bob");
  live.media.reports.set(ann, report());
  const before = await live.call.measure();
  await live.fall();

  const relayed = (await live.call.measure()).get(ann);
  const came = (await live.call.progress()).get(ann);

  assert.equal(before.get(ann)?.path, "p2p");
  assert.equal(relayed?.path, "relay");
  assert.ok(came!.camera! > 0 && came!.microphone! > 0);
  live.call.close();
});

Deno.test("[FR7] LiveCall asks again where a gap needs a key frame", async () => {
  const live = new Live("viewer").join("bob");
  await live.fall();
  live.asked();

  live.frame("vp8");
  live.frame("opus");
  await live.pass(2_000);
  for (let n = 0; n < 2; n++) live.frame("vp8");
  const before = live.asked();
  live.relay.decoders[0]!.events.failed(new Error("Cannot decode"));

  assert.deepEqual([before, live.asked()], [[], ["request-relay"]]);
  live.call.close();
});

Deno.test("[TO5] LiveCall does without forwarding where the server has none", async () => {
  const live = new Live("viewer").join("bob");
  await live.pass(FIRST_MS + LOOK_MS);

  live.say({ type: "error", code: "not-allowed", message: "", requestId: live.sent[0]!.requestId });
  await live.pass(2 * LOOK_MS);

  assert.deepEqual(live.asked(), ["request-forwarding true", "request-relay"]);
  live.call.close();
});

Deno.test("[FR3] LiveCall that is forced to frames asks again when it was refused", async () => {
  const live = new Live("viewer", { forced: "relay" }).join("bob");
  await live.pass(LOOK_MS);

  live.say({
    type: "error",
    code: "media-failed",
    message: "",
    requestId: live.sent[0]!.requestId,
  });
  await live.pass(REFUSED_MS - LOOK_MS);
  const before = live.asked();
  await live.pass(2 * LOOK_MS);

  assert.deepEqual([before, live.asked()], [["request-relay"], ["request-relay"]]);
  assert.deepEqual(live.media.others, [], "no link counts");
  live.call.close();
});

Deno.test("[FR8] LiveCall asks for frames again when the broadcaster came back", async () => {
  const live = new Live("viewer").join("bob");
  await live.fall();
  live.asked();

  live.say({ type: "user-left", userId: "ann" });
  await live.pass(1_000);
  const away = live.asked();
  const view = { userId: "ann", role: "broadcaster", state: { video: true }, joinedAt: 9 };
  live.say({ type: "user-joined", userId: "ann", participant: view });
  await live.pass(1_000);

  assert.deepEqual([away, live.asked()], [[], ["request-relay"]]);
  assert.ok(live.relay.writers[0]!.isClosed);
  live.call.close();
});

Deno.test("LiveCall says what it could not say while the socket was away", async () => {
  const live = new Live("viewer").join("bob");
  live.isOnline = false;
  await live.pass(FIRST_MS + LOOK_MS);

  live.isOnline = true;
  await live.pass(LOOK_MS);

  assert.deepEqual(live.asked(), ["request-forwarding true"]);
  live.call.close();
});

Deno.test("LiveCall falls to nothing where nobody shows anything", async () => {
  const live = new Live("viewer").join("bob");
  live.say({ type: "participant-updated", userId: "ann", state: { video: false, audio: false } });

  await live.pass(20_000);

  assert.deepEqual([live.asked(), live.call.rung], [[], undefined]);
  live.call.close();
});

Deno.test("LiveCall counts sound where nobody looks at the picture", async () => {
  const live = new Live("viewer").join("bob");
  live.call.setWishes(new Map([[ann, { camera: 0, screen: 0 }]]));

  for (let n = 1; n < 40; n++) {
    live.media.came.set(ann, { camera: 0, microphone: 10 * n });
    await live.pass(LOOK_MS);
  }

  assert.deepEqual([live.asked(), live.call.rung], [[], "p2p"]);
  live.call.close();
});

Deno.test("LiveCall lives without codecs", async () => {
  const live = new Live("viewer", { hasCodecs: false }).join("bob");

  await live.pass(FIRST_MS + NEXT_MS + 5_000);

  assert.deepEqual(live.asked(), ["request-forwarding true"]);
  assert.equal(new Live("broadcaster", { hasCodecs: false }).call.relayed, undefined);
  live.call.close();
});

for (const [forced, links] of [["p2p", "direct"], ["turn", "relayed"], ["sfu", "any"]] as const) {
  Deno.test(`LiveCall holds its links to what ${forced} means`, () => {
    const live = new Live("viewer", { forced });

    assert.deepEqual([live.policy?.links, live.call.forced], [links, forced]);
    live.call.close();
  });
}

Deno.test("[FR4] LiveCall of a broadcaster sends frames where they are wanted, and says so", async () => {
  const live = new Live("broadcaster").join("bob");
  const camera = new FakeTrack("video").asTrack;
  live.call.setTracks({ camera });

  const wanted = { video: true, audio: false, pictures: [], viewers: 1, maxFrameBytes: 9_999 };
  live.say({ type: "relay-wanted", ...wanted });
  await live.pass(30_000);

  assert.deepEqual(live.call.relayed, { viewers: 1, isVideo: true, isAudio: false, pictures: 0 });
  assert.deepEqual([live.relay.reading, live.media.tracks], [[camera], { camera }]);
  const asked = live.asked().filter((type) => type !== "ping");
  assert.deepEqual([asked, live.call.rung], [[], undefined], "a broadcaster has no ladder");
  live.call.close();
});

Deno.test("LiveCall.close ends everything, and takes nothing any more", async () => {
  const live = new Live("viewer").join("bob");
  await live.fall();
  live.asked();

  live.call.close();
  live.call.close();
  live.frame("vp8");
  await live.pass(30_000);

  assert.ok(live.media.isClosed && live.relay.writers[0]!.isClosed);
  assert.deepEqual([live.asked(), live.relay.clock.pending], [[], 0]);
});
