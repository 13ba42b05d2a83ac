/**
 * `deno task bench:first-picture`: how long a viewer of a live room waits for the first picture, on each
 * rung of the ladder, from its join on (socket, room, negotiation, key frame), beside a bare pair of
 * RTCPeerConnections in one tab that have nothing to ask anybody. All in one run, taking turns,
 * because the machine is shared; a figure says something beside the others of its run.
 *
 * A real Chromium, a real server with its own TURN server, all on this machine.
 */
import { parseArgs } from "node:util";
import { MEDIA_PATHS, type MediaPath } from "../../src/protocol/mod.ts";
import { LiveTab } from "../support/live_tab.ts";
import { BenchTabs } from "./first_picture/bench_tabs.ts";
import { bareFirstPictureMs } from "./first_picture/bare_pair.ts";
import { print, say } from "./output.ts";
import { median } from "./statistics.ts";

/** What is measured: the rungs, the server's port where the room's media travel through it already. */
const WAYS = ["bare pair", ...MEDIA_PATHS, "sfu, under way"] as const;
type Way = typeof WAYS[number];

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "5" } },
  });
  await using tabs = await BenchTabs.start();
  const all = new Map<Way, number[]>(WAYS.map((way) => [way, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const way of WAYS) {
      const ms = await measure(tabs, way, `${round}-${WAYS.indexOf(way)}`);
      say(`${way}: ${Math.round(ms)} ms`);
      all.get(way)!.push(ms);
      await tabs.closeAll();
    }
  }
  print(table(all));
}

async function measure(tabs: BenchTabs, way: Way, roomId: string): Promise<number> {
  if (way === "bare pair") return await bareFirstPictureMs(await tabs.open("/", {}));
  const forced: MediaPath = way === "sfu, under way" ? "sfu" : way;
  await LiveTab.broadcast(tabs, roomId);
  if (way === "sfu, under way") {
    const other = await LiveTab.watch(tabs, { roomId, userId: "eve", forced });
    await other.isOn(forced);
  }
  const viewer = await LiveTab.watch(tabs, { roomId, userId: "bob", forced });
  await viewer.isOn(forced);
  const { firstPictureMs } = await viewer.report();
  if (firstPictureMs === undefined) throw new Error(`Nothing was shown on ${way}`);
  return firstPictureMs;
}

function table(all: ReadonlyMap<Way, readonly number[]>): string {
  const bare = median(all.get("bare pair")!);
  const rows = [...all].map(([way, ms]) => {
    const middle = median(ms);
    const [least, most] = [Math.min(...ms), Math.max(...ms)].map(Math.round);
    return `| ${way} | ${Math.round(middle)} | ${least}-${most} | ${(middle / bare).toFixed(2)} |`;
  });
  return [
    "| first picture by | median, ms | from-to | against the bare pair |",
    "| --- | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}
