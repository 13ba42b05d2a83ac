/** The negotiation of what is received: every state, every message, and what may get lost. */
import assert from "node:assert/strict";
import type { ClientMessage, ServerMessage } from "../../../../src/protocol/mod.ts";
import { Subscriber } from "../../../../static/call/sfu/subscriber.ts";
import { CONNECT_MS, EXPECT_MS } from "../../../../static/call/sfu/upkeep.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { turns, user } from "../../support/call_fixture.ts";
import { FakeNetwork, FakePeerConnection } from "../../support/fake_peer_connection.ts";

type State = "new" | "answered" | "connected" | "lost";
const STATES: readonly State[] = ["new", "answered", "connected", "lost"];
const ann = user("ann");

/**
 * What comes of each event in the order of STATES: answers that are sent then (`a`), requests for
 * another connection (`r`), a connection that is made (`*`), and how it fares.
 */
const table: [event: string, act: (one: Scene) => unknown, expected: string][] = [
  [
    "the first offer again",
    (one) => one.offer(),
    "a* connecting,a connecting,a connected,a interrupted",
  ],
  [
    "an offer of another connection",
    (one) => one.offer(2),
    "a* connecting,a* connecting,a* connected,a* interrupted",
  ],
  ["other m-lines", (one) => one.update(1, []), "waiting,connecting,connected,interrupted"],
  [
    "a lost connection",
    (one) => one.receive({ type: "media-lost", channel: "subscriber" }),
    "waiting,connecting,interrupted,interrupted",
  ],
  [
    "another channel's loss",
    (one) => one.receive({ type: "media-lost", channel: "publisher" }),
    "waiting,connecting,connected,interrupted",
  ],
  [
    "a path that failed",
    (one) => one.connections.at(-1)?.move("failed"),
    "waiting,r connecting,r interrupted,r interrupted",
  ],
  [
    "a refused answer",
    (one) => one.refuse(),
    "waiting,r connecting,r interrupted,r interrupted",
  ],
  [
    "a refusal of another request",
    (one) => one.receive({ type: "error", code: "media-failed", requestId: "x" }),
    "waiting,connecting,connected,interrupted",
  ],
  [
    "another network",
    ({ subscriber }) => subscriber.networkChanged(),
    "waiting,connecting,connected,r interrupted",
  ],
];

for (const [title, act, expected] of table) {
  Deno.test(`[SB1] Subscriber in every state: ${title}`, async () => {
    const seen: string[] = [];
    for (const state of STATES) {
      const scene = await inState(state);
      const before = [scene.sent.length, scene.connections.length] as const;
      await act(scene);
      await turns(60);
      const said = scene.sent.slice(before[0]).map(({ type }) =>
        type === "subscription-answer" ? "a" : "r"
      ).join("");
      const made = "*".repeat(scene.connections.length - before[1]);
      seen.push(`${said}${made} ${scene.subscriber.state}`.trim());
      finish(scene);
    }

    assert.deepEqual(seen, expected.split(","));
  });
}

Deno.test("[SB1] Subscriber answers what it was offered, and shows what it carries", async () => {
  const scene = await inState("new");

  await scene.offer();

  const [answer] = scene.sent;
  assert.ok(answer?.type === "subscription-answer");
  assert.equal(answer.connection, 1);
  assert.deepEqual(scene.shown(), ["camera", "microphone"]);
  assert.deepEqual(scene.faults, []);
  finish(scene);
});

Deno.test("[SB2] Subscriber follows other m-lines of its connection, and of no other", async () => {
  const scene = await inState("connected");

  await scene.update(7, []);
  const other = scene.shown();
  await scene.update(1, scene.media().slice(0, 1));

  assert.deepEqual([other, scene.shown()], [["camera", "microphone"], ["microphone"]]);
  finish(scene);
});

Deno.test("[SB1] Subscriber sends an answer when the socket is back", async () => {
  const scene = await inState("new");
  scene.socket.isOpen = false;
  await scene.offer();
  const without = scene.sent.length;

  scene.socket.isOpen = true;
  scene.subscriber.networkChanged();
  scene.subscriber.networkChanged();

  assert.deepEqual([without, scene.sent.length], [0, 1]);
  finish(scene);
});

