/** The receiver against a sender that keeps to nothing: each way of cheating ends it, and no file stays. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { FileReceiver } from "../../../static/call/file_receiver.ts";
import {
  ANSWER_TIMEOUT_MS,
  isOver,
  MAX_FILE_BYTES,
  SILENCE_TIMEOUT_MS,
  type TransferFault,
  WINDOW_BYTES,
} from "../../../static/call/file_transfer.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { FakeChannel } from "../support/fake_channel.ts";
import { FakeSink } from "../support/fake_sink.ts";

type Scene = ReturnType<typeof setUp>;
const OFFER = { type: "offer", name: "a.txt", size: 10, mime: "text/plain" };
const HASH_OF_TEN = createHash("sha256").update(new Uint8Array(10)).digest("hex");

/** What a cheat does once its offer was accepted, and what is made of it. */
const cheats: Record<string, { fault: TransferFault; act: (peer: FakeChannel) => void }> = {
  "sends more bytes than it announced": {
    fault: "protocol",
    act: (peer) => peer.send(new Uint8Array(11)),
  },
  "sends fewer bytes than it announced": {
    fault: "protocol",
    act(peer) {
      peer.send(new Uint8Array(9));
      peer.say({ type: "end", sha256: HASH_OF_TEN });
    },
  },
  "says a wrong hash": {
    fault: "wrong-hash",
    act(peer) {
      peer.send(new Uint8Array(10).fill(1));
      peer.say({ type: "end", sha256: HASH_OF_TEN });
    },
  },
  "says a hash in capitals": {
    fault: "wrong-hash",
    act(peer) {
      peer.send(new Uint8Array(10));
      peer.say({ type: "end", sha256: HASH_OF_TEN.toUpperCase() });
    },
  },
  "sends an empty frame": { fault: "protocol", act: (peer) => peer.send(new Uint8Array(0)) },
  "offers again": { fault: "protocol", act: (peer) => peer.say(OFFER) },
  "ends twice": {
    fault: "protocol",
    act(peer) {
      peer.send(new Uint8Array(10));
      peer.say({ type: "end", sha256: HASH_OF_TEN });
      peer.say({ type: "end", sha256: HASH_OF_TEN });
    },
  },
  "sends bytes after the end": {
    fault: "protocol",
    act(peer) {
      peer.send(new Uint8Array(10));
      peer.say({ type: "end", sha256: HASH_OF_TEN });
      peer.send(new Uint8Array(1));
    },
  },
  "accepts its own offer": { fault: "protocol", act: (peer) => peer.say({ type: "accept" }) },
  "says done itself": { fault: "protocol", act: (peer) => peer.say({ type: "done" }) },
  "talks nonsense": { fault: "protocol", act: (peer) => peer.send('"nonsense"') },
};

for (const [what, { fault, act }] of Object.entries(cheats)) {
  Deno.test(`FileReceiver ends a sender that ${what}`, async () => {
    const scene = setUp();
    scene.peer.say(OFFER);
    await phase(scene, "offered");
    const sink = new FakeSink();
    // In one turn, so that the receiver cannot have finished in between.
    scene.peer.perTurn = 100;
    scene.receiver.accept(sink);

    act(scene.peer);
    await over(scene);

    assert.deepEqual(scene.receiver.state, { phase: "failed", fault });
    assert.equal(sink.state, "aborted");
    await waitUntil(() => scene.peer.readyState === "closed" ? undefined : "the channel is open");
    assert.deepEqual(scene.peer.texts.at(-1), { type: "cancel", reason: fault });
    assert.equal(scene.clock.pending, 0);
  });
}

Deno.test("FileReceiver takes nothing before its person accepted", async () => {
  const early = [
    (peer: FakeChannel) => peer.send(new Uint8Array(1)),
    (peer: FakeChannel) => peer.say({ type: "end", sha256: HASH_OF_TEN }),
  ];
  for (const act of early) {
    for (const isOffered of [true, false]) {
      const scene = setUp();
      if (isOffered) scene.peer.say(OFFER);

      act(scene.peer);
      await over(scene);

      assert.deepEqual(scene.receiver.state, { phase: "failed", fault: "protocol" });
      assert.equal(scene.receiver.accept(new FakeSink()), false);
    }
  }
});

