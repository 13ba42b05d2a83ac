/** Bad luck in a call: a device goes, the network goes for longer than the server waits. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { mediaFlags } from "../support/chromium.ts";
import { joinMeeting, meetPath, waitForPicture, waitForTiles } from "../support/meet_page.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";

const tabs = BrowserTabs.share({
  flags: mediaFlags({ cameras: 3, framesPerSecond: 10 }),
});

/**
 * Devices that come and go: hidden ones are in no list and cannot be opened. The second fake camera
 * films depth, which no call carries, and is never there.
 */
const PLUGS = `{
  const devices = navigator.mediaDevices;
  const [list, open] = [devices.enumerateDevices.bind(devices), devices.getUserMedia.bind(devices)];
  const gone = new Set(["fake_device_1"]), live = [];
  devices.enumerateDevices = async () => (await list()).filter(({ label }) => !gone.has(label));
  devices.getUserMedia = async (options) => {
    const there = (await devices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    if (options.video && there.length === 0) throw new DOMException("None", "NotFoundError");
    // Without a choice the browser opens a camera that is there.
    const deviceId = { exact: there[0]?.deviceId };
    const video = options.video && { ...options.video, deviceId: options.video.deviceId ?? deviceId };
    const stream = await open({ ...options, ...options.video ? { video } : {} });
    const track = stream.getTracks().find(({ label }) => gone.has(label));
    if (track !== undefined) {
      for (const one of stream.getTracks()) one.stop();
      throw new DOMException("It is not there", "NotFoundError");
    }
    live.push(...stream.getTracks());
    return stream;
  };
  globalThis.unplug = (label) => {
    gone.add(label);
    for (const track of live.filter((one) => one.label === label && one.readyState === "live")) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    devices.dispatchEvent(new Event("devicechange"));
  };
  globalThis.plugIn = (label) => {
    gone.delete(label);
    devices.dispatchEvent(new Event("devicechange"));
  };
}`;

async function withPlugs(page: Page): Promise<void> {
  await page.addInitScript(PLUGS);
}

Deno.test("a camera that is unplugged gives way to the next, and one that comes is offered", async () => {
  const prepare = withPlugs;
  const ann = await tabs.open(meetPath("unplug", "ann"));
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("unplug", "bob"), { prepare });
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");

  await bob.evaluate('unplug("fake_device_0")');
  await bob.getByText("fake_device_0 was unplugged. Now in use: fake_device_2").first().waitFor();
  await waitForPicture(ann, "person:bob");

  await bob.evaluate('plugIn("fake_device_0")');
  await bob.getByText("Camera plugged in: fake_device_0").first().waitFor();

  await bob.evaluate('unplug("fake_device_2")');
  await bob.getByText("fake_device_2 was unplugged. Now in use: fake_device_0").first().waitFor();
  await waitForPicture(ann, "person:bob");
});

Deno.test("the last camera that is unplugged leaves the initials, for everybody", async () => {
  const ann = await tabs.open(meetPath("last", "ann"));
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("last", "bob"), {
    prepare: withPlugs,
  });
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");

  await bob.evaluate('unplug("fake_device_0")');
  await bob.getByText("Now in use: fake_device_2").first().waitFor();
  await bob.evaluate('unplug("fake_device_2")');

  await bob.getByText("fake_device_2 was unplugged").first().waitFor();
  await ann.locator('[data-tile="person:bob"] video').waitFor({ state: "detached" });
  const camera = bob.getByRole("button", { name: "Camera", exact: true });
  assert.equal(await camera.getAttribute("aria-pressed"), "false");
});

Deno.test("[RE8] who was away for longer than its seat was kept is joined anew by itself", async () => {
  await using server = await ServerProcess.start({ args: ["--resume-grace-ms", "1000"] });
  const network = new TcpProxy(server.port);
  const expected = /WebSocket connection to .* failed|ERR_CONNECTION|ERR_EMPTY_RESPONSE/;
  const ann = await tabs.open(meetPath("away", "ann"), { expected, server: network });
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("away", "bob"), { server });
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");

  network.takeDown();
  await ann.locator("[data-connection]").first().waitFor();
  await waitForTiles(bob, "person:bob"); // The seat is gone, and with it everything of ann.
  network.bringUp();

  await ann.locator("[data-connection]").waitFor({ state: "detached" });
  await waitForTiles(bob, "person:ann", "person:bob");
  await waitForPicture(bob, "person:ann");
  await waitForPicture(ann, "person:bob");
  await network.close();
});
