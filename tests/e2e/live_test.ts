/** Live rooms in real browsers: one shows, many look, and nobody has to do anything about it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { makeCameraSmall } from "../support/call_probe.ts";
import { mediaFlags } from "../support/chromium.ts";
import {
  codeOf,
  forgetPauses,
  goLive,
  longestPause,
  waitForMotion,
  waitForPaths,
  watch,
} from "../support/live_page.ts";
import { runningIn, watchDevices } from "../support/meet_page.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A pause that is shorter than this is seen as a stumble; ten pictures a second come. */
const NO_GAP_MS = 1_000;
/** Six tabs share one machine. */
const SMALL = { viewport: { width: 640, height: 400 }, prepare: makeCameraSmall };
const FIVE = ["v1", "v2", "v3", "v4", "v5"];

const tabs = BrowserTabs.share({
  hasServer: false,
  flags: [
    ...mediaFlags({ cameras: 2, framesPerSecond: 10 }),
    "--auto-select-desktop-capture-source=Entire screen",
  ],
});

Deno.test("[JO6, TO5] five watch one; the fifth moves them to the server without a gap", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL });
  const viewers: Page[] = [];
  const look = { server, viewport: { width: 400, height: 300 } };
  for (const name of FIVE.slice(0, 4)) viewers.push(await watch(tabs, code, { name, ...look }));
  for (const viewer of viewers) await waitForMotion(viewer);
  // A machine that is too slow for four encoders has moved already (TO2).
  await waitForPaths(page, FIVE.slice(0, 4), "p2p", "sfu");
  for (const viewer of viewers) await forgetPauses(viewer);
  for (const viewer of viewers) await waitForMotion(viewer, 20);
  const usual = Math.max(...await Promise.all(viewers.map(longestPause)));
  for (const tab of [page, ...viewers]) await forgetPauses(tab);

  const fifth = await watch(tabs, code, { name: "v5", ...look });
  await waitForMotion(fifth);
  await waitForPaths(page, FIVE, "sfu");
  for (const viewer of [...viewers, fifth]) await waitForMotion(viewer, 20);

  // What the camera itself was held up, and what was held up before, is the machine's doing.
  const machine = Math.max(usual, await longestPause(page));
  const pauses = await Promise.all(viewers.map(longestPause));
  assert.ok(Math.max(...pauses) < machine + NO_GAP_MS, `pauses of ${pauses} ms, not ${machine} ms`);
  await page.locator('[data-viewer-count="5"]').waitFor();
  await fifth.locator("#tab-statistics").click();
  await fifth.locator('[data-step="sfu"][aria-current="step"]').waitFor();
  await page.locator("#tab-statistics").click();
  const statistics = page.locator('[data-statistics="broadcast"]');
  await statistics.getByText("once, to the server").waitFor();
  await statistics.getByText(/^[1-9]\d* kbit\/s$/).first().waitFor();
  await statistics.getByText(/^\d+×\d+ · \d+\/s$/).first().waitFor();
});

Deno.test("[RE3, RE4] a broadcaster whose socket is lost goes on, and viewers see it all the while", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, {
    ...{ server, viewport: SMALL.viewport },
    async prepare(page) {
      await makeCameraSmall(page);
      await page.addInitScript(KEEP_SOCKETS);
    },
  });
  const bob = await watch(tabs, code, { name: "bob", server });
  await waitForMotion(bob);
  await forgetPauses(bob);

  await page.evaluate("sockets.at(-1).close(4000)");
  await page.locator("[data-connection]").waitFor();
  await page.locator("[data-connection]").waitFor({ state: "detached" });
  await waitForMotion(bob, 10);

  const pause = await longestPause(bob);
  assert.ok(pause < NO_GAP_MS, `a pause of ${pause} ms`);
  await say(bob, "still here");
  await page.locator("#tab-chat").click();
  await page.getByRole("log").getByText("still here").waitFor();
});