Deno.test("[SB4] Subscriber asks for another connection when the socket is back", async () => {
  const scene = await inState("connected");
  scene.socket.isOpen = false;
  scene.connections[0]!.move("failed");
  scene.socket.isOpen = true;

  scene.subscriber.networkChanged();

  assert.deepEqual(scene.sent.at(-1)?.type, "restart-subscription");
  finish(scene);
});

Deno.test("[SB5] Subscriber begins another connection after a loss, whatever its number", async () => {
  const scene = await inState("connected");

  scene.receive({ type: "media-lost", channel: "subscriber" });
  await scene.update(1, []);
  const shown = scene.shown();
  await scene.offer(1);

  assert.deepEqual(shown, ["camera", "microphone"]);
  assert.equal(scene.connections.length, 2);
  assert.equal(scene.sent.at(-1)?.type, "subscription-answer");
  finish(scene);
});

Deno.test("[SB5] Subscriber knows another connection by its fragment, should word of it be lost", async () => {
  const scene = await inState("connected");
  const sdp = (fragment: string) => `v=0\r\na=ice-ufrag:${fragment}\r\n`;

  for (const fragment of ["one", "one", "other"]) {
    scene.receive({ ...scene.offerOf(1), description: { type: "offer", sdp: sdp(fragment) } });
  }

  assert.equal(scene.connections.length, 3);
  finish(scene);
});

Deno.test("[SB4] Subscriber asks for an offer that does not come though somebody sends", async () => {
  for (const [state, isAsked] of [["new", true], ["connected", false]] as const) {
    const scene = await inState(state);
    const count = scene.sent.length;

    scene.subscriber.expect();
    scene.clock.advance(EXPECT_MS);

    assert.equal(scene.sent.length > count, isAsked, state);
    finish(scene);
  }
});

Deno.test("[SB5] Subscriber asks by itself when no offer follows a loss", async () => {
  const scene = await inState("connected");

  scene.receive({ type: "media-lost", channel: "subscriber" });
  scene.clock.advance(EXPECT_MS);

  assert.equal(scene.sent.at(-1)?.type, "restart-subscription");
  finish(scene);
});

Deno.test("[SB5] Subscriber waits for nothing where nobody sends anything", async () => {
  for (const lose of ["media-lost", "failed"] as const) {
    const scene = await inState("connected");
    scene.socket.isExpecting = false;

    if (lose === "failed") scene.connections[0]!.move("failed");
    else scene.receive({ type: "media-lost", channel: "subscriber" });

    assert.deepEqual([scene.subscriber.state, scene.clock.pending], ["waiting", 0]);
    finish(scene);
  }
});

Deno.test("Subscriber asks again where a connection does not come about in time", async () => {
  const scene = await inState("answered");

  scene.clock.advance(CONNECT_MS);

  assert.equal(scene.sent.at(-1)?.type, "restart-subscription");
  finish(scene);
});

Deno.test("Subscriber asks for another connection after an offer that the browser refuses", async () => {
  const scene = await inState("connected");

  scene.receive({
    ...{ type: "subscription-offer", connection: 1, tracks: [] },
    description: { type: "offer", sdp: "not JSON" },
  });
  await turns(60);

  assert.equal(scene.sent.at(-1)?.type, "restart-subscription");
  assert.equal(scene.faults.length, 1);
  finish(scene);
});

Deno.test("Subscriber ends a connection that another one overtook before it carried anything", async () => {
  const scene = await inState("connected");

  scene.receive({ ...scene.offerOf(2), connection: 2 });
  scene.receive({ ...scene.offerOf(3), connection: 3 });
  await turns(60);

  assert.deepEqual(scene.connections.map(({ signalingState }) => signalingState), [
    ...["stable", "closed", "stable"],
  ]);
  const answers = scene.sent.flatMap((one) => "connection" in one ? [one.connection] : []);
  assert.deepEqual(answers, [1, 3]);
  finish(scene);
});

