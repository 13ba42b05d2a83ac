/** The negotiation of what is sent: every state, every message, and what may get lost. */
import assert from "node:assert/strict";
import type { ClientMessageOf, ServerMessage } from "../../../../src/protocol/mod.ts";
import { Publisher } from "../../../../static/call/sfu/publisher.ts";
import { RESEND_MS } from "../../../../static/call/sfu/publisher_peer.ts";
import { CONNECT_MS, FIRST_PAUSE_MS } from "../../../../static/call/sfu/upkeep.ts";
import type { LocalTracks } from "../../../../static/call/transport.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { turns } from "../../support/call_fixture.ts";
import {
  FakeNetwork,
  FakePeerConnection,
  type FakeSender,
  FakeTrack,
} from "../../support/fake_peer_connection.ts";

type Publish = ClientMessageOf<"publish">;
type State = "new" | "offered" | "carried" | "changed";
const STATES: readonly State[] = ["new", "offered", "carried", "changed"];
const camera = new FakeTrack("video", 720).asTrack;
const microphone = new FakeTrack("audio").asTrack;

/**
 * What comes of each event in the order of STATES: offers that are sent then (`+`), a connection that
 * is made (`*`), and how it fares.
 */
const table: [event: string, act: (one: Scene) => unknown, expected: string][] = [
  ["begin", ({ publisher }) => publisher.begin(), "+* connecting,connecting,connected,connected"],
  [
    "another slot",
    (one) => one.send({ microphone, camera, screen: camera }),
    "waiting,connecting,+ connected,connected",
  ],
  [
    "the same slots",
    (one) => one.send({ microphone, camera }),
    "waiting,connecting,connected,connected",
  ],
  [
    "the reply",
    (one) => one.reply(),
    "waiting,connected,connected,connected",
  ],
  [
    "a reply to another request",
    (one) => one.receive({ type: "published", requestId: "x", tracks: [] }),
    "waiting,connecting,connected,connected",
  ],
  [
    "a refusal",
    (one) => one.refuse("media-failed"),
    "waiting,+* connecting,connected,+* interrupted",
  ],
  [
    "a refusal of another request",
    (one) => one.receive({ type: "error", code: "media-failed", requestId: "x" }),
    "waiting,connecting,connected,connected",
  ],
  ["no permission", (one) => one.refuse("not-allowed"), "waiting,waiting,connected,waiting"],
  [
    "too many messages",
    (one) => one.refuse("rate-limited"),
    "waiting,connecting,connected,connected",
  ],
  [
    "a lost connection",
    (one) => one.receive({ type: "media-lost", channel: "publisher" }),
    "waiting,connecting,+* interrupted,+* interrupted",
  ],
  [
    "another channel's loss",
    (one) => one.receive({ type: "media-lost", channel: "subscriber" }),
    "waiting,connecting,connected,connected",
  ],
  [
    "a path that failed",
    (one) => one.connections.at(-1)?.move("failed"),
    "waiting,+* connecting,+* interrupted,+* interrupted",
  ],
  [
    "another network",
    ({ publisher }) => publisher.networkChanged(),
    "waiting,connecting,connected,connected",
  ],
  [
    "another network a second later",
    ({ publisher, clock }) => {
      clock.advance(1_000);
      publisher.networkChanged();
    },
    "waiting,+ connecting,connected,+ connected",
  ],
];

for (const [title, act, expected] of table) {
  Deno.test(`[PB1] Publisher in every state: ${title}`, async () => {
    const seen: string[] = [];
    for (const state of STATES) {
      const scene = await inState(state);
      const before = [scene.sent.length, scene.connections.length] as const;
      act(scene);
      await turns(60);
      const offers = "+".repeat(scene.sent.length - before[0]);
      const made = "*".repeat(scene.connections.length - before[1]);
      seen.push(`${offers}${made} ${scene.publisher.state}`.trim());
      finish(scene);
    }

    assert.deepEqual(seen, expected.split(","));
  });
}

Deno.test("[PB1] Publisher puts what changes while it waits into the next offer", async () => {
  const scene = await inState("offered");
  scene.send({ microphone, screen: camera });
  scene.send({ screen: camera });
  await turns(60);
  const waiting = scene.sent.length;

  await scene.reply();
  await scene.reply();

  assert.equal(waiting, 1);
  assert.deepEqual(sourcesOf(scene.sent), [["microphone", "camera"], ["screen"]]);
  assert.deepEqual(scene.faults, []);
  finish(scene);
});

