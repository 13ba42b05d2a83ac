/** Recordings by a real browser under the server's policy: everybody's picture and sound is in them. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { HarnessPage, type TabOpener } from "../support/harness_page.ts";
import { PlainChromium } from "../support/plain_chromium.ts";
import type { PictureSample, SoundSample } from "../support/recording_report.ts";
import { waitForFocus } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ flags: MEDIA_FLAGS });
const RED = "#d02020";
const BLUE = "#2030d0";
const GREEN = "#20b020";
const YELLOW = "#e0e020";
const COLORS = [RED, BLUE, GREEN, YELLOW];
const TONES = [440, 1_000, 2_500];
/** A tone of a participant is ten times as loud as this, what leaks from another one is not. */
const AUDIBLE = 0.02;

Deno.test("a recording has everybody's picture and sound, while they come, go and share", async () => {
  const harness = await open();
  await harness.run(`add("ann", { color: "${RED}", tone: 440 })`);
  await harness.run(`add("bob", { color: "${BLUE}", tone: 1000, isRemote: true })`);

  await record(harness, "Record everyone");
  await elapsed(harness, 2_500);
  await harness.run(`remove("bob")`);
  await harness.run(`add("cat", { color: "${GREEN}", tone: 2500, isRemote: true })`);
  const [changedAt = 0] = [await harness.run<number>("elapsedMs()")];
  await elapsed(harness, changedAt + 2_000);
  await harness.run(`change("cat", "screen", "${YELLOW}")`);
  await elapsed(harness, changedAt + 4_000);
  await stop(harness);

  const pictures = await harness.run<PictureSample[]>(`pictures(${JSON.stringify(COLORS)})`);
  const sounds = await harness.run<SoundSample[]>(`tones(${JSON.stringify(TONES)})`);
  const looks = phasesOf(pictures.map(({ shares }) => named("RBGY", shares, 0.015)));
  const tones = phasesOf(sounds.map(({ levels }) => named("RBG", levels, AUDIBLE)));
  assertInOrder(looks, ["RB", "RG", "RGY"]);
  assertInOrder(tones, ["RB", "RG"]);
  assert.ok(pictures.at(-1)!.shares[3]! > 0.4, "the shared screen takes most of the picture");
  assert.ok(pictures.length > 30, `${pictures.length} pictures`);
  assert.deepEqual(await harness.run("shown()"), [true, false]);
  const saved = await harness.run<{ name: string; size: number }>("saved()");
  assert.match(saved.name, /^Signalbox daily [\d-]+ [\d.]+\.(webm|mp4)$/);
});

Deno.test("a recording of oneself has nobody else in it, and no pause", async () => {
  const harness = await open();
  await harness.run(`add("ann", { color: "${RED}", tone: 440 })`);
  await harness.run(`add("bob", { color: "${BLUE}", tone: 1000, isRemote: true })`);

  await record(harness, "Record only me");
  await elapsed(harness, 1_000);
  await harness.page.getByRole("button", { name: "Pause recording" }).click();
  await harness.run(`change("ann", "video", "${YELLOW}")`);
  await harness.page.getByRole("group", { name: "Recording paused" }).waitFor();
  const pausedAt = await harness.run<number>("elapsedMs()");
  await harness.run(`change("ann", "video", "${GREEN}")`);
  await harness.page.getByRole("button", { name: "Resume recording" }).click();
  await elapsed(harness, pausedAt + 1_500);
  await stop(harness);

  const pictures = await harness.run<PictureSample[]>(`pictures(${JSON.stringify(COLORS)})`);
  const sounds = await harness.run<SoundSample[]>(`tones(${JSON.stringify(TONES)})`);
  assertInOrder(phasesOf(pictures.map(({ shares }) => named("RBGY", shares, 0.015))), ["R", "G"]);
  assert.ok(pictures.every(({ shares }) => shares[1]! < 0.05 && shares[3]! < 0.015));
  assert.ok(sounds.some(({ levels }) => levels[0]! > AUDIBLE));
  assert.ok(sounds.every(({ levels }) => levels[1]! < AUDIBLE));
});

