/** Which track shows whom while m-lines and connections change. */
import assert from "node:assert/strict";
import type { SubscribedMedia, TrackSource } from "../../../../src/protocol/mod.ts";
import type { Counters } from "../../../../static/call/progress.ts";
import {
  FORMER_MS,
  LINGER_MS,
  POLL_MS,
  SHOW_ANYWAY_MS,
  Showing,
  type ShownPeer,
} from "../../../../static/call/sfu/showing.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { turns, user } from "../../support/call_fixture.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";

/** A connection whose m-lines are there, and receive what a test says. */
class FakePeer implements ShownPeer {
  readonly counts = new Map<string, Counters>();
  readonly #tracks = new Map<string, MediaStreamTrack>();
  isClosed = false;

  constructor(...mids: string[]) {
    for (const mid of mids) this.#tracks.set(mid, new FakeTrack("video").asTrack);
  }

  trackOf(mid: string): MediaStreamTrack | undefined {
    return this.#tracks.get(mid);
  }

  counters(): Promise<ReadonlyMap<string, Counters>> {
    return Promise.resolve(new Map(this.counts));
  }

  close(): void {
    this.isClosed = true;
  }

  /** So much has come on an m-line. */
  came(mid: string, frames: number, keyFrames: number, packets = frames): void {
    this.counts.set(mid, { frames, keyFrames, packets });
  }
}

Deno.test("Showing shows at once what comes on a new m-line", () => {
  const { showing, clock, at } = setUp();
  const peer = new FakePeer("0", "1");

  showing.follow(peer, [line("0", "ann", "microphone"), line("1", "ann", "camera")]);

  assert.deepEqual(at(peer, "ann"), { microphone: "0", camera: "1" });
  assert.equal(clock.pending, 0);
});

Deno.test("Showing passes over what it does not know, and m-lines that are not there", () => {
  const { showing, at } = setUp();
  const peer = new FakePeer("0");
  const smell = "smell" as TrackSource;

  showing.follow(peer, [line("0", "ann", smell), line("7", "ann", "camera")]);

  assert.deepEqual(at(peer, "ann"), {});
});

Deno.test("[SB2] Showing ends at once what an m-line carries no more", () => {
  const { showing, at } = setUp();
  const peer = new FakePeer("0", "1");
  showing.follow(peer, [line("0", "ann", "microphone"), line("1", "ann", "camera")]);

  showing.follow(peer, [line("0", "ann", "microphone")]);

  assert.deepEqual(at(peer, "ann"), { microphone: "0" });
});

Deno.test("[SB2] Showing shows nobody under another's name: it waits for a picture of their own", async () => {
  const { showing, clock, at, pass } = setUp();
  const peer = new FakePeer("0", "1");
  peer.came("1", 100, 3);
  showing.follow(peer, [line("1", "ann", "camera")]);

  showing.follow(peer, [line("1", "bob", "camera"), line("0", "bob", "microphone")]);
  const seen = [at(peer, "bob")];
  for (const [frames, keyFrames] of [[104, 3], [109, 3], [110, 4]] as const) {
    await pass(POLL_MS);
    peer.came("1", frames, keyFrames);
    seen.push(at(peer, "bob"));
  }
  await pass(POLL_MS);

  assert.deepEqual(at(peer, "ann"), {});
  assert.deepEqual(seen, Array(4).fill({ microphone: "0" }));
  assert.deepEqual(at(peer, "bob"), { microphone: "0", camera: "1" });
  assert.equal(clock.pending, 0);
});

Deno.test("[SB2] Showing knows that nothing is left over after many pictures", async () => {
  const { showing, at, pass } = setUp();
  const peer = new FakePeer("1");
  peer.came("1", 100, 3);
  showing.follow(peer, [line("1", "ann", "camera")]);
  showing.follow(peer, [line("1", "bob", "camera")]);
  await pass(POLL_MS);
  peer.came("1", 115, 3);
  await pass(POLL_MS);
  const before = at(peer, "bob");

  peer.came("1", 116, 3);
  await pass(POLL_MS);

  assert.deepEqual([before, at(peer, "bob")], [{}, { camera: "1" }]);
});

Deno.test("[SB2] Showing waits for no picture of one who was on that m-line before", () => {
  const { showing, at } = setUp();
  const peer = new FakePeer("1");
  peer.came("1", 100, 3);
  showing.follow(peer, [line("1", "ann", "camera")]);
  showing.follow(peer, []);

  showing.follow(peer, [line("1", "ann", "camera")]);

  assert.deepEqual(at(peer, "ann"), { camera: "1" });
});

Deno.test("[SB2] Showing tells screens and cameras of one person apart", async () => {
  const { showing, at, pass } = setUp();
  const peer = new FakePeer("1");
  showing.follow(peer, [line("1", "ann", "camera")]);

  showing.follow(peer, [line("1", "ann", "screen")]);
  const before = at(peer, "ann");
  await pass(POLL_MS);
  peer.came("1", 1, 1);
  await pass(POLL_MS);

  assert.deepEqual([before, at(peer, "ann")], [{}, { screen: "1" }]);
});

Deno.test("Showing shows a picture after a while, where the counters say nothing", async () => {
  const { showing, at, pass } = setUp();
  const peer = new FakePeer("1");
  showing.follow(peer, [line("1", "ann", "camera")]);
  showing.follow(peer, [line("1", "bob", "camera")]);

  await pass(SHOW_ANYWAY_MS - POLL_MS);
  const before = at(peer, "bob");
  await pass(POLL_MS);

  assert.deepEqual([before, at(peer, "bob")], [{}, { camera: "1" }]);
});

