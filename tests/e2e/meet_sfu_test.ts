/** Calls on the meeting page whose media go through the server, or come to do so. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import {
  forgetPictures,
  makeCameraSmall,
  mediaWays,
  pictureGaps,
  watchCall,
} from "../support/call_probe.ts";
import { mediaFlags } from "../support/chromium.ts";
import {
  joinMeeting,
  meetPath,
  waitForPicture,
  waitForSound,
  waitForTiles,
} from "../support/meet_page.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

/** Ten pictures a second: five of them are half a second. */
const HALF_A_SECOND = 5;
const THREE_SECONDS = 30;
/** Lets each tab show a small stage: four of them share one machine. */
const VIEWPORT = { width: 640, height: 400 };

/** Streams whose packets are counted: ours, and bob's. */
const COUNTED = ["room:", "bob"].flatMap((section) =>
  ["camera", "microphone"].map((slot) =>
    `[data-statistics="${section}"] [data-counted="${slot}"] [data-count="packets"] td`
  )
);
const PHONE = { width: 360, height: 740 };

/** A room of four, each of whom sends to all others for a moment. */
const MOVING = "moving";

const tabs = BrowserTabs.share({
  hasServer: false,
  flags: [
    ...mediaFlags({ cameras: 3, framesPerSecond: 10 }),
    "--auto-select-desktop-capture-source=Entire screen",
  ],
});

Deno.test("[TO1, PB1, SB1] two people see and hear each other through the server", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "pair", "ann", "bob");

  await ann.locator('[data-tile="person:bob"] [data-quality="good"]').waitFor();
  await ann.locator('[data-tile="person:bob"][data-speaking]').waitFor();
  await ann.getByRole("button", { name: "Connection quality" }).click();
  const room = ann.locator('[data-statistics="room:"]');
  await room.getByText("through the server").waitFor();
  await room.getByText(/\d+×\d+/).first().waitFor();
  await room.locator("[data-sizes]").waitFor();
  await ann.locator('[data-statistics="bob"]').getByText("media server", { exact: true }).waitFor();

  await bob.keyboard.press("m");
  await ann.locator('[data-tile="person:bob"]').getByRole("img", { name: "Microphone off" })
    .waitFor();
});

Deno.test("[MS1] what the server counts stands beside what the browser does, and grows", async () => {
  await using server = await startServer("sfu");
  const [ann] = await meet(server, "counted", "ann", "bob");
  await ann.setViewportSize(PHONE);

  await ann.getByRole("button", { name: "Connection quality" }).click();
  const before = new Map<string, number[]>();
  for (const place of COUNTED) before.set(place, await untilCounted(ann, place, [1, 1]));
  for (const place of COUNTED) {
    await untilCounted(ann, place, before.get(place)!.map((count) => count + 1));
  }
  const room = ann.locator('[data-statistics="room:"]');
  await room.getByText("Way down, by the server").waitFor();

  assert.deepEqual(await overflowIn(ann, "#side-panel"), []);
  await ann.getByRole("button", { name: "Close" }).click();
  await ann.locator("[data-counted]").first().waitFor({ state: "detached" });
});

Deno.test("[PB3] a camera goes off, comes back and changes in a call through the server", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "camera", "ann", "bob");

  await bob.keyboard.press("v");
  await ann.locator('[data-tile="person:bob"] video').waitFor({ state: "detached" });
  await bob.keyboard.press("v");
  await waitForPicture(ann, "person:bob");

  await bob.getByRole("button", { name: "Camera, microphone and speaker" }).click();
  const choice = bob.getByRole("dialog").getByLabel("Camera", { exact: true });
  await choice.selectOption({ label: "fake_device_2" });
  await bob.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await waitForPicture(ann, "person:bob");
});

Deno.test("[PB3, SB2] a share through the server is seen by who is there and who comes later", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "share", "ann", "bob");

  await bob.getByRole("button", { name: "Share screen" }).click();
  await waitForPicture(ann, "screen:bob");
  const eve = await open(server, "share", "eve");
  await waitForPicture(eve, "screen:bob");
  await waitForPicture(eve, "person:ann");
  await bob.getByRole("button", { name: "Share screen" }).click();

  for (const page of [ann, eve]) await waitForTiles(page, "person:ann", "person:bob", "person:eve");
  await waitForPicture(ann, "person:eve");
});