Deno.test("FileReceiver refuses a file above the limit unseen, and takes one at it", async () => {
  const tooLarge = setUp();
  const largest = setUp();

  tooLarge.peer.say({ ...OFFER, size: MAX_FILE_BYTES + 1 });
  largest.peer.say({ ...OFFER, size: MAX_FILE_BYTES });
  await over(tooLarge);
  await phase(largest, "offered");

  assert.deepEqual(tooLarge.receiver.state, { phase: "failed", fault: "too-large" });
  assert.equal(tooLarge.receiver.offer, undefined);
  largest.receiver.cancel();
});

Deno.test("FileReceiver ends a sender that runs further ahead than agreed", async () => {
  const scene = setUp();
  scene.peer.say({ ...OFFER, size: 2 * WINDOW_BYTES });
  await phase(scene, "offered");
  const sink = new FakeSink();
  sink.beforeWrite = () => new Promise(() => {});
  scene.receiver.accept(sink);

  for (let sent = 0; sent < WINDOW_BYTES; sent += 65_536) scene.peer.send(new Uint8Array(65_536));
  await waitUntil(() => scene.peer.bufferedAmount === 0 ? undefined : "frames are under way");
  const atTheEdge = scene.receiver.state.phase;
  scene.peer.send(new Uint8Array(1));
  await over(scene);

  assert.equal(atTheEdge, "running");
  assert.deepEqual(scene.receiver.state, { phase: "failed", fault: "protocol" });
});

Deno.test("FileReceiver shows a safe name, never the one that was sent", async () => {
  const scene = setUp();

  scene.peer.say({ ...OFFER, name: "../../.ssh/\u202etxt.exe\u0000" });
  await phase(scene, "offered");

  assert.deepEqual(scene.receiver.offer, { name: "txt.exe", size: 10, mime: "text/plain" });
  scene.receiver.decline();
});

Deno.test("FileReceiver gives up on a sender that falls silent, wherever that is", async () => {
  const neverOffers = setUp();
  const neverAnswered = setUp();
  const stops = setUp();
  neverAnswered.peer.say(OFFER);
  stops.peer.say(OFFER);
  await phase(neverAnswered, "offered");
  await phase(stops, "offered");
  const sink = new FakeSink();
  stops.receiver.accept(sink);

  for (
    const [{ clock, receiver }, ms] of [
      [neverOffers, SILENCE_TIMEOUT_MS],
      [neverAnswered, ANSWER_TIMEOUT_MS],
      [stops, SILENCE_TIMEOUT_MS],
    ] as const
  ) {
    clock.advance(ms - 1);
    assert.ok(!isOver(receiver.state));
    clock.advance(1);
    assert.deepEqual(receiver.state, { phase: "failed", fault: "timeout" });
    assert.equal(clock.pending, 0);
  }
  assert.equal(sink.state, "aborted");
});

Deno.test("FileReceiver does nothing more after it is over", async () => {
  const scene = setUp();
  scene.peer.say(OFFER);
  await phase(scene, "offered");

  scene.receiver.decline();
  scene.receiver.decline();
  scene.receiver.cancel();

  assert.deepEqual(scene.receiver.state, { phase: "declined" });
  assert.equal(scene.receiver.accept(new FakeSink()), false);
  await waitUntil(() => scene.peer.readyState === "closed" ? undefined : "the channel is open");
  assert.deepEqual(scene.peer.texts, [{ type: "decline" }]);
});

function setUp() {
  const clock = new FakeClock();
  const [peer, own] = FakeChannel.pair();
  const receiver = new FileReceiver(own, { clock, changed: () => {} });
  return { clock, peer, receiver };
}

async function phase({ receiver }: Scene, wanted: string): Promise<void> {
  await waitUntil(() =>
    receiver.state.phase === wanted ? undefined : `the receiver is ${receiver.state.phase}`
  );
}

async function over({ receiver }: Scene): Promise<void> {
  await waitUntil(() => isOver(receiver.state) ? undefined : `it is ${receiver.state.phase}`);
}