Deno.test("Subscriber.measure tells streams by who sends them", async () => {
  const scene = await inState("connected");
  const mid = scene.media()[1]!.mid;
  scene.connections[0]!.stats = new Map<string, unknown>([
    ["i", { id: "i", type: "inbound-rtp", kind: "video", mid, framesDecoded: 9 }],
    ["j", { id: "j", type: "inbound-rtp", kind: "video", mid: "nobody's", framesDecoded: 1 }],
    ["t", { id: "t", type: "transport", selectedCandidatePairId: "p" }],
    ["p", { id: "p", type: "candidate-pair", currentRoundTripTime: 0.02 }],
  ]);

  const reception = await scene.subscriber.measure();

  const streams = reception?.streams.get(ann)?.map(({ slot, frames }) => [slot, frames]);
  assert.deepEqual([reception?.roundTripMs, streams], [20, [["camera", 9]]]);
  assert.deepEqual(await (await inState("new")).subscriber.measure(), undefined);
  finish(scene);
});

Deno.test("Subscriber.close ends all, and hears nothing more", async () => {
  const scene = await inState("connected");
  const count = scene.sent.length;

  scene.subscriber.close();
  scene.subscriber.close();
  await scene.offer(5);
  scene.receive({ type: "media-lost", channel: "subscriber" });
  scene.subscriber.networkChanged();

  assert.equal(scene.sent.length, count);
  assert.ok(scene.connections.every(({ signalingState }) => signalingState === "closed"));
  assert.equal(scene.clock.pending, 0);
});

type Scene = Awaited<ReturnType<typeof inState>>;

/** A subscriber to whom nothing was offered, one that answered, one that is connected, or was. */
async function inState(state: State) {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const connections: FakePeerConnection[] = [];
  const sent: ClientMessage[] = [];
  const faults: unknown[] = [];
  const socket = { isOpen: true, isExpecting: true };
  let requests = 0;
  const server = new FakePeerConnection(network);
  for (const kind of ["audio", "video"]) server.addTransceiver(kind, { direction: "sendonly" });
  await server.setLocalDescription();
  const subscriber = new Subscriber({
    platform: {
      clock,
      connect: () => {
        const connection = new FakePeerConnection(network);
        connections.push(connection);
        return connection as unknown as RTCPeerConnection; // As far as a subscriber uses one.
      },
      createStream: () => ({}) as MediaStream, // Only handed on.
      videoCodecs: () => [],
      randomId: () => "x",
    },
    iceServers: [],
    newRequestId: () => `r${++requests}`,
    send: (message) => {
      if (socket.isOpen) sent.push(structuredClone(message));
      return socket.isOpen;
    },
    isExpecting: () => socket.isExpecting,
    changed: () => {},
    renewed: () => {},
    faulted: (fault) => faults.push(fault),
  });
  const receive = (message: Record<string, unknown>) =>
    subscriber.receive(message as unknown as ServerMessage); // It may be one that no server sends.
  const media = () =>
    server.getTransceivers().map(({ mid }, index) => ({
      ...{ mid: mid!, trackId: `t${index}`, userId: ann },
      source: index === 0 ? "microphone" : "camera",
    }));
  const offerOf = (connection: number) => ({
    ...{ type: "subscription-offer", connection, tracks: media() },
    description: server.localDescription,
  });
  const scene = {
    ...{ clock, network, connections, sent, faults, socket, subscriber, receive, media, offerOf },
    async offer(connection = 1): Promise<void> {
      receive(offerOf(connection));
      await turns(60);
    },
    async update(connection: number, tracks: object[]): Promise<void> {
      receive({ type: "subscription-updated", connection, tracks });
      await turns(60);
    },
    /** The answer that was sent last is refused. */
    async refuse(): Promise<void> {
      const requestId = sent.at(-1)?.requestId;
      if (requestId === undefined) return;
      receive({ type: "error", code: "media-failed", message: "Cannot", requestId });
      await turns(60);
    },
    shown: () => Object.keys(subscriber.tracksOf(ann)).sort(),
  };
  if (state === "new") return scene;
  await scene.offer();
  if (state === "answered") return scene;
  connections[0]!.move("connected");
  if (state === "lost") connections[0]!.move("disconnected");
  return scene;
}

function finish({ subscriber, clock }: Scene): void {
  subscriber.close();
  assert.equal(clock.pending, 0);
}
