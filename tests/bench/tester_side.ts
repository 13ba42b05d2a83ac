/**
 * One side of `bench:tester`, in a process of its own: holds users at a server and counts what they
 * receive, either as the simulation does, with everything verified, or as a bare client of `ws` that
 * only counts. Prints what it cost as one line of JSON.
 */
import process from "node:process";
// @ts-types="@types/ws"
import { WebSocket } from "ws";
import { systemClock } from "../../src/base/mod.ts";
import { EventLoopProbe } from "../../cli/measure/event_loop.ts";
import { SimulatedRoom } from "../../cli/scenarios/simulated_room.ts";
import { SimulatedUser } from "../../cli/scenarios/simulated_user.ts";
import { RunRecord, verifyRoom } from "../../cli/verify/mod.ts";
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { print } from "./output.ts";

/** What a side is asked to do. */
export type SideOrder = {
  readonly side: "verifying" | "bare";
  readonly url: string;
  readonly users: number;
  readonly members: number;
  /** Chat messages a second over all rooms, and for how long. */
  readonly perSecond: number;
  readonly seconds: number;
};

/** What it cost. */
export type SideReport = {
  /** Resident kilobytes a user, above the same process before it connected. */
  readonly kbPerUser: number;
  /** Kilobytes of live JavaScript objects and their buffers a user, likewise. */
  readonly liveKbPerUser: number;
  /** Messages received while chatting, and a second. */
  readonly received: number;
  readonly receivedPerSecond: number;
  readonly frames: number;
  /** CPU time of the process a received message, its garbage collection included. */
  readonly cpuUs: number;
  /** CPU time of the thread over time: 1 is a whole core. */
  readonly threadShare: number;
  readonly lateP99Ms: number;
  /** What the judge found wrong; 0 for the bare side, which looks at nothing. */
  readonly findings: number;
};

/** Users of one side. */
type Crowd = {
  readonly join: () => Promise<void>;
  /** User number `index` says something. */
  readonly chat: (index: number) => void;
  readonly received: () => number;
  readonly frames: () => number;
  /** How many are wrong. */
  readonly judge: () => number;
};

const AT_ONCE = 64;
const SETTLE_MS = 1_500;
const gc = (globalThis as { gc?: () => void }).gc ?? (() => {}); // With --expose-gc.

if (import.meta.main) await main(JSON.parse(Deno.args[0]!)); // The bench wrote it.

async function main(order: SideOrder): Promise<void> {
  const crowd = order.side === "bare" ? bareCrowd(order) : verifyingCrowd(order);
  gc();
  const base = Deno.memoryUsage();
  await crowd.join();
  await pause(SETTLE_MS);
  gc();
  const held = Deno.memoryUsage();
  const before = { received: crowd.received(), frames: crowd.frames() };
  const cpu = process.cpuUsage();
  const thread = process.threadCpuUsage();
  const probe = new EventLoopProbe(systemClock);
  const startedAt = systemClock.elapsed();
  probe.start();
  await chatAtRate(order, crowd);
  const ms = systemClock.elapsed() - startedAt;
  probe.stop();
  const used = process.cpuUsage(cpu);
  const threadUsed = process.threadCpuUsage(thread);
  const received = crowd.received() - before.received;
  const report: SideReport = {
    kbPerUser: (held.rss - base.rss) / 1_000 / order.users,
    liveKbPerUser: (liveBytes(held) - liveBytes(base)) / 1_000 / order.users,
    received,
    receivedPerSecond: received / ms * 1_000,
    frames: crowd.frames() - before.frames,
    cpuUs: (used.user + used.system) / received,
    threadShare: (threadUsed.user + threadUsed.system) / 1_000 / ms,
    lateP99Ms: probe.lateness.percentile(99),
    findings: crowd.judge(),
  };
  print(JSON.stringify(report));
  Deno.exit(0);
}

/** Speaks on time for as long as asked, and waits until every copy has arrived. */
async function chatAtRate(order: SideOrder, crowd: Crowd): Promise<void> {
  const { perSecond, seconds, users, members } = order;
  const startedAt = systemClock.elapsed();
  const expected = crowd.received() + perSecond * seconds * members;
  const rooms = users / members;
  for (let sent = 0; sent < perSecond * seconds;) {
    const due = Math.min(
      perSecond * seconds,
      (systemClock.elapsed() - startedAt) * perSecond / 1e3,
    );
    for (; sent < due; sent++) {
      crowd.chat((sent % rooms) * members + Math.floor(sent / rooms) % members);
    }
    await pause(1);
  }
  while (crowd.received() < expected) await pause(2);
}

function verifyingCrowd({ url, users: count, members }: SideOrder): Crowd {
  const run = new RunRecord();
  const shared = {
    url,
    clock: systemClock,
    run,
    timeoutMs: 30_000,
    faults: undefined,
    isResumable: false,
  };
  const rooms = Array.from(
    { length: count / members },
    (_, n) => new SimulatedRoom(`room-${n}`, members),
  );
  const users = Array.from(
    { length: count },
    (_, n) =>
      new SimulatedUser(`user-${n}`, rooms[Math.floor(n / members)]!, {
        ...shared,
        trace: () => undefined,
      }),
  );
  return {
    join: () =>
      eachAtOnce(users, async (user) => {
        await user.connect();
        await user.join(1);
      }),
    chat: (index) => users[index]!.chat("Can everybody hear me?", 2),
    received: () => run.received,
    frames: () => 0,
    judge: () => {
      for (const room of rooms) verifyRoom(room.history, run);
      return run.findings.total;
    },
  };
}

function bareCrowd({ url, users: count, members }: SideOrder): Crowd {
  let received = 0;
  let frames = 0;
  const sockets: WebSocket[] = [];
  const users = Array.from({ length: count }, (_, n) => n);
  return {
    join: () =>
      eachAtOnce(users, (n) => {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false });
        sockets[n] = socket;
        socket.on("error", reject);
        socket.on("open", () => {
          const roomId = `room-${Math.floor(n / members)}`;
          socket.send(JSON.stringify({ type: "join", roomId, userId: `user-${n}` }));
          resolve();
        });
        socket.on("message", (data) => {
          frames++;
          received += countMessages(data as Uint8Array); // ws gives a Buffer unless told otherwise.
        });
        return promise;
      }),
    chat: (index) =>
      sockets[index]!.send(
        JSON.stringify({ type: "chat", text: `Can everybody hear me? ${index}` }),
      ),
    received: () => received,
    frames: () => frames,
    judge: () => 0,
  };
}

/** Messages of a frame: one, or as many as its array has objects that begin with their type. */
function countMessages(frame: Uint8Array): number {
  if (frame[0] !== 0x5b) return 1;
  let count = 0;
  const needle = '{"type":';
  for (let at = (frame as Buffer).indexOf(needle); at >= 0;) {
    count++;
    at = (frame as Buffer).indexOf(needle, at + needle.length);
  }
  return count;
}

async function eachAtOnce<T>(items: readonly T[], action: (item: T) => Promise<void>) {
  let next = 0;
  const runner = async () => {
    while (next < items.length) await action(items[next++]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
}

function liveBytes({ heapUsed, external }: Deno.MemoryUsage): number {
  return heapUsed + external;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}