Deno.test("[SB4] Showing takes over picture and sound one by one from the connection before", async () => {
  const { showing, at, pass, clock } = setUp();
  const [former, next] = [new FakePeer("0", "1"), new FakePeer("0", "1")];
  const media = [line("0", "ann", "microphone"), line("1", "ann", "camera")];
  showing.follow(former, media);

  showing.follow(next, media);
  const first = [at(former, "ann"), at(next, "ann")];
  next.came("1", 1, 1);
  await pass(POLL_MS);
  const second = [at(former, "ann"), at(next, "ann")];
  next.came("0", 0, 0, 4);
  await pass(POLL_MS);
  const third = [at(former, "ann"), at(next, "ann")];
  await pass(LINGER_MS - POLL_MS);
  const isLingering = !former.isClosed;
  await pass(POLL_MS);

  assert.deepEqual(first, [{ microphone: "0", camera: "1" }, {}]);
  assert.deepEqual(second, [{ microphone: "0" }, { camera: "1" }]);
  assert.deepEqual(third, [{}, { microphone: "0", camera: "1" }]);
  assert.deepEqual([isLingering, former.isClosed, next.isClosed], [true, true, false]);
  assert.equal(clock.pending, 0);
});

Deno.test("[SB4] Showing keeps what a new connection does not carry yet, for a while", async () => {
  const { showing, at, pass, changes } = setUp();
  const [former, next] = [new FakePeer("1"), new FakePeer("1")];
  showing.follow(former, [line("1", "ann", "camera")]);

  showing.follow(next, []);
  await pass(FORMER_MS - POLL_MS);
  const before = at(former, "ann");
  changes.length = 0;
  await pass(POLL_MS);

  assert.deepEqual([before, at(former, "ann")], [{ camera: "1" }, {}]);
  assert.deepEqual([former.isClosed, changes.length], [true, 1]);
});

Deno.test("[SB4] Showing outlives a connection that never showed anything", async () => {
  const { showing, at, pass, clock } = setUp();
  const [first, second, third] = [new FakePeer("1"), new FakePeer("1"), new FakePeer("1")];
  const media = [line("1", "ann", "camera")];
  showing.follow(first, media);
  showing.follow(second, media);

  showing.follow(third, media);
  third.came("1", 3, 1);
  await pass(POLL_MS);
  await pass(FORMER_MS);

  assert.deepEqual(at(third, "ann"), { camera: "1" });
  assert.deepEqual([first.isClosed, second.isClosed, third.isClosed], [true, true, false]);
  assert.equal(clock.pending, 0);
});

Deno.test("Showing.progress counts what came for each, since it came for them", async () => {
  const { showing } = setUp();
  const peer = new FakePeer("0", "1");
  showing.follow(peer, [line("0", "ann", "microphone"), line("1", "ann", "camera")]);
  peer.came("1", 100, 3);
  peer.came("0", 0, 0, 50);
  const first = Object.fromEntries(await showing.progress());
  showing.follow(peer, [line("0", "bob", "microphone"), line("1", "bob", "camera")]);
  const second = Object.fromEntries(await showing.progress());
  peer.came("1", 107, 3);
  peer.came("0", 0, 0, 53);
  const third = Object.fromEntries(await showing.progress());
  peer.came("1", 110, 4);
  const fourth = Object.fromEntries(await showing.progress());

  assert.deepEqual(first, { ann: { microphone: 50, camera: 100 } });
  assert.deepEqual(second, { bob: { microphone: 0, camera: 0 } });
  assert.deepEqual(third, { bob: { microphone: 3, camera: 0 } });
  assert.deepEqual(fourth, { bob: { microphone: 3, camera: 10 } });
});

Deno.test("Showing.close ends former connections and all looking", async () => {
  const { showing, at, pass, clock } = setUp();
  const [former, next] = [new FakePeer("1"), new FakePeer("1")];
  showing.follow(former, [line("1", "ann", "camera")]);
  showing.follow(next, [line("1", "ann", "camera")]);
  clock.advance(POLL_MS);

  showing.close();
  showing.close();
  showing.follow(next, [line("1", "ann", "camera")]);
  await pass(POLL_MS);

  assert.deepEqual([at(former, "ann"), at(next, "ann")], [{}, {}]);
  assert.equal(former.isClosed, true);
  assert.equal(clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const changes: number[] = [];
  const showing = new Showing({ clock, changed: () => changes.push(clock.elapsed()) });
  /** The m-lines of a connection that are shown for somebody, by slot. */
  function at(peer: FakePeer, name: string): Record<string, string> {
    const shown = Object.entries(showing.tracksOf(user(name))).flatMap(([slot, track]) => {
      const mid = ["0", "1"].find((one) => peer.trackOf(one) === track);
      return mid === undefined ? [] : [[slot, mid]];
    });
    return Object.fromEntries(shown);
  }
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= POLL_MS) {
      clock.advance(Math.min(left, POLL_MS));
      await turns(10);
    }
  }
  return { showing, clock, changes, at, pass };
}

function line(mid: string, name: string, source: TrackSource): SubscribedMedia {
  return { mid, trackId: `${name}-${source}`, userId: user(name), source };
}