Deno.test("a recording goes on in a hidden tab, as fast as in a visible one", async () => {
  await using browser = await PlainChromium.start(MEDIA_FLAGS);
  const harness = await open(browser);
  await harness.run(`add("ann", { color: "${RED}", tone: 440 })`);
  await harness.run(`add("bob", { color: "${BLUE}", tone: 1000, isRemote: true })`);
  await record(harness, "Record everyone");
  await elapsed(harness, 1_000);

  await browser.openInFront("about:blank");
  await waitUntil(async () =>
    await harness.run<boolean>("isHidden()") ? undefined : "it is visible"
  );
  const hiddenAt = await harness.run<number>("elapsedMs()");
  await elapsed(harness, hiddenAt + 2_000);
  await harness.run(`change("ann", "video", "${GREEN}")`);
  await elapsed(harness, hiddenAt + 6_000);
  const wasHidden = await harness.run<boolean>("isHidden()");
  await harness.page.bringToFront();
  await stop(harness);

  const pictures = await harness.run<PictureSample[]>(`pictures(${JSON.stringify(COLORS)})`);
  const sounds = await harness.run<SoundSample[]>(`tones(${JSON.stringify(TONES)})`);
  const inHiding = ({ at }: { at: number }) => at > hiddenAt / 1000 + 1 && at < hiddenAt / 1000 + 5;
  const hidden = pictures.filter(inHiding);
  assert.equal(wasHidden, true);
  // A timer that is slowed would give four.
  assert.ok(hidden.length > 20, `${hidden.length} pictures in four hidden seconds`);
  assertInOrder(phasesOf(hidden.map(({ shares }) => named("RBGY", shares, 0.015))), ["RB", "BG"]);
  assert.ok(sounds.filter(inHiding).every(({ levels }) => named("RB", levels, AUDIBLE) === "RB"));
});

Deno.test("a recording goes to disk as it grows", async () => {
  const harness = await open();
  await harness.run("pickPlaces()");
  await harness.run(`add("ann", { color: "${RED}", tone: 440 })`);

  await record(harness, "Record everyone");
  await elapsed(harness, 1_500);
  await stop(harness);
  await harness.run("takeFromDisk()");

  const pictures = await harness.run<PictureSample[]>(`pictures(${JSON.stringify(COLORS)})`);
  assert.ok(pictures.some(({ shares }) => shares[0]! > 0.5));
  assert.equal(await harness.page.getByRole("button", { name: "Save again" }).count(), 0);
});

Deno.test("a recording whose disk fills up keeps what is there, and says so", async () => {
  const harness = await open();
  await harness.run("fillUpAfter(2)");
  await harness.run(`add("ann", { color: "${RED}", tone: 440 })`);

  await record(harness, "Record everyone");
  await harness.page.getByRole("alert").getByText("saved").waitFor();

  const pictures = await harness.run<PictureSample[]>(`pictures(${JSON.stringify(COLORS)})`);
  assert.ok(pictures.some(({ shares }) => shares[0]! > 0.5));
  assert.deepEqual(await harness.run("shown()"), [true, false]);
  await harness.page.getByRole("button", { name: "Dismiss" }).click();
  await harness.page.getByRole("button", { name: "Record", exact: true }).waitFor();
});

Deno.test("the menu of the recording opens, moves and closes by keys", async () => {
  const { page } = await open();
  const button = page.getByRole("button", { name: "Record", exact: true });
  const everyone = page.getByRole("menuitem", { name: "Record everyone" });
  const self = page.getByRole("menuitem", { name: "Record only me" });

  await button.press("Enter");
  await waitForFocus(page, "record-everyone");
  await everyone.press("ArrowDown");
  await waitForFocus(page, "record-self");
  await self.press("ArrowDown");
  await waitForFocus(page, "record-everyone");
  await everyone.press("End");
  await waitForFocus(page, "record-self");
  await self.press("Escape");
  await waitForFocus(page, "record");

  assert.equal(await page.getByRole("menu").count(), 0);
});

async function open(opener: TabOpener = tabs): Promise<HarnessPage> {
  const harness = await HarnessPage.open(opener, { harness: "recording_harness" });
  await harness.run("start()");
  return harness;
}

async function record({ page }: HarnessPage, what: string): Promise<void> {
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByRole("menuitem", { name: what }).click();
  await page.getByRole("group", { name: "Recording", exact: true }).waitFor();
}

async function elapsed(harness: HarnessPage, ms: number): Promise<void> {
  await waitUntil(async () => {
    const is = await harness.run<number>("elapsedMs()");
    return is >= ms ? undefined : `${is} of ${ms} ms are recorded`;
  });
}

async function stop(harness: HarnessPage): Promise<void> {
  await harness.page.getByRole("button", { name: "Stop recording" }).click();
  await waitUntil(async () => {
    const phase = await harness.run<string>("phase()");
    return phase === "saved" ? undefined : `the recording is ${phase}`;
  });
}

/** The letters of what is there: `RB` for red and blue. */
function named(letters: string, amounts: readonly number[], least: number): string {
  return [...letters].filter((_, index) => amounts[index]! > least).join("");
}

/** What follows what, each once. */
function phasesOf(seen: readonly string[]): string[] {
  return seen.filter((one, index) => one !== seen[index - 1]);
}

/** `wanted` comes in this order; in between, a change may be half done. */
function assertInOrder(seen: readonly string[], wanted: readonly string[]): void {
  let from = 0;
  for (const one of wanted) {
    from = seen.indexOf(one, from);
    assert.ok(from >= 0, `no ${one} where it should be: ${seen.join(" ")}`);
  }
  assert.equal(seen.at(-1), wanted.at(-1), seen.join(" "));
}