Deno.test("[PC2] a broadcast with a passcode asks for it", async () => {
  await using server = await startServer();
  const made = await fetch(`${server.address}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: "live", passcode: "sesame" }),
  });
  const { roomId, hostKey }: { roomId: string; hostKey: string } = await made.json();
  const remembered = JSON.stringify({ roomId, userId: "ann", source: "camera" });
  const page = await tabs.open("/live", {
    ...{ server, viewport: SMALL.viewport },
    async prepare(page) {
      await makeCameraSmall(page);
      await page.addInitScript(`
        sessionStorage.setItem("signalbox.broadcast", '${remembered}');
        sessionStorage.setItem("signalbox.hostKey.${roomId}", "${hostKey}");
      `);
    },
  });
  assert.equal(await codeOf(page), roomId);

  const bob = await watch(tabs, roomId, { name: "bob", server });
  await bob.getByLabel("Passcode").fill("simsalabim");
  await bob.getByLabel("Passcode").press("Enter");
  await bob.getByText("This passcode is wrong").waitFor();
  await bob.getByLabel("Passcode").fill("sesame");
  await bob.getByLabel("Passcode").press("Enter");

  await waitForMotion(bob);
});

Deno.test("[CR5, HO2] a reload of the broadcaster keeps the code, and viewers see again", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL });
  const bob = await watch(tabs, code, { name: "bob", server });
  await waitForMotion(bob);

  await page.reload();
  assert.equal(await codeOf(page), code);
  await bob.locator('[data-show="on"]').waitFor();
  await waitForMotion(bob, 10);
  await page.locator("#tab-viewers").click();
  await page.locator('[data-viewer="bob"]').waitFor();
  await page.getByLabel("Let nobody else in").click(); // A host's right: it came back with the key.
  await page.getByRole("checkbox", { name: "Let nobody else in", checked: true }).waitFor();

  const eve = await watch(tabs, code, { name: "eve", server });
  await eve.locator('[data-refusal="room-locked"]').waitFor();
});

Deno.test("[CR3] a broadcaster who reloads alone comes back under the same code", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL });

  await page.reload();
  assert.equal(await codeOf(page), code);
  await page.reload();
  assert.equal(await codeOf(page), code);
  const bob = await watch(tabs, code, { name: "bob", server });

  await waitForMotion(bob);
});

Deno.test("[CR7] a tab without the key cannot take the place of a broadcaster who is away", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL });
  const bob = await watch(tabs, code, { name: "bob", server });
  await waitForMotion(bob);
  await page.goto(`${server.address}/`);

  const remembered = JSON.stringify({ roomId: code, userId: "eve", source: "camera" });
  const eve = await tabs.open("/live", {
    ...{ server, viewport: SMALL.viewport },
    async prepare(page) {
      await makeCameraSmall(page);
      await page.addInitScript(`sessionStorage.setItem("signalbox.broadcast", '${remembered}')`);
    },
  });
  const refusal = eve.locator('[data-refusal="not-allowed"]');
  await refusal.getByText("Only the tab that got this code").waitFor();
  await page.goBack();
  assert.equal(await codeOf(page), code);

  await waitForMotion(bob, 10);
});

Deno.test("the picture changes its size and its source without a restart", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, prepare: watchDevices });
  const bob = await watch(tabs, code, { name: "bob", server });
  await waitForMotion(bob);

  await page.locator("#live-settings").click();
  for (const [height, captured] of [[1080, "1920x1080"], [480, "864x480"], [720, "1280x720"]]) {
    await page.locator(`label[for="quality-on-air-${height}"]`).click();
    const [width] = `${captured}`.split("x");
    await waitUntil(async () => {
      const shown = await page.locator("[data-captured]").getAttribute("data-captured");
      // A camera need not have the width that fits; the height is what was chosen.
      return shown?.endsWith(`x${height}`) ? undefined : `${shown}, not ${width}x${height}`;
    });
  }
  await page.keyboard.press("Escape");
  await waitForMotion(bob);

  await page.locator("#live-screen").click();
  await bob.locator('[data-source="screen"]').waitFor();
  await waitForMotion(bob, 2);
  // Microphone, screen and its sound: the camera is dark.
  assert.equal((await runningIn(page)).tracks, 3);
  await page.locator("#live-camera").click();
  await bob.locator('[data-source="camera"]').waitFor();
  await waitForMotion(bob);

  assert.equal((await runningIn(page)).tracks, 2);
  assert.equal(await codeOf(page), code);
});

Deno.test("[CH1, KI1, MU1] chat, reactions, a mute and a removal", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL });
  const bob = await watch(tabs, code, { name: "bob", server });
  const eve = await watch(tabs, code, { name: "eve", server });
  await eve.getByLabel("Chat message").waitFor();
  await say(bob, "hello from bob");
  await page.locator("#tab-chat").click();
  await page.getByRole("log").getByText("hello from bob").waitFor();
  await eve.getByRole("log").getByText("hello from bob").waitFor();

  await bob.locator("#call-react").click();
  await bob.locator("#reaction-1").click();
  await page.locator('[data-reaction="👏"]').waitFor();
  await page.locator("#tab-viewers").click();
  await page.getByRole("button", { name: "Actions for bob" }).click();
  await page.getByRole("button", { name: "Mute bob" }).click();
  await bob.getByText("The broadcaster has muted you").first().waitFor();
  assert.equal(await bob.getByLabel("Chat message").isVisible(), false);
  await page.getByRole("button", { name: "Let bob write again" }).click();
  await say(bob, "back again");
  await eve.getByRole("log").getByText("back again").waitFor();

  await page.getByRole("button", { name: "Remove bob" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await bob.getByRole("heading", { name: "The broadcaster removed you" }).waitFor();
  await page.locator('[data-viewer-count="1"]').waitFor();
  await waitForMotion(eve);
});

Deno.test("[EN1] the end is an end for all, and gives the code up", async () => {
  await using server = await startServer();
  const { page, code } = await goLive(tabs, { server, ...SMALL, prepare: watchDevices });
  const bob = await watch(tabs, code, { name: "bob", server });
  await waitForMotion(bob);

  await page.locator("#live-end").click();
  await page.getByRole("dialog").getByRole("button", { name: "End it now" }).click();
  await bob.getByRole("heading", { name: "The broadcast has ended" }).waitFor();
  await page.getByRole("heading", { name: "You have ended the broadcast" }).waitFor();
  assert.deepEqual(await runningIn(page), { tracks: 0, connections: 0 });
  await bob.reload();
  await bob.locator('[data-refusal="room-not-found"]').waitFor();
  await page.reload();

  await page.getByRole("heading", { name: "Go live, or watch" }).waitFor();
});

Deno.test("[TH1, TH2] a wrong code is said, and too many are throttled with the wait", async () => {
  await using server = await startServer();
  const page = await tabs.open("/live", { server });
  for (let guess = 0; guess < 10; guess++) {
    await page.locator("#live-code").fill(`00000${guess}`);
    await page.waitForURL(`**/live/00000${guess}`);
    await page.locator('[data-refusal="room-not-found"]').waitFor();
  }
  await page.getByText("No broadcast has this code").first().waitFor();

  await page.locator("#live-code").fill("123 456");
  await page.getByRole("heading", { name: "Too many codes were tried" }).waitFor();

  const left = Number(await page.locator("[data-wait]").getAttribute("data-wait"));
  assert.ok(left > 0 && left <= 10, `${left} s`);
});

Deno.test("sound that the browser holds back is one tap away", async () => {
  await using server = await startServer();
  const { code } = await goLive(tabs, { server, ...SMALL });
  const bob = await watch(tabs, code, {
    ...{ name: "bob", server },
    async prepare(page) {
      await page.addInitScript(HOLD_SOUND_BACK);
    },
  });
  await bob.getByRole("button", { name: "Tap for sound" }).waitFor();
  await waitForMotion(bob);

  await bob.getByRole("button", { name: "Tap for sound" }).click();
  await bob.getByRole("button", { name: "Sound", exact: true, pressed: true }).waitFor();

  assert.equal(await bob.evaluate(`document.querySelector("#player video").muted`), false);
  assert.equal(await bob.locator("#tap-for-sound").count(), 0);
});

for (const path of ["p2p", "sfu", "relay"]) {
  Deno.test(`?path=${path} is shown as the step that bears, and told to the broadcaster`, async () => {
    await using server = await startServer();
    const { page, code } = await goLive(tabs, { server, ...SMALL });

    const bob = await watch(tabs, code, { name: "bob", server, path });
    await waitForMotion(bob);
    await bob.locator("#tab-statistics").click();

    await bob.locator(`[data-step="${path}"][aria-current="step"]`).waitFor();
    await bob.getByText("This link demands it.").waitFor();
    const [red, green, blue] = await groundOf(bob, "#player video");
    const [, camera] = await groundOf(page, "main video");
    assert.ok(red < 40 && blue < 40, `${red}, ${green}, ${blue}`);
    assert.ok(Math.abs(green - camera) < 25, `${green} of ${camera}`);
    await waitForPaths(page, ["bob"], path);
  });
}

/** Keeps the sockets of a tab, so that a test can lose them. */
const KEEP_SOCKETS = `{
  globalThis.sockets = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      sockets.push(this);
    }
  };
}`;

/** What a browser does that plays nothing loud before a click (HTML, autoplay policies). */
const HOLD_SOUND_BACK = `{
  let isTouched = false;
  addEventListener("pointerdown", () => isTouched = true, true);
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (isTouched || this.muted) return play.call(this);
    return Promise.reject(new DOMException("play() can only be initiated by a user gesture", "NotAllowedError"));
  };
}`;

/** The colour behind what the fake camera shows: a green of its own, on whatever way it comes. */
async function groundOf(page: Page, video: string): Promise<[number, number, number]> {
  return await page.evaluate(
    `((video) => {
      const { videoWidth: width, videoHeight: height } = video;
      const pen = new OffscreenCanvas(width, height).getContext("2d");
      pen.drawImage(video, 0, 0);
      return [...pen.getImageData(Math.floor(width / 4), Math.floor(height / 2), 1, 1).data];
    })(document.querySelector("${video}"))`,
  );
}

async function startServer(): Promise<ServerProcess> {
  const port = await freeUdpPort(1);
  return await ServerProcess.start({ args: ["--log-level", "error", "--media-port", `${port}`] });
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Chat message").fill(text);
  await page.getByLabel("Chat message").press("Enter");
}
