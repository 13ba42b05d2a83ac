/** The page for everybody: by keyboard, on a small screen, in the dark, in Chinese, by ear. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { axeViolations } from "../support/axe.ts";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { waitForFocus, waitForMessage, waitForRoster } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share();
const BUSY = "/test?room=access&user=ann&name=Ann&join=1&simulate=3";
let rooms = 0;

Deno.test("the keyboard alone leads into a room and out of it", async () => {
  const page = await tabs.open("/test?user=ann");

  await tabTo(page, "room-id");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("keys");
  await page.keyboard.press("Enter");
  await waitForRoster(page, "ann");
  await tabTo(page, "leave");
  await page.keyboard.press("Enter");

  await waitForFocus(page, "join");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "leave");
});

Deno.test("the focus goes to the field that is wrong, which says why", async () => {
  const page = await tabs.open("/test?room=focus&user=ann");
  await page.getByLabel("User id").fill("no spaces");

  await page.getByRole("button", { name: "Join" }).click();

  await waitForFocus(page, "user-id");
  await page.getByText("Use 1 to 64 letters").waitFor();
  assert.equal(await page.getByLabel("User id").getAttribute("aria-describedby"), "user-id-below");
});

Deno.test("single keys go where the list says, and rest while somebody types", async () => {
  const page = await tabs.open("/test?room=shortcuts&user=ann&join=1");
  await waitForRoster(page, "ann");
  await page.getByRole("heading", { name: "Session" }).click();

  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await page.keyboard.press("m");
  await waitForFocus(page, "raw-text");
  await page.keyboard.type("pfc");
  assert.match(await page.getByLabel("Message", { exact: true }).inputValue(), /pfc/);
  await page.getByRole("button", { name: "Resume" }).waitFor();

  await page.getByRole("heading", { name: "Session" }).click();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.getByLabel("Single-key shortcuts are on").uncheck();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Resume" }).waitFor();
});

Deno.test("the log is one stop of the Tab key, and the arrows go from message to message", async () => {
  const page = await tabs.open("/test?room=arrows&user=ann&join=1");
  await waitForMessage(page, "joined");
  await page.getByRole("heading", { name: "Session" }).click();

  await page.keyboard.press("n");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");

  const open = page.locator("details[open] [data-log-type]");
  await waitUntil(async () => {
    const types = await open.allInnerTexts();
    return types.join() === "join" ? undefined : `open: ${types}`;
  });
  assert.equal(await page.locator('[data-log-row][tabindex="0"]').count(), 1);
});

for (const path of ["/", BUSY]) {
  for (const locale of ["en-GB", "zh-CN"]) {
    Deno.test(`nothing is wider than a screen of 360 px: ${path} in ${locale}`, async () => {
      const page = await tabs.open(inRoomOfItsOwn(path), {
        locale,
        viewport: { width: 360, height: 740 },
      });
      await settle(page, path);

      const [content, screen] = await page.evaluate<[number, number]>(
        "[document.documentElement.scrollWidth, innerWidth]",
      );

      assert.ok(content <= screen, `${content} px on a screen of ${screen}`);
    });
  }

  for (const [colorScheme, locale] of [["light", "en-GB"], ["dark", "zh-CN"]] as const) {
    Deno.test(`axe finds nothing wrong: ${path} in ${colorScheme} and ${locale}`, async () => {
      const page = await tabs.open(inRoomOfItsOwn(path), {
        colorScheme,
        locale,
        reducedMotion: "reduce",
      });
      await settle(page, path);

      assert.deepEqual(await axeViolations(page), []);
    });
  }
}

Deno.test("the theme follows the browser, and the choice by hand is remembered", async () => {
  const page = await tabs.open("/test", { colorScheme: "dark" });
  await page.getByLabel("Theme").waitFor();
  const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const dark = await ground();

  await page.getByLabel("Theme").selectOption("light");
  const light = await ground();
  await page.reload();
  await page.getByLabel("Theme").waitFor();

  assert.equal(dark, "rgb(13, 17, 21)");
  assert.equal(light, "rgb(244, 245, 247)");
  assert.equal(await ground(), light);
  await page.getByLabel("Theme").selectOption("system");
  assert.equal(await ground(), dark);
});

Deno.test("the language follows the browser, and the choice by hand is remembered", async () => {
  const page = await tabs.open("/test", { locale: "zh-CN" });
  const languageOf = () => page.evaluate("document.documentElement.lang");

  await page.getByRole("button", { name: "加入" }).waitFor();
  assert.equal(await languageOf(), "zh-CN");
  await page.getByLabel("语言").selectOption("en");
  await page.getByRole("button", { name: "Join" }).waitFor();
  await page.reload();

  await page.getByRole("button", { name: "Join" }).waitFor();
  assert.equal(await languageOf(), "en");
});

Deno.test("comings and goings are said in a live region, a crowd as a number", async () => {
  const page = await tabs.open("/test?room=aloud&user=ann&join=1");
  await waitForRoster(page, "ann");

  await page.getByLabel("How many").fill("6");
  await page.getByRole("button", { name: "Add", exact: true }).click();

  await waitUntil(async () => {
    const said = await page.getByRole("status").innerText();
    return said.includes("6 people joined") ? undefined : `said: ${said}`;
  });
});

/** Presses Tab until the element has the focus; fails after so many that it cannot be reached. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate("document.activeElement?.id") === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key does not reach "${id}"`);
}

/** A browser that is closed in a hurry may leave its seats to the grace time (rule RE3). */
function inRoomOfItsOwn(path: string): string {
  return path.replace("room=access", `room=access-${++rooms}`);
}

/** Waits until the page shows what it will show. */
async function settle(page: Page, path: string): Promise<void> {
  await page.locator("h1").waitFor({ state: "attached" });
  if (path === BUSY) await waitForRoster(page, "ann", "ann-1", "ann-2", "ann-3");
}
