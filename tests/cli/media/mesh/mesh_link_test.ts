/** Links of a mesh with each other, in memory: who offers, what gets lost, what is made anew. */
import assert from "node:assert/strict";
import { SentCounts } from "../../../../cli/media/mesh/media_channel.ts";
import {
  CROSSED_RESEND_MS,
  type LinkMessage,
  MeshLink,
  type OutgoingLinkMessage,
  REPLACE_MS,
  RESEND_MS,
} from "../../../../cli/media/mesh/mesh_link.ts";
import type { LocalSources } from "../../../../cli/media/mesh/peer_pair.ts";
import { RunTime } from "../../../../cli/media/run_time.ts";
import type { SourceFrame } from "../../../../cli/media/sources/frame_source.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { FakePeers } from "../../../support/fake_peers.ts";

const SOURCES: LocalSources = new Map([["microphone", "opus"], ["camera", "VP8"]]);

Deno.test("MeshLink: the impolite side offers, the other answers, and media go both ways", async () => {
  const scene = new Scene();
  await scene.settle();

  assert.deepEqual(scene.said("ann", "offer", "answer"), ["offer"]);
  assert.deepEqual(scene.said("bob", "offer", "answer"), ["answer"]);
  assert.deepEqual([scene.ann.state, scene.bob.state], ["connected", "connected"]);
  assert.equal(scene.ann.pair?.isRelayed, false);
  scene.send("ann", 3);
  scene.send("bob", 2);

  assert.equal(scene.framesAt("bob", "camera"), 3);
  assert.equal(scene.framesAt("ann", "camera"), 2);
  assert.equal(scene.peers.all[1]!.candidates.length, 1, "ways are told, and their end is not");
});

Deno.test("MeshLink sends its offer again while no answer comes, more and more slowly", async () => {
  const scene = new Scene({ isLost: ({ type }) => type === "offer" });
  await scene.settle();
  for (const at of [RESEND_MS, RESEND_MS * 2, RESEND_MS * 2]) scene.clock.advance(at);
  await scene.settle();

  assert.equal(scene.said("ann", "offer").length, 3);
  scene.isLost = () => false;
  scene.clock.advance(RESEND_MS * 4);
  await scene.settle();

  assert.equal(scene.bob.state, "connected");
});

Deno.test("MeshLink answers an offer that comes twice with the same answer", async () => {
  let lost = 0;
  const scene = new Scene({ isLost: ({ type }) => type === "answer" && lost++ === 0 });
  await scene.settle();
  assert.equal(scene.ann.state, "waiting");

  scene.clock.advance(RESEND_MS);
  await scene.settle();

  const [first, second] = scene.messages.filter(({ message }) => message.type === "answer");
  assert.deepEqual(first, second);
  assert.equal(scene.ann.state, "connected");
  assert.equal(scene.peers.all.length, 2);
});

Deno.test("MeshLink: where both begin at once the polite side gives way", async () => {
  const scene = new Scene();
  await scene.settle();
  scene.peers.all[0]!.lose("failed");
  scene.isHeld = true;
  scene.clock.advance(REPLACE_MS * 3);
  await scene.settle();
  assert.deepEqual(
    scene.held.map(({ message }) => message.type).filter((type) => type === "offer"),
    [
      ...["offer", "offer"],
    ],
  );

  scene.release();
  scene.clock.advance(CROSSED_RESEND_MS);
  await scene.settle();

  assert.deepEqual([scene.ann.state, scene.bob.state], ["connected", "connected"]);
  assert.equal(scene.ann.pair!.link, scene.bob.pair!.link);
  assert.equal(scene.peers.all.filter(({ isOpen }) => isOpen).length, 2);
});