Deno.test("[PB1] Publisher sends an offer again whose reply is missing, and takes the last reply", async () => {
  const scene = await inState("offered");
  scene.clock.advance(RESEND_MS);
  const [first, second] = scene.sent;

  await scene.reply(first);
  const afterFirst = scene.connections[0]!.signalingState;
  await scene.reply(second);

  assert.equal(scene.sent.length, 2);
  assert.equal(first!.description.sdp, second!.description.sdp);
  assert.deepEqual([afterFirst, scene.connections[0]!.signalingState], [
    "have-local-offer",
    "stable",
  ]);
  finish(scene);
});

Deno.test("[PB1] Publisher waits as long as the server says when it sent too much", async () => {
  const scene = await inState("offered");
  scene.refuse("rate-limited", { retryAfterMs: 700 });

  scene.clock.advance(699);
  const before = scene.sent.length;
  scene.clock.advance(1);

  assert.deepEqual([before, scene.sent.length], [1, 2]);
  finish(scene);
});

Deno.test("Publisher tries again with growing pauses while it is refused", async () => {
  const scene = await inState("offered");
  const made: number[] = [];

  for (let count = 0; count < 4; count++) {
    await scene.refuse("media-failed");
    const before = scene.connections.length;
    scene.clock.advance(FIRST_PAUSE_MS);
    await turns(60);
    made.push(scene.connections.length - before);
  }

  assert.deepEqual(made, [0, 1, 0, 0]);
  assert.equal(scene.connections.filter(isOpen).length, 1);
  finish(scene);
});

Deno.test("[PB5] Publisher goes on with the former connection until the server took the next", async () => {
  const scene = await inState("carried");
  scene.receive({ type: "media-lost", channel: "publisher" });
  await turns(60);
  const during = scene.connections.map(isOpen);

  await scene.reply();

  assert.deepEqual(during, [true, true]);
  assert.deepEqual(scene.connections.map(isOpen), [false, true]);
  assert.equal(scene.publisher.state, "connected");
  assert.deepEqual(sourcesOf(scene.sent).at(-1), ["microphone", "camera"]);
  finish(scene);
});

Deno.test("[SB5] Publisher takes word of a loss for the former connection while it offers another", async () => {
  const scene = await inState("carried");
  scene.connections[0]!.move("failed");
  await turns(60);

  scene.receive({ type: "media-lost", channel: "publisher" });
  await turns(60);

  assert.equal(scene.connections.length, 2);
  finish(scene);
});

Deno.test("Publisher makes another connection where one does not connect in time", async () => {
  const scene = await inState("offered");
  scene.network.isUp = false;
  await scene.reply();

  scene.clock.advance(CONNECT_MS);
  await turns(60);

  assert.equal(scene.connections.length, 2);
  finish(scene);
});

Deno.test("Publisher makes another connection after an answer that the browser refuses", async () => {
  const scene = await inState("offered");
  const { requestId } = scene.sent[0]!;
  const description = { type: "answer", sdp: '{"ufrag":"x","mids":[]}' };

  scene.receive({ type: "published", requestId, description, tracks: [] });
  await turns(60);

  assert.equal(scene.connections.length, 2);
  assert.equal(scene.faults.length, 1);
  finish(scene);
});

Deno.test("[PB6] Publisher sends no size that nobody wants, whenever it is told so", async () => {
  const scene = await inState("offered");
  // The server may say so before it is known which of our tracks it means.
  scene.receive({ type: "wanted-layers", trackId: "t1", maxHeight: 180 });
  await scene.reply();
  await turns(60);
  const early = activeOf(scene);

  scene.receive({ type: "wanted-layers", trackId: "t1", maxHeight: 720 });
  await turns(60);
  const late = activeOf(scene);
  scene.receive({ type: "wanted-layers", trackId: "t9", maxHeight: 0 });
  await turns(60);

  assert.deepEqual([early, late, activeOf(scene)], ["l", "lmh", "lmh"]);
  assert.deepEqual([...scene.publisher.wanted], [["camera", 720]]);
  finish(scene);
});

