/** Frames over real sockets, on both listeners: five viewers, one of whom stops to read. */
import assert from "node:assert/strict";
import { RelayClient, RelaySender } from "../support/relay_client.ts";
import { residentMb } from "../support/resident_memory.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** With sound 1.7 MB a second: what the kernel holds for one who does not read is full soon. */
const BYTES_PER_PICTURE = 34_000;
/** How far above its start the memory may be: the heap of a server that has worked for a while. */
const MAX_GROWTH_MB = 40;
/** Pictures that are sent while one does not read; together they are 7 MB. */
const STALLED_PICTURES = 200;

/** One of the counters of the relay. */
async function counter(address: string, name: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const line = text.split("\n").find((line) => line.startsWith(`signalbox_relay_${name} `));
  return Number(line?.split(" ")[1]);
}

/** The pictures that came, by number; each next one is one more unless something is missing. */
function picturesOf({ frames }: RelayClient): { number: number; isKey: boolean }[] {
  return frames.filter(({ kind }) => kind === "vp8");
}

/** Where something is missing: the first picture after each gap. */
function gapsOf(client: RelayClient): { number: number; isKey: boolean }[] {
  const pictures = picturesOf(client);
  return pictures.filter(({ number }, n) => n > 0 && number !== pictures[n - 1]!.number + 1);
}

for (const listener of ["ws", "deno"]) {
  Deno.test(`[FR6] [FR7] server on ${listener} lets one who stops to read lose frames, and nobody else`, async () => {
    await using server = await ServerProcess.start({ args: ["--listener", listener] });
    const url = `ws://127.0.0.1:${server.port}/ws`;
    const join = (userId: string, fields: Record<string, unknown>) =>
      RelayClient.join(url, { roomId: "live", userId, ...fields });
    const ann = await join("ann", { role: "broadcaster", relay: true });
    const viewers: RelayClient[] = [];
    for (const user of ["bob", "cat", "dan", "eve", "fay"]) {
      const viewer = await join(user, { role: "viewer" });
      viewer.say({ type: "request-relay", roomId: "live" });
      await viewer.hear("relay-started");
      viewers.push(viewer);
    }
    await ann.hear("relay-wanted");
    const [slow, ...quick] = viewers;
    const sender = new RelaySender(ann, BYTES_PER_PICTURE);
    await waitUntil(() => slow!.frames.length > 20 ? undefined : `${slow!.frames.length} frames`);
    const startMb = await residentMb(server.address);

    slow!.read(false);
    await waitUntil(async () =>
      await counter(server.address, 'dropped_total{why="reader"}') > 0 ? undefined : "no drop"
    );
    const [sentAt, outAt] = [
      sender.count,
      await counter(server.address, 'frames_total{direction="out"}'),
    ];
    await waitUntil(() =>
      sender.count > sentAt + STALLED_PICTURES ? undefined : `${sender.count} pictures`
    );
    const out = await counter(server.address, 'frames_total{direction="out"}') - outAt;
    const sent = sender.count - sentAt;
    const growthMb = await residentMb(server.address) - startMb;
    slow!.read(true);
    await waitUntil(() => gapsOf(slow!).length > 0 ? undefined : "the slow one is not back");
    const resumedAt = picturesOf(slow!).length;
    await waitUntil(() =>
      picturesOf(slow!).length > resumedAt + 50 ? undefined : "the slow one does not go on"
    );
    sender.stop();
    const last = sender.count;
    for (const viewer of viewers) {
      await waitUntil(() => {
        const number = picturesOf(viewer).at(-1)?.number;
        return number === last ? undefined : `picture ${number} of ${last}`;
      });
    }

    for (const viewer of quick) {
      const pictures = picturesOf(viewer);
      assert.deepEqual([pictures[0]?.number, pictures.length], [1, last]);
      assert.equal(viewer.frames.filter(({ kind }) => kind === "opus").length, last);
    }
    for (const viewer of viewers) {
      assert.ok(viewer.frames.every(({ isWhole, sourceId }) => isWhole && sourceId === 1));
    }
    const gaps = gapsOf(slow!);
    assert.deepEqual(gaps.map(({ isKey }) => isKey), [true], `${gaps.map((one) => one.number)}`);
    assert.ok(gaps[0]!.number > sentAt + STALLED_PICTURES);
    // A picture and a packet of sound for each of the four who read, and for nobody else; some were
    // on their way at either end.
    const perPicture = out / sent;
    assert.ok(perPicture > 7.8 && perPicture < 8.2, `${out} frames for ${sent} pictures`);
    assert.ok(growthMb < MAX_GROWTH_MB, `${growthMb} MB more`);
    assert.equal(slow!.closeCode, undefined);
    for (const client of [ann, ...viewers]) await client.close();
  });
}