Deno.test("MeshLink makes another pair when the path is gone, and drops what the old one says", async () => {
  const scene = new Scene();
  await scene.settle();
  const before = scene.ann.pair!.link;
  scene.peers.all[0]!.lose("disconnected");
  assert.equal(scene.ann.state, "interrupted");

  scene.clock.advance(REPLACE_MS);
  await scene.settle();

  assert.equal(scene.ann.state, "connected");
  assert.notEqual(scene.ann.pair!.link, before);
  const stale = heard("ann", scene.messages[0]!.message);
  const answers = scene.said("bob", "answer").length;
  scene.bob.receive(stale);
  assert.equal(scene.said("bob", "answer").length, answers);
  scene.send("ann", 2);
  assert.equal(scene.framesAt("bob", "camera"), 2);
});

Deno.test("MeshLink answers an offer with other credentials by a pair of its own", async () => {
  const scene = new Scene();
  await scene.settle();
  const { link, offer } = scene.ann.pair!;
  const sdp = offer.replace(/a=ice-ufrag:\w+/g, "a=ice-ufrag:another");

  scene.bob.receive(heard("ann", {
    ...{ type: "offer", link, number: 2 },
    description: { type: "offer", sdp },
  }));
  await scene.settle();

  assert.notEqual(scene.bob.pair!.link, link);
  assert.deepEqual([scene.ann.state, scene.bob.state], ["connected", "connected"]);
});

Deno.test("MeshLink answers another offer of the same connection, and goes on", async () => {
  const scene = new Scene();
  await scene.settle();
  const { link, offer: sdp } = scene.ann.pair!;

  scene.bob.receive(heard("ann", {
    ...{ type: "offer", link, number: 2 },
    description: { type: "offer", sdp },
  }));
  await scene.settle();

  const answer = scene.messages.findLast(({ message }) => message.type === "answer")!.message;
  assert.equal(answer.number, 2);
  assert.equal(scene.bob.pair!.link, link);
  assert.equal(scene.peers.all.length, 2);
});

Deno.test("MeshLink tells of what it cannot use, and keeps what it has", async () => {
  const scene = new Scene();
  await scene.settle();
  for (
    const sdp of ["nonsense", "v=0\r\n", scene.ann.pair!.offer.replace(/a=fingerprint.*\r\n/g, "")]
  ) {
    scene.bob.receive(heard("ann", {
      ...{ type: "offer", link: `x${sdp.length}`, number: 1 },
      description: { type: "offer", sdp },
    }));
  }

  assert.equal(scene.faults.length, 3);
  assert.equal(scene.bob.state, "connected");
});

Deno.test("MeshLink keeps what it cannot send until the socket is back", async () => {
  const scene = new Scene({ isOffline: true });
  await scene.settle();
  assert.equal(scene.messages.length, 0);

  scene.isOffline = false;
  scene.ann.networkChanged();
  await scene.settle();

  assert.equal(scene.bob.state, "connected");
});

Deno.test("MeshLink: NACK brings a lost packet back, and PLI a key frame", async () => {
  const scene = new Scene();
  await scene.settle();
  let count = 0;
  scene.peers.isLost = (packet) => (packet[1]! & 0x7f) === 96 && ++count === 2;
  scene.send("ann", 4);
  scene.peers.isLost = () => false;
  for (let n = 0; n < 20; n++) scene.tick(20);

  const track = scene.trackAt("bob", "camera")!;
  assert.equal(track.countsAt(scene.clock.elapsed()).lost, 0);
  assert.equal(scene.counts.ann.nacks, 1);
  track.wantKeyFrame();
  for (let n = 0; n < 20; n++) scene.tick(50);
  assert.ok(scene.counts.ann.plis >= 1);
  assert.ok(scene.wishes.ann >= 1);
});

Deno.test("MeshLink is over when it is ended, whatever comes", async () => {
  const scene = new Scene();
  await scene.settle();
  scene.ann.end();
  scene.ann.end();
  const count = scene.messages.length;
  scene.ann.receive(heard("bob", scene.messages[1]!.message));
  scene.ann.networkChanged();
  scene.clock.advance(60_000);
  scene.bob.end();

  assert.equal(scene.said("ann", "offer").length, 1);
  assert.ok(scene.messages.length >= count);
  assert.equal(scene.ann.pair, undefined);
  assert.ok(scene.peers.all.every(({ isClosed }) => isClosed));
});

