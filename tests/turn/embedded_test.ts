/** The TURN server on a thread of its own. */
import assert from "node:assert/strict";
import { silentLogger, systemClock } from "../../src/base/mod.ts";
import { passwordOf } from "../../src/turn/credentials.ts";
import {
  type EmbeddedOptions,
  EmbeddedTurn,
  type TurnThread,
  type WorkerWord,
} from "../../src/turn/embedded.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { freePort } from "../support/ports.ts";
import { LabClient, soonUsername, TURN_SECRET } from "../support/turn_lab.ts";
import { waitUntil } from "../support/wait_until.ts";

const context = { clock: systemClock, log: silentLogger };

function optionsFor(port: number): EmbeddedOptions {
  return {
    ...{ port, secret: TURN_SECRET, bindAddress: "127.0.0.1", relayAddress: "127.0.0.1" },
    ...{ ownAddresses: ["127.0.0.1"], mediaPorts: [], mediaAddress: "127.0.0.1" },
    relayPorts: { from: 20_000, to: 29_999 },
  };
}

Deno.test("EmbeddedTurn serves on a thread, counts, and gives its ports back", async () => {
  const port = freePort();
  const turn = await EmbeddedTurn.start(optionsFor(port), context);
  const username = soonUsername();
  const credentials = { username, credential: passwordOf(username, TURN_SECRET) };
  {
    const target = { host: "127.0.0.1", port, transport: "udp" } as const;
    await using one = await LabClient.open(target, credentials);
    await using two = await LabClient.open({ ...target, transport: "tcp" }, credentials);
    const [oneAt, twoAt] = [await one.allocate(), await two.allocate()];
    await Promise.all([one.permit(twoAt), two.permit(oneAt)]);
    one.sendTo(twoAt, "hello");
    await waitUntil(() => two.heard.length > 0 ? undefined : "nothing comes");
    await waitUntil(() => turn.counts.allocations === 2 ? undefined : "it does not count");
    assert.ok(turn.counts.relayedBytes >= 10);
  }

  turn.close();
  turn.close();

  const again = await EmbeddedTurn.start(optionsFor(port), context);
  again.close();
});

Deno.test("EmbeddedTurn rejects where its port is taken", async () => {
  const port = freePort();
  const holder = Deno.listen({ hostname: "127.0.0.1", port });

  await assert.rejects(EmbeddedTurn.start(optionsFor(port), context), /in use|EADDRINUSE/i);

  holder.close();
});

/** A thread that does as it is told. */
class ScriptedThread implements TurnThread {
  onmessage: TurnThread["onmessage"] = null;
  onerror: TurnThread["onerror"] = null;
  isTerminated = false;

  constructor(readonly answer: WorkerWord) {}

  postMessage(): void {
    queueMicrotask(() => this.say(this.answer));
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: WorkerWord): void {
    this.onmessage?.call(this as unknown as Worker, new MessageEvent("message", { data }));
  }

  /** Fails; resolves to whether the fault was taken care of. */
  fail(): boolean {
    const event = new ErrorEvent("error", { message: "out of memory", cancelable: true });
    this.onerror?.call(this as unknown as Worker, event);
    return event.defaultPrevented;
  }
}

Deno.test("EmbeddedTurn begins another thread where one fails, until it is closed", async () => {
  const clock = new FakeClock();
  const threads: ScriptedThread[] = [];
  const answers: WorkerWord[] = [{ isListening: true }, { failed: "in use" }, {
    isListening: true,
  }];
  const begin = () => {
    const thread = new ScriptedThread(answers[threads.length] ?? { isListening: true });
    threads.push(thread);
    return thread;
  };
  const turn = await EmbeddedTurn.start(optionsFor(3478), { ...context, clock, begin });

  const isTakenCareOf = threads[0]!.fail();
  clock.advance(1_000); // The second cannot listen yet, the third can.
  await waitUntil(() => {
    clock.advance(1_000);
    return threads.length === 3 ? undefined : `${threads.length} threads`;
  });
  threads[2]!.say({ allocations: 3, relayedBytes: 7 });
  const { counts } = turn;
  turn.close();
  threads[2]!.fail();
  clock.advance(60_000);

  assert.equal(isTakenCareOf, true);
  assert.deepEqual(threads.map(({ isTerminated }) => isTerminated), [true, true, true]);
  assert.deepEqual(counts, { allocations: 3, relayedBytes: 7 });
  assert.equal(threads.length, 3);
  assert.equal(clock.pending, 0);
});
