/** One direction, over connections in memory and by a clock that a test turns. */
import assert from "node:assert/strict";
import type { FaultRule } from "../../../cli/faults/fault_plan.ts";
import { FaultyLane } from "../../../cli/faults/faulty_lane.ts";
import {
  encodeFrame,
  encodeFrames,
  type Frame,
  joined,
  Opcode,
} from "../../../cli/faults/frame.ts";
import { Judge } from "../../../cli/faults/judge.ts";
import { MessageFaults } from "../../../cli/faults/message_faults.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MemoryStream } from "../../support/memory_stream.ts";
import { waitUntil } from "../../support/wait_until.ts";

const [one, two, three] = ["1", "2", "3"].map((text) => frame(`{"type":"chat","text":"${text}"}`));

Deno.test("FaultyLane passes every byte on, in whatever pieces it comes, and then the end", async () => {
  const { from, to, done } = run([]);
  const bytes = encodeFrames([one!, frame("?", Opcode.ping), two!]);

  from.feed(bytes.subarray(0, 1), bytes.subarray(1, 20), bytes.subarray(20), null);
  await done;

  assert.deepEqual(to.written, bytes);
  assert.equal(to.isEnded, true);
});

Deno.test("FaultyLane writes messages when their time has come, in their order, the end too", async () => {
  const { from, to, clock, done, sent } = run(
    [{ kind: "latency", ms: 80 }, { kind: "latency", ms: 100, type: "first" }],
    { baseDelayMs: 80 },
  );
  const first = frame('{"type":"first"}');

  from.feed(encodeFrame(first), encodeFrame(one!), null);
  await waitUntil(() => sent.length < 2 ? `${sent.length} decided` : undefined);
  clock.advance(179);
  const early = to.writes.length;
  await turn(clock, 1, () => to.writes.length === 2);

  assert.equal(early, 0);
  assert.deepEqual(to.written, encodeFrames([first, one!]));
  assert.equal(to.isEnded, false);
  await waitUntil(() => clock.pending === 0 ? "the end does not wait" : undefined);
  clock.advance(80);
  await done;
  assert.equal(to.isEnded, true);
});

Deno.test("FaultyLane writes each byte by itself where it is told to", async () => {
  const { from, to, done } = run([{ kind: "byte-wise", bytes: 10 }]);
  const bytes = encodeFrame(one!);

  from.feed(bytes, null);
  await done;

  assert.deepEqual(to.writes.map(({ length }) => length), [
    ...Array(10).fill(1),
    bytes.length - 10,
  ]);
  assert.deepEqual(to.written, bytes);
});

Deno.test("FaultyLane keeps a bandwidth", async () => {
  const { from, to, clock, done } = run([], { bytesPerSecond: 500 });
  const bytes = encodeFrame(frame("x".repeat(98)));

  from.feed(bytes, null);
  // 500 bytes a second: ten of them every 20 ms, no sooner.
  for (let piece = 1; piece <= 10; piece++) {
    await waitUntil(() => to.writes.length < piece ? `${to.writes.length} writes` : undefined);
    await waitUntil(() => clock.pending === 0 ? "it does not wait" : undefined);
    clock.advance(19);
    assert.equal(to.writes.length, piece);
    clock.advance(1);
  }
  await done;

  assert.deepEqual(to.writes.map(({ length }) => length), Array(10).fill(10));
  assert.deepEqual(to.written, bytes);
});

Deno.test("FaultyLane lets a message go alone when none overtakes it", async () => {
  const { from, to, clock, done, sent } = run([{ kind: "reorder", every: 1 }]);

  from.feed(encodeFrame(one!));
  await waitUntil(() => sent.length === 0 ? "nothing is decided" : undefined);
  assert.equal(to.writes.length, 0);
  await turn(clock, 1_000, () => to.writes.length === 1);
  from.feed(null);
  await done;

  assert.deepEqual(to.written, encodeFrame(one!));
});

Deno.test("FaultyLane lets what waits go with the end", async () => {
  const { from, to, done, clock } = run([{ kind: "reorder", every: 1 }]);

  from.feed(encodeFrame(one!), null);
  await done;

  assert.deepEqual(to.written, encodeFrame(one!));
  assert.equal(clock.pending, 0);
});

Deno.test("FaultyLane writes half a frame and says that this was all", async () => {
  const { from, to, cuts } = run([{ kind: "cut", every: 2 }]);
  const [whole, cut] = [encodeFrame(one!), encodeFrame(two!)];

  from.feed(joined(whole, cut), encodeFrame(three!));
  await waitUntil(() => cuts.length === 0 ? "nothing is cut" : undefined);

  assert.deepEqual(to.written, joined(whole, cut.subarray(0, Math.floor(cut.length / 2))));
  assert.equal(to.isEnded, false);
});

