/** Calls on the meeting page: people see and hear each other, share, write, and leave nothing on. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { mediaFlags } from "../support/chromium.ts";
import {
  joinMeeting,
  meetPath,
  runningIn,
  waitForPicture,
  waitForSound,
  waitForTiles,
  watchDevices,
} from "../support/meet_page.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({
  flags: [
    ...mediaFlags({ cameras: 3, framesPerSecond: 10 }),
    "--auto-select-desktop-capture-source=Entire screen",
  ],
});

Deno.test("two people see and hear each other, and each other's signs", async () => {
  const [ann, bob] = await meet("pair", "ann", "bob");

  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:ann");
  await waitForSound(ann, "microphone:bob");
  await waitForSound(bob, "microphone:ann");
  await ann.locator('[data-tile="person:bob"] [data-quality="good"]').waitFor();
  await ann.locator('[data-tile="person:bob"][data-speaking]').waitFor();

  await bob.getByRole("button", { name: "Microphone", exact: true }).click();
  await bob.keyboard.press("h");
  const tile = ann.locator('[data-tile="person:bob"]');
  await tile.getByRole("img", { name: "Microphone off" }).waitFor();
  await tile.getByRole("img", { name: "Hand raised" }).waitFor();
  assert.equal(
    await bob.getByRole("button", { name: "Microphone", exact: true }).getAttribute("aria-pressed"),
    "false",
  );
  await ann.getByText("bob raised a hand").first().waitFor();
});

Deno.test("a camera that goes off leaves the initials, and comes back as a picture", async () => {
  const [ann, bob] = await meet("camera", "ann", "bob");
  await waitForPicture(ann, "person:bob");

  await bob.keyboard.press("v");
  await ann.locator('[data-tile="person:bob"] video').waitFor({ state: "detached" });
  await bob.keyboard.press("v");

  await waitForPicture(ann, "person:bob");
});

Deno.test("another camera in the middle of a call goes on where the first one stopped", async () => {
  const [ann, bob] = await meet("switch", "ann", "bob");
  await waitForPicture(ann, "person:bob");

  await bob.getByRole("button", { name: "Camera, microphone and speaker" }).click();
  const choice = bob.getByRole("dialog").getByLabel("Camera", { exact: true });
  const labels = await choice.locator("option").allInnerTexts();
  // The second of the fake cameras films depth, which no call carries.
  await choice.selectOption({ label: "fake_device_2" });
  await bob.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  assert.equal(labels.length, 4, labels.join());
  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:bob");
});

Deno.test("three people see a shared screen large, and it goes when it ends", async () => {
  const [ann, bob, eve] = await meet("share", "ann", "bob", "eve");
  for (const page of [ann, bob, eve]) {
    await waitForTiles(page, "person:ann", "person:bob", "person:eve");
  }

  await bob.getByRole("button", { name: "Share screen" }).click();
  await waitForPicture(ann, "screen:bob");
  await waitForPicture(eve, "screen:bob");
  await waitForTiles(bob, "person:ann", "person:bob", "person:eve");
  const [screen, face] = await Promise.all(
    ["screen:bob", "person:eve"].map((tile) => ann.locator(`[data-tile="${tile}"]`).boundingBox()),
  );
  await bob.getByRole("button", { name: "Share screen" }).click();

  assert.ok(screen!.width * screen!.height > 4 * face!.width * face!.height);
  await waitForTiles(ann, "person:ann", "person:bob", "person:eve");
});

Deno.test("chat is text, with safe links, unread lines, and a private word", async () => {
  const name = "<script>document.title='owned'</script>";
  const ann = await tabs.open(meetPath("words", "ann"));
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("words", "bob", name));
  await joinMeeting(bob);
  const eve = await tabs.open(meetPath("words", "eve"));
  await joinMeeting(eve);

  await write(bob, "<b>hello</b> https://example.org/a javascript:alert(1)");
  await ann.getByRole("button", { name: "Chat: 1 unread" }).click();
  const log = ann.getByRole("log", { name: "Chat" });
  const link = log.getByRole("link", { name: "https://example.org/a" });
  await link.waitFor();
  await log.getByText("<b>hello</b>").waitFor();
  await log.getByText(name, { exact: true }).waitFor();
  await bob.getByLabel("To", { exact: true }).selectOption("ann");
  await write(bob, "for ann alone");
  await log.getByText("for ann alone").waitFor();

  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  assert.equal(await log.getByRole("link").count(), 1);
  assert.doesNotMatch(await ann.title(), /owned/);
  await eve.getByRole("button", { name: "Chat: 1 unread" }).waitFor();
  await ann.getByRole("button", { name: "Chat", exact: true }).waitFor();
});

Deno.test("a reaction floats over the tile of who sent it", async () => {
  const [ann, bob] = await meet("react", "ann", "bob");

  await bob.keyboard.press("r");
  await bob.getByRole("button", { name: "Applause" }).click();

  await ann.locator('[data-tile="person:bob"] [data-reaction="👏"]').waitFor();
});

Deno.test("leaving turns every track and every connection off, closing the tab too", async () => {
  const ann = await tabs.open(meetPath("leave", "ann"), { prepare: watchDevices });
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("leave", "bob"), { prepare: watchDevices });
  await joinMeeting(bob);
  await waitForPicture(bob, "person:ann");
  await bob.getByRole("button", { name: "Share screen" }).click();
  await waitForPicture(ann, "screen:bob");
  const before = await runningIn(bob);

  await bob.getByRole("button", { name: "Leave" }).click();
  await bob.getByRole("heading", { name: "You left the meeting" }).waitFor();

  assert.ok(before.tracks >= 3 && before.connections === 1, JSON.stringify(before));
  assert.deepEqual(await runningIn(bob), { tracks: 0, connections: 0 });
  await waitForTiles(ann, "person:ann");
  await bob.getByRole("button", { name: "Join again" }).click();
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");
  await bob.close();
  await waitForTiles(ann, "person:ann");
});

Deno.test("[RE4] the picture goes on while the connection to the server is lost", async () => {
  await using server = await ServerProcess.start();
  const network = new TcpProxy(server.port);
  const expected = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;
  const ann = await tabs.open(meetPath("net", "ann"), { expected, server: network });
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("net", "bob"), { server });
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");
  const frames = () =>
    ann.evaluate<number>(
      `document.querySelector('[data-tile="person:bob"] video').getVideoPlaybackQuality()
        .totalVideoFrames`,
    );
  const before = await frames();

  network.cut();
  await bob.locator('[data-tile="person:ann"]').getByText("Reconnecting…").waitFor();
  await bob.locator('[data-tile="person:ann"]').getByText("Reconnecting…").waitFor({
    state: "detached",
  });

  // The element is the same and went on counting: nothing was connected anew.
  await waitUntil(async () => {
    const now = await frames();
    return now > before ? undefined : `${now} frames, ${before} before`;
  });
  await waitForPicture(bob, "person:ann");
  await network.close();
});

Deno.test("[CO9, RE8] a meeting comes back by itself when the server is restarted", async () => {
  const first = await ServerProcess.start();
  const options = { server: first, expected: /WebSocket connection to .* failed|ERR_CONNECTION/ };
  const ann = await tabs.open(meetPath("restart", "ann"), options);
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("restart", "bob"), options);
  await joinMeeting(bob);
  await bob.keyboard.press("h");
  await waitForPicture(ann, "person:bob");

  await first.stop();
  await ann.locator("[data-connection]").first().waitFor();
  await using _second = await ServerProcess.start({ port: first.port });

  await ann.locator("[data-connection]").waitFor({ state: "detached" });
  await waitForTiles(ann, "person:ann", "person:bob");
  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:ann");
  await ann.locator('[data-tile="person:bob"]').getByRole("img", { name: "Hand raised" }).waitFor();
});

Deno.test("statistics tell what a link carries, and can be copied", async () => {
  const [ann, bob] = await meet("numbers", "ann", "bob");
  await waitForPicture(ann, "person:bob");
  await waitForPicture(bob, "person:ann");

  await ann.getByRole("button", { name: "Connection quality" }).click();

  const panel = ann.locator('[data-statistics="bob"]');
  await panel.getByText("direct", { exact: true }).waitFor();
  await panel.getByText(/\d+×\d+/).first().waitFor();
  await panel.getByText(/^opus, /).waitFor();
  assert.equal(await panel.locator("polyline").count(), 4);
});

Deno.test("a file goes to the one who accepts it, and a recording is seen by everybody", async () => {
  // The browser's own dialogs are out of a test's reach: without them files become downloads.
  const prepare = async (page: Page) => {
    await page.addInitScript("delete globalThis.showSaveFilePicker");
  };
  const ann = await tabs.open(meetPath("files", "ann"), { prepare });
  await joinMeeting(ann);
  const bob = await tabs.open(meetPath("files", "bob"), { prepare });
  await joinMeeting(bob);
  await waitForPicture(bob, "person:ann");

  await bob.getByRole("button", { name: "Files" }).click();
  await bob.locator("#side-panel input[type=file]").setInputFiles({
    name: "notes.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("written by bob"),
  });
  await ann.getByText("bob offers a file: notes.txt").first().waitFor();
  await ann.getByRole("button", { name: "Files" }).click();
  await ann.getByRole("button", { name: "Accept notes.txt" }).click();
  const coming = ann.waitForEvent("download");
  await ann.getByRole("button", { name: "Save notes.txt" }).click();
  const notes = await Deno.readTextFile(await (await coming).path());
  await bob.locator("#record").click();
  await bob.locator("#record-everyone").click();
  await ann.getByText("bob records the meeting").first().waitFor();
  await ann.locator("header").getByText("Recording", { exact: true }).waitFor();
  // A recording that ends before its first picture has nothing to save.
  await bob.getByRole("group", { name: /Recording/ }).getByText(/[1-9][\d.,]* (kB|MB)/).waitFor();
  const recording = bob.waitForEvent("download");
  await bob.getByRole("button", { name: "Leave", exact: true }).click();

  assert.equal(notes, "written by bob");
  assert.match((await recording).suggestedFilename(), /\.webm$/);
  await ann.locator("header").getByText("Recording", { exact: true }).waitFor({
    state: "detached",
  });
});

/** Opens a tab for each and joins, one after the other. */
async function meet<Users extends string[]>(
  roomId: string,
  ...users: Users
): Promise<{ [Index in keyof Users]: Page }> {
  const pages: Page[] = [];
  for (const user of users) {
    const page = await tabs.open(meetPath(roomId, user));
    await joinMeeting(page);
    pages.push(page);
  }
  return pages as { [Index in keyof Users]: Page }; // One was opened for each.
}

async function write(page: Page, text: string): Promise<void> {
  const field = page.getByLabel("Chat message");
  if (await field.count() === 0) await page.keyboard.press("c");
  await field.fill(text);
  await field.press("Enter");
}