Deno.test("[SB3, PB6] a picture is sent no taller than it is seen", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "small", "ann", "bob");
  await bob.setViewportSize({ width: 400, height: 240 });

  await ann.getByRole("button", { name: "Connection quality" }).click();
  const room = ann.locator('[data-statistics="room:"]');

  await room.getByText("up to 180 lines").waitFor();
  await room.locator("[data-sizes]").getByText(/180 · .*off/).waitFor();
  await bob.setViewportSize({ width: 1600, height: 1400 });
  await room.getByText(/up to 1080 lines|as tall as it comes/).waitFor();
});

Deno.test("[DC2, DC3] a file goes through the server to the one who accepts it", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "files", "ann", "bob");
  // The browser's own dialogs are out of a test's reach: without them files become downloads.
  await ann.evaluate("delete globalThis.showSaveFilePicker");
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));

  await bob.getByRole("button", { name: "Files" }).click();
  await bob.locator("#side-panel input[type=file]").setInputFiles({
    ...{ name: "notes.bin", mimeType: "application/octet-stream", buffer: bytes },
  });
  await ann.getByText("bob offers a file: notes.bin").first().waitFor();
  await ann.getByRole("button", { name: "Files" }).click();
  await ann.getByRole("button", { name: "Accept notes.bin" }).click();
  const save = ann.getByRole("button", { name: "Save notes.bin" });
  await save.waitFor();
  const coming = ann.waitForEvent("download");
  await save.click();

  const path = await (await coming).path();
  assert.deepEqual(await Deno.readFile(path), new Uint8Array(bytes));
});

Deno.test("[TO2, TO3, TO4] a call goes from mesh to the server and back, and no picture stops", async () => {
  await using server = await startServer("auto");
  const staying = await meet(server, MOVING, "ann", "bob", "eve");
  for (const page of staying) await waitForWay(page, "mesh");
  for (const page of staying) await forgetPictures(page);

  const zoe = await open(server, MOVING, "zoe");
  for (const page of [...staying, zoe]) await waitForWay(page, "sfu");
  for (const page of staying) await waitForPicture(page, "person:zoe");
  for (const name of ["ann", "bob", "eve"]) await waitForPicture(zoe, `person:${name}`);
  await assertSmooth(staying, "on the way to the server");

  await zoe.getByRole("button", { name: "Leave" }).click();
  for (const page of staying) await waitForTiles(page, "person:ann", "person:bob", "person:eve");
  for (const page of staying) await forgetPictures(page);
  for (const page of staying) await waitForWay(page, "mesh");
  await assertSmooth(staying, "on the way back");
  const [ann] = staying;
  for (const name of ["bob", "eve"]) {
    await waitForPicture(ann, `person:${name}`);
    await waitForSound(ann, `microphone:${name}`);
    assert.equal(await ann.locator(`[data-sound="microphone:${name}"]`).count(), 1);
  }
});

Deno.test("[SB5] pictures come back in a moment when the media process dies", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "killed", "ann", "bob");
  const [carrying] = await processesOf(server);
  for (const page of [ann, bob]) await forgetPictures(page);

  Deno.kill(carrying, "SIGKILL");
  await waitUntil(async () => {
    const gaps = await pictureGaps(ann);
    return gaps["person:bob"]! >= HALF_A_SECOND ? undefined : JSON.stringify(gaps);
  });
  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:ann");

  const gaps = [...Object.values(await pictureGaps(ann)), ...Object.values(await pictureGaps(bob))];
  assert.ok(Math.max(...gaps) <= THREE_SECONDS, `${gaps} pictures of the own camera`);
});