Deno.test("Publisher.measure reads both of its m-lines, and nothing before there are any", async () => {
  const scene = await inState("new");
  const before = await scene.publisher.measure();
  scene.publisher.begin();
  await turns(60);
  const [connection] = scene.connections;
  const mid = connection!.getTransceivers()[1]!.mid;
  const entry = { id: "o", type: "outbound-rtp", kind: "video", mid, framesEncoded: 7 };
  connection!.stats = new Map([["o", entry]]);

  const report = await scene.publisher.measure();

  assert.equal(before, undefined);
  assert.deepEqual(report?.sent.map(({ slot, frames }) => [slot, frames]), [["camera", 7]]);
  finish(scene);
});

Deno.test("Publisher.close ends all, and hears nothing more", async () => {
  const scene = await inState("changed");
  const count = scene.sent.length;

  scene.publisher.close();
  scene.publisher.close();
  scene.publisher.begin();
  scene.send({});
  scene.receive({ type: "media-lost", channel: "publisher" });
  scene.publisher.networkChanged();
  await turns(60);

  assert.equal(scene.sent.length, count);
  assert.ok(!scene.connections.some(isOpen));
  finish(scene);
});

type Scene = Awaited<ReturnType<typeof inState>>;

/** A publisher whose microphone and camera are not offered, offered, carried, or carried and more. */
async function inState(state: State) {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const connections: FakePeerConnection[] = [];
  const sent: Publish[] = [];
  const faults: unknown[] = [];
  const servers = new Map<FakePeerConnection, FakePeerConnection>();
  let tracks: LocalTracks = { microphone, camera };
  let requests = 0;
  const publisher = new Publisher({
    platform: {
      clock,
      connect: () => {
        const connection = new FakePeerConnection(network);
        connections.push(connection);
        return connection as unknown as RTCPeerConnection; // As far as a publisher uses one.
      },
      createStream: () => ({}) as MediaStream, // Only handed on.
      videoCodecs: () => [],
      randomId: () => "x",
    },
    iceServers: [],
    sending: () => ({ tracks, encodings: new Map() }),
    codecs: undefined,
    newRequestId: () => `r${++requests}`,
    send: (message) => {
      sent.push(structuredClone(message));
      return true;
    },
    changed: () => {},
    channelMade: () => {},
    faulted: (fault) => faults.push(fault),
  });
  const receive = (message: Record<string, unknown>) =>
    publisher.receive(message as unknown as ServerMessage); // It may be one that no server sends.
  const scene = {
    ...{ clock, network, connections, sent, faults, publisher, receive },
    send(next: LocalTracks): void {
      tracks = next;
      publisher.tracksChanged();
    },
    /** The server takes an offer, the last one unless another is named. */
    async reply(publish: Publish | undefined = sent.at(-1)): Promise<void> {
      const client = connections.at(-1);
      if (publish === undefined || client === undefined) return;
      const server = servers.get(client) ?? new FakePeerConnection(network);
      servers.set(client, server);
      await server.setRemoteDescription(publish.description);
      await server.setLocalDescription();
      receive({
        type: "published",
        requestId: publish.requestId,
        description: server.localDescription,
        tracks: publish.tracks.map(({ mid }, index) => ({ mid, trackId: `t${index}` })),
      });
      await turns(60);
      network.look();
    },
    async refuse(code: string, more: object = {}): Promise<void> {
      receive({
        ...{ type: "error", code, message: "Cannot", requestId: sent.at(-1)?.requestId ?? "x" },
        ...more,
      });
      await turns(60);
    },
  };
  if (state === "new") return scene;
  publisher.begin();
  await turns(60);
  if (state === "offered") return scene;
  await scene.reply();
  if (state === "carried") return scene;
  scene.send({ microphone });
  await turns(60);
  return scene;
}

function sourcesOf(sent: readonly Publish[]): string[][] {
  return sent.map(({ tracks }) => tracks.map(({ source }) => source));
}

function activeOf({ connections }: Scene): string {
  const { sender }: { sender: FakeSender } = connections[0]!.getTransceivers()[1]!;
  const encodings = sender.parameters.encodings as { rid: string; active: boolean }[];
  return encodings.filter(({ active }) => active).map(({ rid }) => rid).join("");
}

function isOpen({ signalingState }: { signalingState: string }): boolean {
  return signalingState !== "closed";
}

function finish({ publisher, clock }: Scene): void {
  publisher.close();
  assert.equal(clock.pending, 0);
}
