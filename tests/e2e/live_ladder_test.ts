/**
 * The rungs of a live room's ladder in real browsers, each by itself: what is shown there, whether
 * sound stays with the picture, and that nobody who is slow disturbs the others.
 */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { Coturn } from "../support/coturn.ts";
import type { FlashReport } from "../support/live_report.ts";
import { LiveTab } from "../support/live_tab.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** Lips and voice that are further apart are seen to be. */
const APART_MS = 80;
/** Flashes that are compared with their beeps. */
const FLASHES = 8;
/** So many times at most. */
const WINDOWS = 4;

const mediaPort = await freeUdpPort(1);
const tabs = BrowserTabs.share({
  flags: MEDIA_FLAGS,
  serverArgs: ["--media-port", `${mediaPort}`, "--log-level", "error"],
});

for (const rung of ["p2p", "sfu", "relay"] as const) {
  Deno.test(`[TO5, FR2, SS1] a viewer that is forced to ${rung} sees and hears the broadcast there`, async () => {
    const roomId = `forced-${rung}`;
    await LiveTab.broadcast(tabs, roomId);

    const viewer = await LiveTab.watch(tabs, { roomId, userId: "bob", forced: rung });
    await viewer.isOn(rung);

    await assertOn(rung, viewer);
  });
}

Deno.test("a viewer that is forced to turn sees and hears the broadcast through coturn", async () => {
  await using coturn = await Coturn.start();
  const { username, credential } = coturn;
  const relay = { urls: [`turn:127.0.0.1:${coturn.port}?transport=udp`], username, credential };
  const server = await ServerProcess.start({
    args: ["--ice-servers", JSON.stringify([relay]), "--log-level", "error"],
  });
  try {
    const roomId = "forced-turn";
    const broadcaster = await LiveTab.broadcast(tabs, roomId, { server });

    const viewer = await LiveTab.watch(tabs, { roomId, userId: "bob", forced: "turn", server });
    await viewer.isOn("turn");

    await assertOn("turn", viewer);
    for (const tab of [viewer, broadcaster]) await tab.leave();
  } finally {
    await server.stop();
  }
});

Deno.test("[FR6] lips and voice are together over the socket", async () => {
  await LiveTab.broadcast(tabs, "lips");
  const viewer = await LiveTab.watch(tabs, { roomId: "lips", userId: "bob", forced: "relay" });
  await viewer.isOn("relay", 60);
  await viewer.flashes();

  await assertTogether(viewer);
});

Deno.test("[FR6] a broadcaster who is muted is not heard over the socket either", async () => {
  const broadcaster = await LiveTab.broadcast(tabs, "muted");
  const viewer = await LiveTab.watch(tabs, { roomId: "muted", userId: "bob", forced: "relay" });
  await viewer.isOn("relay", 40);
  const before = await viewer.flashes();

  await broadcaster.mute(true);
  await flashesOf(viewer, 2); // What is under way is heard.
  const muted = await flashesOf(viewer, 3);
  await broadcaster.mute(false);
  await flashesOf(viewer, 2);
  const after = await flashesOf(viewer, 3);

  assert.ok(before.heard.length > 0 && after.heard.length > 0);
  assert.deepEqual(muted.heard, []);
});

Deno.test("[FR7] a viewer whose socket is slow disturbs no other, and goes on when it is quick", async () => {
  const roomId = "slow";
  const broadcaster = await LiveTab.broadcast(tabs, roomId);
  const quick = await LiveTab.watch(tabs, { roomId, userId: "bob", forced: "relay" });
  const slow = await LiveTab.watch(tabs, { roomId, userId: "cat", forced: "relay" });
  await quick.isOn("relay");
  await slow.isOn("relay");

  await slow.throttle(60);
  const from = await framesOf(quick, slow);
  // What the socket holds unread (FR7) takes its time to be used up.
  await waitUntil(async () => {
    const [quickFrames, slowFrames] = await framesOf(quick, slow);
    const [came, slowly] = [quickFrames! - from[0]!, slowFrames! - from[1]!];
    return came > 200 && slowly < came / 2 ? undefined : `${came} pictures, and ${slowly} slowly`;
  });
  const { relayed, bufferedBytes } = await broadcaster.report();
  await slow.throttle(undefined);

  assert.equal(relayed?.viewers, 2);
  assert.ok(bufferedBytes < 256 * 1024, `${bufferedBytes} bytes wait at the broadcaster`);
  await slow.isOn("relay");
  await quick.isOn("relay");
});

Deno.test("[TO5] a viewer that nothing forces is on the best rung, and says so", async () => {
  await LiveTab.broadcast(tabs, "best");

  const viewer = await LiveTab.watch(tabs, { roomId: "best", userId: "bob" });
  await viewer.isOn("p2p");

  assert.equal((await viewer.report()).why, undefined);
});

async function assertOn(rung: string, viewer: LiveTab): Promise<void> {
  const { pathMs, packets, path, why, faults } = await viewer.report();
  assert.deepEqual([path, why, faults], [rung, "forced", []]);
  assert.ok((pathMs as Record<string, number>)[rung]! > 0, JSON.stringify(pathMs));
  await waitUntil(async () => {
    const now = await viewer.report();
    if (now.packets <= packets) return `${now.packets} packets of sound, ${packets} before`;
    const { paths } = now.summary as { paths?: Record<string, number> } ?? {};
    return paths?.[rung] === undefined
      ? `the room hears ${JSON.stringify(now.summary)}`
      : undefined;
  });
}

/** Whoever encodes and decodes for all on a busy machine is late now and then, and not for long. */
async function assertTogether(viewer: LiveTab): Promise<void> {
  const windows: number[][] = [];
  while (windows.length < WINDOWS) {
    const { seen, heard } = await flashesOf(viewer, FLASHES);
    const apart = apartMs(seen.slice(0, FLASHES - 1), heard);
    if (apart[FLASHES >> 1]! <= APART_MS) return;
    windows.push(apart.map(Math.round));
  }
  assert.fail(`${windows.join("; ")} ms apart`);
}

/** How far each flash is from its beep, the nearest pair first. */
function apartMs(seen: readonly number[], heard: readonly number[]): number[] {
  return seen.map((at) => Math.min(...heard.map((beep) => Math.abs(beep - at))))
    .sort((one, other) => one - other);
}

/** Waits for so many flashes, and what was heard meanwhile. */
async function flashesOf(viewer: LiveTab, count: number): Promise<FlashReport> {
  const seen: number[] = [];
  const heard: number[] = [];
  await waitUntil(async () => {
    const now = await viewer.flashes();
    seen.push(...now.seen);
    heard.push(...now.heard);
    return seen.length >= count ? undefined : `${seen.length} flashes`;
  });
  return { seen, heard };
}

function framesOf(...viewers: readonly LiveTab[]): Promise<number[]> {
  return Promise.all(viewers.map(async (viewer) => (await viewer.report()).frames));
}
