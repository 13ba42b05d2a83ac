/** The ladder of a live room in real browsers: each rung by itself, and the way down and up. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { LiveTab } from "../support/live_tab.ts";
import { freeUdpPort } from "../support/ports.ts";
import { waitUntil } from "../support/wait_until.ts";

const mediaPort = await freeUdpPort(1);
const tabs = BrowserTabs.share({
  flags: MEDIA_FLAGS,
  serverArgs: ["--media-port", `${mediaPort}`, "--log-level", "error"],
});

for (const rung of ["p2p", "sfu", "relay"] as const) {
  Deno.test(`[TO5, FR2] a viewer that is forced to ${rung} sees the broadcast there`, async () => {
    const roomId = `forced-${rung}`;
    await LiveTab.broadcast(tabs, roomId);

    const viewer = await LiveTab.watch(tabs, { roomId, userId: "bob", forced: rung });

    const ms = await viewer.isOn(rung);
    const { pathMs, packets, path, faults } = await viewer.report();
    console.log(rung, Math.round(ms), JSON.stringify(await viewer.report()));
    assert.equal(path, rung);
    assert.deepEqual(Object.keys(pathMs), [rung]);
    assert.ok(packets > 0, "no sound");
    assert.deepEqual(faults, []);
  });
}

Deno.test("[FR6] lips and voice are together within 80 ms over the socket", async () => {
  await LiveTab.broadcast(tabs, "lips");
  const viewer = await LiveTab.watch(tabs, { roomId: "lips", userId: "bob", forced: "relay" });
  await viewer.isOn("relay");
  await viewer.flashes();

  const seen: number[] = [];
  const heard: number[] = [];
  await waitUntil(async () => {
    const now = await viewer.flashes();
    seen.push(...now.seen);
    heard.push(...now.heard);
    return Math.min(seen.length, heard.length) >= 8 ? undefined : `${seen} seen, ${heard} heard`;
  });

  const apart = seen.map((at) => Math.min(...heard.map((beep) => Math.abs(beep - at)))).sort(
    (one, other) => one - other,
  );
  console.log(
    seen.map((at) => heard.map((beep) => beep - at).sort((a, b) => Math.abs(a) - Math.abs(b))[0]),
    await viewer.report(),
  );
  const median = apart[apart.length >> 1]!;
  assert.ok(median <= 80, `${apart.map(Math.round)} ms apart`);
});
