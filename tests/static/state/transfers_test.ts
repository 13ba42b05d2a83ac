/** The list of files: offered, answered, run to their end, and bounded whatever comes. */
import assert from "node:assert/strict";
import type { UserId } from "../../../src/protocol/mod.ts";
import type { ByteSink } from "../../../static/call/byte_sink.ts";
import { MAX_FILE_BYTES } from "../../../static/call/file_transfer.ts";
import {
  MAX_OFFERS_PER_PARTICIPANT,
  MAX_TRANSFERS,
  type Transfer,
  Transfers,
  type TransfersOptions,
} from "../../../static/state/transfers.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { FakeChannel } from "../support/fake_channel.ts";
import { FakeSink } from "../support/fake_sink.ts";

const [ann, bob, cat] = ["ann", "bob", "cat"] as UserId[] as [UserId, UserId, UserId];
const FILE = new File(["hello"], "../hello.txt");

Deno.test("Transfers.send offers a file to everyone, and each gets it whole", async () => {
  const room = new Map([ann, bob, cat].map((userId) => [userId, setUp(userId)]));
  for (const [from, side] of room) {
    side.connect = (to, label) => {
      const [own, other] = FakeChannel.pair(label);
      room.get(to)!.transfers.take(from, other);
      return Promise.resolve(own);
    };
  }

  room.get(ann)!.transfers.send(FILE, [bob, cat]);
  for (const userId of [bob, cat]) {
    const { transfers } = room.get(userId)!;
    await shows(transfers, "offered");
    assert.equal(transfers.waitingOffers.value, 1);
    await transfers.accept(transfers.list.value[0]!.key);
    await shows(transfers, "done");
    assert.equal(transfers.waitingOffers.value, 0);
  }
  await shows(room.get(ann)!.transfers, "done", "done");

  for (const userId of [bob, cat]) {
    const { transfers, sinks, saved } = room.get(userId)!;
    transfers.save(transfers.list.value[0]!.key);
    assert.equal(await saved[0]!.file.text(), "hello");
    assert.deepEqual([saved[0]!.name, sinks[0]!.name], ["hello.txt", "hello.txt"]);
  }
  assert.deepEqual(room.get(ann)!.transfers.list.value.map(({ userId }) => userId), [cat, bob]);
});

Deno.test("Transfers.send refuses a file that is too large, and nobody hears of it", () => {
  const { transfers, opened } = setUp();
  const large = Object.defineProperty(new File([], "a"), "size", { value: MAX_FILE_BYTES + 1 });

  assert.equal(transfers.send(large, [bob]), "too-large");
  assert.deepEqual(opened, []);
  assert.deepEqual(transfers.list.value, []);
});

Deno.test("Transfers.send without a connection says so", async () => {
  const side = setUp();
  side.connect = () => Promise.reject(new Error("no connection"));

  side.transfers.send(FILE, [bob]);
  await shows(side.transfers, "failed");

  assert.deepEqual(side.transfers.list.value[0]!.state, {
    phase: "failed",
    fault: "no-connection",
  });
});

Deno.test("Transfers.cancel before the channel is open closes it when it comes", async () => {
  const side = setUp();
  const [own] = FakeChannel.pair();
  let open: (channel: FakeChannel) => void = () => {};
  side.connect = () => new Promise((resolve) => open = resolve);
  side.transfers.send(FILE, [bob]);

  side.transfers.cancel(1);
  open(own);
  await waitUntil(() => own.readyState === "closed" ? undefined : "the channel is open");

  assert.deepEqual(side.transfers.list.value[0]!.state, { phase: "cancelled", by: "self" });
});

Deno.test("Transfers.take leaves channels that are for no file", () => {
  const { transfers } = setUp();
  const [, own] = FakeChannel.pair("chat");

  assert.equal(transfers.take(bob, own), false);
  assert.equal(own.readyState, "open");
});

Deno.test("Transfers.take turns away more offers than one participant may have open", async () => {
  const { transfers } = setUp();
  const ends = offers(transfers, bob, MAX_OFFERS_PER_PARTICIPANT + 1);
  const [other] = offers(transfers, cat, 1);
  await shows(transfers, ...Array(MAX_OFFERS_PER_PARTICIPANT + 1).fill("offered"));

  await waitUntil(() => ends.at(-1)!.readyState === "closed" ? undefined : "it is open");

  assert.equal(other!.readyState, "open");
  assert.equal(ends.filter(({ readyState }) => readyState === "open").length, 10);
});

Deno.test("Transfers does not list a channel on which nothing is offered", async () => {
  const { transfers, clock, noticed } = setUp();
  const [, own] = FakeChannel.pair();

  transfers.take(bob, own);
  clock.advance(60_000);
  await Promise.resolve();

  assert.deepEqual(transfers.list.value, []);
  assert.deepEqual(noticed, []);
  assert.equal(clock.pending, 0);
});

