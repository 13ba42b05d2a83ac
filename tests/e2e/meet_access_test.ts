/** The meeting page for everybody: by keyboard, by ear, on a phone either way round, in both languages. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { axeViolations } from "../support/axe.ts";
import { BrowserTabs, type TabOptions } from "../support/browser_tabs.ts";
import { mediaFlags } from "../support/chromium.ts";
import {
  joinMeeting,
  meetPath,
  waitForPicture,
  waitForTiles,
  waitUntilSaid,
} from "../support/meet_page.ts";
import { waitForFocus } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({
  flags: mediaFlags({ framesPerSecond: 5 }),
});
const SCREENS = { portrait: { width: 360, height: 740 }, landscape: { width: 740, height: 360 } };
const PANELS = ["people", "chat", "files", "statistics"];
let rooms = 0;

for (const [colorScheme, locale] of [["light", "en-GB"], ["dark", "zh-CN"]] as const) {
  const look = { colorScheme, locale, reducedMotion: "reduce" } as const;

  Deno.test(`axe finds nothing wrong before a meeting: ${colorScheme}, ${locale}`, async () => {
    const page = await tabs.open(meetPath(newRoom(), "ann", "Ann"), look);
    await page.locator("video[data-shown]").waitFor();

    assert.deepEqual(await axeViolations(page), []);
  });

  Deno.test(`axe finds nothing wrong in a call, with each panel: ${colorScheme}, ${locale}`, async () => {
    const page = await busyCall(look);

    assert.deepEqual(await axeViolations(page), []);
    for (const panel of PANELS) {
      await page.locator(`#toggle-${panel}`).click();
      if (panel === "people") await page.locator("[data-person] [aria-expanded]").click();
      assert.deepEqual(await axeViolations(page), [], panel);
    }
    await page.locator("#call-leave").click();
    assert.deepEqual(await axeViolations(page), [], "the question");
    await page.keyboard.press("Escape");
  });
}

for (const [way, viewport] of Object.entries(SCREENS)) {
  for (const locale of ["en-GB", "zh-CN"]) {
    Deno.test(`a meeting fits on a phone in ${way}, in ${locale}`, async () => {
      const before = await tabs.open(meetPath(newRoom(), "ann", "Ann"), { viewport, locale });
      await before.locator("#join-meeting").waitFor();
      const widthBefore = await overflowOf(before);
      const page = await busyCall({ viewport, locale });
      const widths = [widthBefore, await overflowOf(page)];
      for (const panel of PANELS) {
        await page.locator(`#toggle-${panel}`).click();
        widths.push(await overflowOf(page));
        await page.keyboard.press("Escape");
        await page.locator("#side-panel").waitFor({ state: "detached" });
      }

      assert.deepEqual(widths, widths.map(() => 0));
      assert.deepEqual(await outsideOf(page), [], "every control is on the screen");
    });
  }
}

Deno.test("the keyboard alone leads in, works the controls, and leads out", async () => {
  const page = await tabs.open(meetPath(newRoom(), "ann", "Ann"));
  await page.getByLabel("Your name").press("Enter");
  await waitForFocus(page, "call-microphone");

  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Microphone", exact: true, pressed: false }).waitFor();
  await page.keyboard.press("h");
  await page.getByRole("button", { name: "Raise hand", pressed: true }).waitFor();
  await page.keyboard.press("c");
  await waitForFocus(page, "meeting-chat-text");
  await page.keyboard.type("mvh hello");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("mvh hello").waitFor();
  await page.keyboard.press("Escape");
  await waitForFocus(page, "toggle-chat");
  await page.keyboard.press("r");
  await waitForFocus(page, "reaction-0");
  await page.keyboard.press("Escape");
  await waitForFocus(page, "call-react");
  await page.keyboard.press("l");
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).press("Enter");

  await waitForFocus(page, "rejoin");
});

Deno.test("what happens is said: comings, signs, chat, the end", async () => {
  const roomId = newRoom();
  const ann = await tabs.open(meetPath(roomId, "ann", "Ann"));
  await joinMeeting(ann);
  await waitUntilSaid(ann, "You are in the meeting");
  const bob = await tabs.open(meetPath(roomId, "bob", "Bob"));
  await joinMeeting(bob);

  await waitUntilSaid(ann, "Bob joined");
  await bob.keyboard.press("h");
  await waitUntilSaid(ann, "Bob raised a hand");
  await bob.keyboard.press("c");
  await bob.getByLabel("Chat message").fill("hello");
  await bob.keyboard.press("Enter");
  await waitUntilSaid(ann, "Bob wrote in the chat");
  await bob.getByRole("button", { name: "Leave", exact: true }).click();
  await waitUntilSaid(bob, "You left the meeting");
  await waitUntilSaid(ann, "Bob left");
});

Deno.test("nothing that is used moves when somebody joins", async () => {
  const roomId = newRoom();
  const ann = await tabs.open(meetPath(roomId, "ann", "Ann"), { reducedMotion: "reduce" });
  await joinMeeting(ann);
  await ann.keyboard.press("g");
  const bob = await tabs.open(meetPath(roomId, "bob", "Bob"));
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");
  const places = async () =>
    await Promise.all(
      ["#call-microphone", "#call-leave", "#toggle-chat", '[data-tile="person:bob"]'].map((one) =>
        ann.locator(one).boundingBox()
      ),
    );
  const before = await places();

  const eve = await tabs.open(meetPath(roomId, "eve", "Eve"));
  await eve.locator("#before-microphone").click();
  await joinMeeting(eve);
  await waitForTiles(ann, "person:ann", "person:bob", "person:eve");

  assert.deepEqual(await places(), before);
});

Deno.test("a click on a tile pins it, and another click lets it go", async () => {
  const page = await busyCall();

  await page.locator('[data-tile="person:bob"]').click();
  const isLarge = async () => {
    const [bob, ann] = await Promise.all(
      ["bob", "ann"].map((user) => page.locator(`[data-tile="person:${user}"]`).boundingBox()),
    );
    return bob!.width > 1.5 * ann!.width;
  };
  await waitUntil(async () => await isLarge() ? undefined : "the tiles are equal");
  await page.getByRole("button", { name: "Pin Bob", pressed: true }).click();

  await waitUntil(async () => await isLarge() ? "the tile is large" : undefined);
});

function newRoom(): string {
  return `access-${++rooms}`;
}

/** Ann's tab, in a call with Bob whose picture is there. */
async function busyCall(look: TabOptions = {}): Promise<Page> {
  const roomId = newRoom();
  const ann = await tabs.open(meetPath(roomId, "ann", "Ann"), look);
  await ann.locator("#join-meeting").click();
  const bob = await tabs.open(meetPath(roomId, "bob", "Bob"));
  await joinMeeting(bob);
  await waitForPicture(ann, "person:bob");
  await ann.locator("[data-quality]").first().waitFor();
  return ann;
}

/** By how much the page is wider than the screen. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate<number>(
    "Math.max(0, document.documentElement.scrollWidth - innerWidth)",
  );
}

/** The buttons of the call that are not wholly on the screen. */
async function outsideOf(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(
    `[...document.querySelectorAll("header button, footer button")]
      .map((button) => [button.getAttribute("aria-label"), button.getBoundingClientRect()])
      .filter(([, { width, left, right, top, bottom }]) =>
        width > 0 && (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight))
      .map(([label]) => label)`,
  );
}