Deno.test("[SB5] pictures come back when no media process is left", async () => {
  await using server = await startServer("sfu");
  const [ann, bob] = await meet(server, "both-killed", "ann", "bob");
  const pids = await processesOf(server);
  for (const page of [ann, bob]) await forgetPictures(page);

  for (const pid of pids) Deno.kill(pid, "SIGKILL");
  await waitUntil(async () => {
    const gaps = await pictureGaps(ann);
    return gaps["person:bob"]! >= HALF_A_SECOND ? undefined : JSON.stringify(gaps);
  });

  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:ann");
});

/** A server whose media go as told. */
async function startServer(topology: "auto" | "sfu"): Promise<ServerProcess> {
  const port = await freeUdpPort(1);
  return await ServerProcess.start({ args: ["--topology", topology, "--media-port", `${port}`] });
}

async function open(server: ServerProcess, roomId: string, name: string): Promise<Page> {
  const page = await tabs.open(meetPath(roomId, name), {
    ...{ server, viewport: VIEWPORT },
    async prepare(page) {
      await watchCall(page);
      if (roomId === MOVING) await makeCameraSmall(page);
    },
  });
  await joinMeeting(page);
  return page;
}

/** All of them join, and see and hear all others. */
async function meet<const N extends readonly string[]>(
  server: ServerProcess,
  roomId: string,
  ...names: N
): Promise<{ [I in keyof N]: Page }> {
  const pages: Page[] = [];
  for (const name of names) pages.push(await open(server, roomId, name));
  for (const [index, page] of pages.entries()) {
    for (const other of names) {
      if (other === names[index]) continue;
      await waitForPicture(page, `person:${other}`);
      await waitForSound(page, `microphone:${other}`);
    }
  }
  return pages as { [I in keyof N]: Page }; // One for each name.
}

/** Waits until the media travel one way, and nothing of the other one is left. */
async function waitForWay(page: Page, way: "mesh" | "sfu"): Promise<void> {
  await waitUntil(async () => {
    const ways = (await mediaWays(page)).join();
    return ways === way ? undefined : `${page.url()} travels by ${ways}`;
  });
}

/**
 * The packets that browser and server have counted, once they are as many as `atLeast`. Both count the
 * same ones, seconds apart at most, so the two are soon close to each other; of pictures that are sent
 * the browser counts those too with which it probes the path.
 */
async function untilCounted(page: Page, place: string, atLeast: number[]): Promise<number[]> {
  const isEven = place !== COUNTED[0];
  let counted: number[] = [];
  await waitUntil(async () => {
    const texts = await page.locator(place).allTextContents();
    counted = texts.map((text) => Number(text.replaceAll(",", "")));
    const isThere = atLeast.every((least, n) => counted[n]! >= least) &&
      (!isEven || Math.min(...counted) * 2 > Math.max(...counted));
    return isThere ? undefined : `${place}: ${texts}, not ${atLeast}`;
  });
  return counted;
}

/** The texts of what is wider than the place it has. */
async function overflowIn(page: Page, selector: string): Promise<string[]> {
  return await page.locator(selector).locator("*").evaluateAll((elements) =>
    elements.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
      .map((one) => `${one.tagName} ${one.textContent}`)
  );
}

async function assertSmooth(pages: readonly Page[], when: string): Promise<void> {
  for (const page of pages) {
    const gaps = await pictureGaps(page);
    const stopped = Object.entries(gaps).filter(([, gap]) => gap > HALF_A_SECOND);
    assert.deepEqual(stopped, [], `${page.url()} ${when}`);
  }
}

/** The media process of a server, and the one that is to take its place. */
async function processesOf({ pid }: ServerProcess): Promise<[carrying: number, spare: number]> {
  let pids: number[] = [];
  await waitUntil(async () => {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
    pids = text.split(" ").filter((word) => word !== "").map(Number);
    const maps = await Promise.all(pids.map((pid) => Deno.readTextFile(`/proc/${pid}/maps`)));
    const ready = maps.filter((files) => files.includes("node_datachannel"));
    return ready.length === 2 ? undefined : `there are ${ready.length} media processes`;
  });
  return pids as [number, number]; // Oldest first.
}