Deno.test("Transfers.accept asks once, and lets an offer go that is gone meanwhile", async () => {
  const side = setUp();
  const [peer] = offers(side.transfers, bob, 1);
  await shows(side.transfers, "offered");
  let choose: (sink: ByteSink | undefined) => void = () => {};
  side.ask = () => new Promise((resolve) => choose = resolve);

  const accepted = side.transfers.accept(1);
  await side.transfers.accept(1);
  const isChoosing = side.transfers.list.value[0]!.isChoosing;
  peer!.say({ type: "cancel", reason: "cancelled" });
  await shows(side.transfers, "cancelled");
  const sink = new FakeSink();
  choose(sink);
  await accepted;

  assert.equal(isChoosing, true);
  assert.equal(side.asked, 1);
  assert.equal(sink.state, "aborted");
  assert.equal(side.transfers.list.value[0]!.isChoosing, false);
});

Deno.test("Transfers.accept keeps the offer when the person picks no place", async () => {
  const side = setUp();
  offers(side.transfers, bob, 1);
  await shows(side.transfers, "offered");
  side.ask = () => Promise.resolve(undefined);

  await side.transfers.accept(1);

  assert.equal(side.transfers.list.value[0]!.state.phase, "offered");
  side.transfers.decline(1);
  assert.equal(side.transfers.list.value[0]!.state.phase, "declined");
});

Deno.test("Transfers lists so many at most, and none twice that is dismissed", async () => {
  const { transfers } = setUp();
  for (let sent = 0; sent < MAX_TRANSFERS + 5; sent++) {
    transfers.send(FILE, [bob]);
    transfers.cancel(sent + 1);
  }
  const most = transfers.list.value.length;
  const oldest = transfers.list.value.at(-1)!.key;

  transfers.dismiss(oldest);
  transfers.dismiss(oldest);
  await Promise.resolve();

  assert.equal(most, MAX_TRANSFERS);
  assert.equal(oldest, 6);
  assert.equal(transfers.list.value.length, MAX_TRANSFERS - 1);
});

Deno.test("Transfers does nothing for a key that is none, nor out of turn", async () => {
  const { transfers, saved, asked } = setUp();
  transfers.send(FILE, [bob]);

  for (const key of [1, 99]) {
    await transfers.accept(key);
    transfers.decline(key);
    transfers.save(key);
    transfers.dismiss(key);
  }
  transfers.cancel(99);

  assert.equal(transfers.list.value.length, 1);
  assert.deepEqual([saved, asked], [[], 0]);
});

Deno.test("Transfers.close gives up everything and leaves no timer", async () => {
  const { transfers, clock, opened } = setUp();
  const [peer] = offers(transfers, bob, 1);
  await shows(transfers, "offered");

  transfers.close();
  transfers.close();
  transfers.send(FILE, [bob]);
  const [, late] = FakeChannel.pair();
  transfers.take(bob, late);

  assert.deepEqual(transfers.list.value.map(({ state }) => state.phase), ["cancelled"]);
  assert.deepEqual(opened, []);
  await waitUntil(() => peer!.readyState === "closed" ? undefined : "the channel is open");
  await waitUntil(() => late.readyState === "closed" ? undefined : "the late channel is open");
  assert.equal(clock.pending, 0);
});

function setUp(self: UserId = ann) {
  const clock = new FakeClock();
  const side = {
    clock,
    opened: [] as string[],
    asked: 0,
    sinks: [] as { name: string; sink: FakeSink }[],
    saved: [] as { name: string; file: Blob }[],
    noticed: [] as Transfer[],
    ask: undefined as TransfersOptions["openSink"] | undefined,
    connect: ((_to, label) => Promise.resolve(FakeChannel.pair(label)[0])) as TransfersOptions[
      "openChannel"
    ],
  };
  let lastId = 0;
  const transfers = new Transfers({
    clock,
    openChannel(to, label) {
      side.opened.push(label);
      return side.connect(to, label);
    },
    openSink(name) {
      side.asked++;
      if (side.ask !== undefined) return side.ask(name);
      const sink = new FakeSink();
      side.sinks.push({ name, sink });
      return Promise.resolve(sink);
    },
    save: (name, file) => side.saved.push({ name, file }),
    randomId: () => `${self}-${++lastId}`,
    offered: (transfer) => side.noticed.push(transfer),
  });
  return Object.assign(side, { transfers });
}

/** The other ends of channels on which `from` has offered a file each. */
function offers(transfers: Transfers, from: UserId, count: number): FakeChannel[] {
  return Array.from({ length: count }, (_, index) => {
    const [peer, own] = FakeChannel.pair(`file:${index}`);
    transfers.take(from, own);
    if (peer.readyState === "open") {
      peer.say({ type: "offer", name: `${index}.txt`, size: 5, mime: "" });
    }
    return peer;
  });
}

async function shows(transfers: Transfers, ...phases: string[]): Promise<void> {
  await waitUntil(() => {
    const shown = transfers.list.value.map(({ state }) => state.phase);
    return shown.join() === phases.join() ? undefined : `the list shows ${shown}`;
  });
}
