/**
 * A viewer behind a firewall that lets no UDP through, in a network of its own: the way down the
 * ladder, and up again. Where the machine gives no network namespaces the test is skipped.
 */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { LiveTab } from "../support/live_tab.ts";
import { canSeparate, NetworkNamespace } from "../support/network_namespace.ts";
import { freePort, freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** From the moment at which nothing comes any more to a picture on the socket. */
const FALL_MS = 10_000;

/** Without a picture on the way up, on two cores that encode and decode for all. */
const GAP_MS = 1_000;

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

Deno.test({
  name: "[TO5, FR2] a viewer whose UDP is blocked is on the socket within 10 s, and climbs back",
  ignore: !canSeparate,
  fn: async () => {
    await using network = await NetworkNamespace.create();
    const { host } = network;
    const port = freePort();
    const server = await ServerProcess.start({
      port,
      args: [
        ...["--public-ip", host, "--media", "on", "--media-port", `${await freeUdpPort(1)}`],
        ...["--log-level", "error"],
      ],
      environment: { HOST: "0.0.0.0" },
    });
    try {
      const inside = await network.launch(`http://${host}:${port}`, MEDIA_FLAGS);
      const here = { address: `http://127.0.0.1:${port}` };
      const broadcaster = await LiveTab.broadcast(tabs, "wall", { server: here });

      await network.blockUdp();
      const late = await LiveTab.watch(inside, { roomId: "wall", userId: "cat" });
      const lateMs = await late.isOn("relay", 2);
      await late.leave();
      await network.unblockUdp();

      const viewer = await LiveTab.watch(inside, { roomId: "wall", userId: "bob" });
      await viewer.isOn("p2p");
      await network.blockUdp();
      const fallMs = await viewer.isOn("relay", 2);
      const down = await viewer.report();
      await viewer.forgetGaps();
      await network.unblockUdp();
      await viewer.isOn("sfu");
      const up = await viewer.report();
      await viewer.forgetGaps();
      // The direct way would be tried by itself after a minute.
      await viewer.networkChanged();
      await viewer.untilTopology("mesh");
      await viewer.isOn("p2p");
      const top = await viewer.report();

      assert.ok(lateMs < FALL_MS, `${lateMs} ms from the join`);
      assert.ok(fallMs < FALL_MS, `${fallMs} ms from the block`);
      assert.deepEqual([down.why, up.why, top.why], ["no-media-path", "stalled", undefined]);
      assert.deepEqual(Object.keys(top.pathMs).sort(), ["p2p", "relay", "sfu"]);
      for (const { rung, longestGapMs } of [up, top]) {
        assert.ok(
          longestGapMs < GAP_MS,
          `${longestGapMs} ms without a picture on the way to ${rung}`,
        );
      }
      assert.deepEqual(top.faults, []);
      for (const tab of [viewer, broadcaster]) await tab.leave();
    } finally {
      await server.stop();
    }
  },
});

Deno.test({
  name: "[FR6] a broadcaster whose uplink is narrow sends less over its socket, and is seen on",
  ignore: !canSeparate,
  fn: async () => {
    await using network = await NetworkNamespace.create();
    const { host } = network;
    const port = freePort();
    const server = await ServerProcess.start({
      port,
      args: ["--media", "off", "--log-level", "error"],
      environment: { HOST: "0.0.0.0" },
    });
    try {
      const inside = await network.launch(`http://${host}:${port}`, MEDIA_FLAGS);
      const here = { address: `http://127.0.0.1:${port}` };
      const broadcaster = await LiveTab.broadcast(inside, "uplink");
      const forced = "relay";
      const viewer = await LiveTab.watch(tabs, {
        ...{ roomId: "uplink", userId: "bob", forced, server: here },
      });
      await viewer.isOn(forced);
      const before = await viewer.report();

      await network.narrow(160);
      // The system below the browser takes a while's worth before anything waits.
      await waitUntil(async () => {
        const { height, kbpsDown } = await viewer.report();
        return height < before.height ? undefined : `${height} lines, ${kbpsDown} kbit/s`;
      });

      await viewer.isOn(forced, 10);
      for (const tab of [viewer, broadcaster]) await tab.leave();
    } finally {
      await server.stop();
    }
  },
});