/** A message as the wire brings it, with the fields of links. */
function heard(from: Name, message: object): LinkMessage {
  return { ...message, from } as unknown as LinkMessage; // Whoever calls has made it one.
}

type Name = "ann" | "bob";
type Sent = { readonly from: Name; readonly message: OutgoingLinkMessage };

/** Two links, and the wire between them. */
class Scene {
  readonly clock = new FakeClock();
  readonly peers = new FakePeers();
  readonly messages: Sent[] = [];
  readonly held: Sent[] = [];
  readonly faults: string[] = [];
  readonly counts = { ann: new SentCounts(), bob: new SentCounts() };
  readonly wishes = { ann: 0, bob: 0 };
  readonly ann: MeshLink;
  readonly bob: MeshLink;
  isLost: (message: OutgoingLinkMessage) => boolean;
  isHeld = false;
  isOffline: boolean;
  readonly #time = new RunTime(this.clock);
  #frame = 0;

  constructor(
    { isLost = () => false, isOffline = false }: {
      isLost?: (message: OutgoingLinkMessage) => boolean;
      isOffline?: boolean;
    } = {},
  ) {
    this.isLost = isLost;
    this.isOffline = isOffline;
    this.bob = this.#link("bob");
    this.ann = this.#link("ann");
  }

  said(from: Name, ...types: string[]): string[] {
    return this.messages.filter((one) => one.from === from && types.includes(one.message.type))
      .map(({ message }) => message.type);
  }

  /** Lets everything that is on its way arrive. */
  async settle(): Promise<void> {
    for (let n = 0; n < 20; n++) await Promise.resolve();
  }

  release(): void {
    this.isHeld = false;
    for (const sent of this.held.splice(0)) this.#deliver(sent);
  }

  tick(ms: number): void {
    this.clock.advance(ms);
    this.#time.look();
    this.ann.tick();
    this.bob.tick();
  }

  /** Sends pictures of one packet each. */
  send(from: Name, count: number): void {
    for (let n = 0; n < count; n++) {
      const at = this.clock.elapsed() + n * 40;
      const bytes = Uint8Array.from([n === 0 ? 0x10 : 0x11, 2, 0, 0x9d, 1, 0x2a, 64, 0, 64, 0]);
      const frame: SourceFrame = { codec: "VP8", bytes, isKeyFrame: n === 0, dueAt: at };
      this[from].sendFrame("camera", frame);
      this.#frame++;
    }
  }

  trackAt(name: Name, source: string) {
    const { pair } = this[name];
    const mid = [...pair?.sourceOf ?? []].find(([, one]) => one === source)?.[0] ?? "";
    return pair?.channel.tracks.get(mid);
  }

  framesAt(name: Name, source: string): number {
    return this.trackAt(name, source)?.frames ?? -1;
  }

  #link(name: Name): MeshLink {
    return new MeshLink({
      ...{ engine: this.peers, time: this.#time, iceServers: [], cname: name },
      ...{ sources: SOURCES, counts: this.counts[name], isPolite: name === "bob" },
      wantKeyFrame: () => this.wishes[name]++,
      send: (message) => {
        if (this.isOffline) return false;
        const sent = { from: name, message };
        this.messages.push(sent);
        if (this.isHeld) this.held.push(sent);
        else if (!this.isLost(message)) queueMicrotask(() => this.#deliver(sent));
        return true;
      },
      faulted: (what) => this.faults.push(what),
      changed() {},
    });
  }

  #deliver({ from, message }: Sent): void {
    const to = from === "ann" ? this.bob : this.ann;
    to.receive(heard(from, message));
  }
}
