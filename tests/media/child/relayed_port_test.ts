/** The port for browsers behind relays over TCP, between two real sockets. */
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { IDLE_MS, RelayedPort } from "../../../src/media/child/relayed_port.ts";
import { MediaError } from "../../../src/media/port.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { bindUdpPort, freeUdpPort } from "../../support/ports.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { iceCheck, tieBreakerOf } from "./ice_checks.ts";

const OURS = { usernameFragment: "ours", password: "p".repeat(24) };
const CHECK = iceCheck({ username: "ours:theirs", password: OURS.password });
const MEDIA = new Uint8Array([0x80, 111, 0, 1, 2, 3]);

/** A socket of loopback, and what has come to it. */
class End {
  readonly heard: Uint8Array[] = [];
  /** Who sent the last. */
  from = 0;
  readonly #socket: Socket = createSocket("udp4");

  static async open(): Promise<End> {
    const end = new End();
    await new Promise<void>((resolve) => end.#socket.bind(0, "127.0.0.1", () => resolve()));
    end.#socket.on("message", (bytes, { port }) => {
      end.heard.push(new Uint8Array(bytes));
      end.from = port;
    });
    return end;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async send(bytes: Uint8Array, port: number): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#socket.send(bytes, port, "127.0.0.1", () => resolve())
    );
  }

  async untilHeard(count: number): Promise<void> {
    await waitUntil(() => this.heard.length >= count ? undefined : `${this.heard.length} came`);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

/** The addon's socket, a relayed port before it, and a browser. */
async function scene() {
  const clock = new FakeClock();
  const [addon, browser] = [await End.open(), await End.open()];
  const port = await freeUdpPort();
  const relayed = await RelayedPort.open({
    ...{ port, clock, addresses: ["127.0.0.1", "192.0.2.1"], bindAddress: "127.0.0.1" },
    target: addon.port,
  });
  return {
    ...{ clock, addon, browser, relayed, port },
    close: async () => {
      relayed.close();
      await Promise.all([addon.close(), browser.close()]);
    },
  };
}

Deno.test("RelayedPort mends checks, passes everything else, and brings back what is answered", async () => {
  const { addon, browser, relayed, port, close } = await scene();
  relayed.add(OURS);

  await browser.send(CHECK, port);
  await addon.untilHeard(1);
  assert.equal(tieBreakerOf(addon.heard[0]!), 1n);
  await browser.send(MEDIA, port);
  await addon.untilHeard(2);
  assert.deepEqual(addon.heard[1], MEDIA);
  await addon.send(new Uint8Array([9, 9]), addon.from);

  await browser.untilHeard(1);
  assert.deepEqual([browser.heard[0], browser.from], [new Uint8Array([9, 9]), port]);
  assert.equal(relayed.size, 1);
  await close();
});

Deno.test("RelayedPort has a socket for each browser, and none for a stranger", async () => {
  const { addon, browser, relayed, port, close } = await scene();
  const other = await End.open();

  relayed.add({ usernameFragment: "known", password: OURS.password });
  await other.send(CHECK, port);
  await other.send(MEDIA, port);
  await other.send(iceCheck({ username: "known:x", password: "q".repeat(24) }), port);
  // What came first is looked at first.
  await browser.send(iceCheck({ username: "known:x", password: OURS.password }), port);
  await addon.untilHeard(1);
  const first = addon.from;
  assert.equal(relayed.size, 1);
  relayed.add(OURS);
  await other.send(CHECK, port);
  await addon.untilHeard(2);

  assert.notEqual(addon.from, first);
  assert.deepEqual([addon.heard.length, relayed.size], [2, 2]);
  relayed.delete(OURS);
  await other.close();
  await close();
});

Deno.test("RelayedPort lets go of browsers that say nothing any more", async () => {
  const { addon, browser, relayed, port, clock, close } = await scene();
  relayed.add(OURS);
  await browser.send(CHECK, port);
  await addon.untilHeard(1);

  clock.advance(IDLE_MS);
  await browser.send(MEDIA, port);
  await addon.untilHeard(2);
  clock.advance(IDLE_MS);
  assert.equal(relayed.size, 1);
  clock.advance(10_000);

  assert.equal(relayed.size, 0);
  await close();
  assert.equal(clock.pending, 0);
});

Deno.test("RelayedPort is a candidate that is tried last", async () => {
  const { relayed, port, close } = await scene();

  assert.deepEqual(relayed.candidates.map(({ address, port }) => `${address} ${port}`), [
    `127.0.0.1 ${port}`,
    `192.0.2.1 ${port}`,
  ]);
  for (const { priority } of relayed.candidates) assert.ok(priority > 0 && priority < 2 ** 16);
  await close();
});

Deno.test("RelayedPort.open says that its port is taken", async () => {
  const port = await freeUdpPort();
  const giveBack = await bindUdpPort(port);

  await assert.rejects(
    RelayedPort.open({ port, target: 1, addresses: [], clock: new FakeClock() }),
    (error) => error instanceof MediaError && error.code === "unavailable",
  );
  await giveBack();
});
