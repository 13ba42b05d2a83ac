/** The sender against a receiver that keeps to nothing, and a file that is not what it was. */
import assert from "node:assert/strict";
import { FileSender } from "../../../static/call/file_sender.ts";
import {
  ANSWER_TIMEOUT_MS,
  isOver,
  SILENCE_TIMEOUT_MS,
} from "../../../static/call/file_transfer.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { FakeChannel } from "../support/fake_channel.ts";

Deno.test("FileSender offers name, size and type, and sends nothing before the answer", async () => {
  const { peer, sender } = setUp();

  await heard(peer, "offer");

  assert.deepEqual(peer.texts, [{ type: "offer", name: "a.txt", size: 3, mime: "text/plain" }]);
  assert.equal(sender.state.phase, "offered");
  sender.cancel();
});

const beforeAnswer = ["done", "offer", "end", "progress", "nonsense"];
for (const type of beforeAnswer) {
  Deno.test(`FileSender ends a receiver that says ${type} to an offer`, async () => {
    const { peer, sender, clock } = setUp();

    peer.say({ type, name: "x", size: 1, bytes: 1, sha256: "" });
    await over(sender);

    assert.deepEqual(sender.state, { phase: "failed", fault: "protocol" });
    assert.equal(clock.pending, 0);
  });
}

const whileRunning: Record<string, Record<string, unknown>> = {
  "accepts twice": { type: "accept" },
  "declines after accepting": { type: "decline" },
  "claims more than it was sent": { type: "progress", bytes: 4 },
  "claims no progress": { type: "progress", bytes: 0 },
};
for (const [what, message] of Object.entries(whileRunning)) {
  Deno.test(`FileSender ends a receiver that ${what}`, async () => {
    const { peer, sender } = setUp();
    peer.say({ type: "accept" });
    await heard(peer, "end");

    peer.say(message);
    await over(sender);

    assert.deepEqual(sender.state, { phase: "failed", fault: "protocol" });
  });
}

Deno.test("FileSender ends a receiver that sends bytes", async () => {
  const { peer, sender } = setUp();

  peer.send(new Uint8Array(1));
  await over(sender);

  assert.deepEqual(sender.state, { phase: "failed", fault: "protocol" });
});

Deno.test("FileSender shows why the receiver gave up", async () => {
  const { peer, sender } = setUp();

  peer.say({ type: "cancel", reason: "wrong-hash" });
  await over(sender);

  assert.deepEqual(sender.state, { phase: "failed", fault: "wrong-hash" });
});

Deno.test("FileSender gives up on a receiver that falls silent, before the answer and after", async () => {
  const unanswered = setUp();
  const stuck = setUp();
  stuck.peer.say({ type: "accept" });
  await heard(stuck.peer, "end");

  for (
    const [{ clock, sender }, ms] of [
      [unanswered, ANSWER_TIMEOUT_MS],
      [stuck, SILENCE_TIMEOUT_MS],
    ] as const
  ) {
    clock.advance(ms - 1);
    assert.ok(!isOver(sender.state));
    clock.advance(1);
    assert.deepEqual(sender.state, { phase: "failed", fault: "timeout" });
    assert.equal(clock.pending, 0);
  }
});

Deno.test("FileSender says so when the file cannot be read any more", async () => {
  const file = new File(["abc"], "a.txt");
  const gone = () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) });
  const shrunk = () => new Blob(["a"]);
  for (const slice of [gone, shrunk]) {
    const { peer, sender } = setUp(Object.assign(new File([file], "a.txt"), { slice }));

    peer.say({ type: "accept" });
    await over(sender);
    await heard(peer, "cancel");

    assert.deepEqual(sender.state, { phase: "failed", fault: "unreadable" });
    assert.deepEqual(peer.texts.at(-1), { type: "cancel", reason: "unreadable" });
  }
});

Deno.test("FileSender on a channel that is closed already has failed", () => {
  const [peer, own] = FakeChannel.pair();
  peer.cut();
  const states: string[] = [];

  const sender = new FileSender(own, new File(["abc"], "a.txt"), {
    clock: new FakeClock(),
    chunkBytes: 16_384,
    changed: ({ phase }) => states.push(phase),
  });
  sender.cancel();

  assert.deepEqual(sender.state, { phase: "failed", fault: "channel-lost" });
  assert.equal(states.at(-1), "failed");
});

function setUp(file = new File(["abc"], "a.txt", { type: "text/plain" })) {
  const clock = new FakeClock();
  const [own, peer] = FakeChannel.pair();
  peer.binaryType = "arraybuffer";
  const sender = new FileSender(own, file, { clock, chunkBytes: 16_384, changed: () => {} });
  return { clock, peer, sender };
}

async function heard(peer: FakeChannel, type: string): Promise<void> {
  await waitUntil(() =>
    peer.texts.some((message) => message.type === type) ? undefined : `nothing said ${type}`
  );
}

async function over(sender: FileSender): Promise<void> {
  await waitUntil(() => isOver(sender.state) ? undefined : `it is ${sender.state.phase}`);
}