Deno.test("FaultyLane passes on as it comes what is no WebSocket, and all that follows", async () => {
  const nonsense = Uint8Array.of(0xff, 1, 2, 3);
  const { from, to, done } = run([{ kind: "drop" }]);
  const open = frame("[", Opcode.text, false);

  from.feed(encodeFrame(open), nonsense, encodeFrame(two!), null);
  await done;

  assert.deepEqual(to.written, joined(encodeFrame(open), nonsense, encodeFrame(two!)));
});

Deno.test("FaultyLane reads on while silent, writes nothing, and does not pass on the end", async () => {
  const { from, to, done, lane } = run([]);
  from.feed(encodeFrame(one!));
  await waitUntil(() => to.writes.length === 0 ? "nothing is written" : undefined);

  lane.silence();
  from.feed(encodeFrame(two!), null);
  await done;

  assert.deepEqual(to.written, encodeFrame(one!));
  assert.equal(to.isEnded, false);
});

Deno.test("FaultyLane reads nothing more once it has stopped", async () => {
  const { from, to, lane, over, done } = run([{ kind: "stop-reading", every: 1 }]);

  lane.stopReading();
  from.feed(encodeFrame(one!), encodeFrame(two!), null);
  await waitUntil(() => from.reads === 1 ? undefined : `${from.reads} reads`);
  over.abort();
  await done;

  assert.equal(from.reads, 1);
  assert.equal(to.writes.length, 0);
});

Deno.test("FaultyLane does not read for a while where that is asked for, and then goes on", async () => {
  const { from, to, clock, done, sent } = run([{ kind: "stop-reading", forMs: 300, every: 2 }]);

  from.feed(encodeFrame(one!), encodeFrame(two!), encodeFrame(three!), null);
  await waitUntil(() => sent.length === 0 ? "nothing is decided" : undefined);
  const reads = from.reads;
  await turn(clock, 300, () => to.writes.length === 3);
  await done;

  assert.equal(reads, 2);
  assert.deepEqual(to.written, encodeFrames([one!, two!, three!]));
});

Deno.test("FaultyLane reads no further ahead than its bound", async () => {
  const { from, clock, over, done } = run([{ kind: "latency", ms: 1_000 }]);
  const large = encodeFrame(frame("x".repeat(60_000)));
  const count = 40; // 2.4 MB, more than twice the bound.

  from.feed(...Array(count).fill(large));
  await waitUntil(() => from.reads < 17 ? `${from.reads} reads` : undefined);
  const reads = from.reads;
  await turn(clock, 1_000, () => from.reads > reads);
  over.abort();
  from.feed(null);
  await done;

  assert.ok(reads < 25, `${reads} reads of ${count}`);
});

Deno.test("FaultyLane ends with everything else, and leaves no timer", async () => {
  const { from, clock, over, done, sent } = run([{ kind: "latency", ms: 1_000 }]);
  from.feed(encodeFrame(one!));
  await waitUntil(() => sent.length === 0 ? "nothing is decided" : undefined);

  over.abort();
  from.feed(null);
  await done;

  assert.equal(clock.pending, 0);
});

function run(
  faults: FaultRule[],
  { baseDelayMs = 0, bytesPerSecond }: { baseDelayMs?: number; bytesPerSecond?: number } = {},
) {
  const [from, to, clock] = [new MemoryStream(), new MemoryStream(), new FakeClock()];
  const over = new AbortController();
  const name = { key: "", connection: 1, user: "ann" };
  const judge = new Judge({ faults }, { seed: 1, name, direction: "to-client" });
  const sent: unknown[] = [];
  const cuts: unknown[] = [];
  const lane = new FaultyLane({
    from,
    to,
    first: new Uint8Array(0),
    isMasked: false,
    faults: new MessageFaults(judge, { name, isPacked: true }),
    clock,
    baseDelayMs: () => baseDelayMs,
    bytesPerSecond: () => bytesPerSecond,
    onShipment: (shipment) => sent.push(...shipment.decisions.slice(0, 1)),
    onCut: () => cuts.push(to.written),
    signal: over.signal,
  });
  return { from, to, clock, over, sent, cuts, lane, done: lane.run() };
}

/** Moves the clock until `isDone`; what a timer wakes runs on its own. */
async function turn(clock: FakeClock, ms: number, isDone: () => boolean): Promise<void> {
  await waitUntil(() => clock.pending === 0 ? "nobody waits" : undefined);
  clock.advance(ms);
  await waitUntil(() => isDone() ? undefined : "what the clock should bring");
}

function frame(text: string, opcode: number = Opcode.text, isFinal = true): Frame {
  return { isFinal, opcode, mask: undefined, payload: new TextEncoder().encode(text) };
}
