/** Live rooms for everybody: by keyboard, by ear, on a phone, in both languages, by a camera that reads QR codes. */
import assert from "node:assert/strict";
import jsQR from "jsqr";
import type { Locator, Page } from "playwright-core";
import { axeViolations } from "../support/axe.ts";
import { BrowserTabs, type TabOptions } from "../support/browser_tabs.ts";
import { mediaFlags } from "../support/chromium.ts";
import { goLive, waitForMotion, watch } from "../support/live_page.ts";
import { waitUntilSaid } from "../support/meet_page.ts";
import { waitForFocus } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({
  flags: mediaFlags({ framesPerSecond: 5 }),
  serverArgs: ["--log-level", "error"],
});
const BROADCASTER_PANELS = ["share", "viewers", "chat", "statistics"];
const VIEWER_PANELS = ["chat", "statistics"];
const SCREENS = { portrait: { width: 360, height: 740 }, landscape: { width: 740, height: 360 } };

for (const [colorScheme, locale] of [["light", "en-GB"], ["dark", "zh-CN"]] as const) {
  const look = { colorScheme, locale, reducedMotion: "reduce" } as const;

  Deno.test(`axe finds nothing wrong before a broadcast: ${colorScheme}, ${locale}`, async () => {
    const page = await tabs.open("/live", look);
    await page.locator("#live-code").waitFor();
    const door = await axeViolations(page);
    await page.locator("#open-studio").click();
    await page.locator("[data-captured]").waitFor();

    assert.deepEqual([door, await axeViolations(page)], [[], []]);
  });

  Deno.test(`axe finds nothing wrong in a broadcast, with each panel: ${colorScheme}, ${locale}`, async () => {
    const { page, viewer } = await broadcast(look);

    for (const panel of BROADCASTER_PANELS) {
      await page.locator(`#tab-${panel}`).click();
      if (panel === "viewers") await page.locator("[data-viewer] [aria-expanded]").click();
      assert.deepEqual(await axeViolations(page), [], panel);
    }
    await page.locator("#live-settings").click();
    assert.deepEqual(await axeViolations(page), [], "the settings");
    await page.keyboard.press("Escape");
    for (const panel of VIEWER_PANELS) {
      await viewer.locator(`#tab-${panel}`).click();
      assert.deepEqual(await axeViolations(viewer), [], `the viewer's ${panel}`);
    }
    await page.locator("#live-end").click();
    assert.deepEqual(await axeViolations(page), [], "the question");
    await page.getByRole("dialog").getByRole("button").last().click();
    await viewer.locator("#live-door").waitFor();
    assert.deepEqual(await axeViolations(viewer), [], "the end");
    await viewer.reload();
    await viewer.locator("[data-refusal]").waitFor();
    assert.deepEqual(await axeViolations(viewer), [], "the refusal");
  });
}

for (const [way, viewport] of Object.entries(SCREENS)) {
  Deno.test(`a broadcast fits on a phone in ${way}`, async () => {
    const look = { viewport, locale: way === "portrait" ? "zh-CN" : "en-GB" };
    const door = await tabs.open("/live", look);
    await door.locator("#live-code").waitFor();
    const widths = [await overflowOf(door)];
    await door.locator("#open-studio").click();
    await door.locator("[data-captured]").waitFor();
    widths.push(await overflowOf(door));
    const { page, viewer } = await broadcast(look);
    for (const panel of BROADCASTER_PANELS) {
      await page.locator(`#tab-${panel}`).click();
      widths.push(await overflowOf(page));
    }
    for (const panel of VIEWER_PANELS) {
      await viewer.locator(`#tab-${panel}`).click();
      widths.push(await overflowOf(viewer));
    }

    assert.deepEqual(widths, widths.map(() => 0));
    assert.deepEqual([await outsideOf(page), await outsideOf(viewer)], [[], []]);
  });
}

Deno.test("the keyboard alone goes live, watches, and ends it", async () => {
  const page = await tabs.open("/live");
  await waitForFocus(page, "live-code");
  await page.keyboard.press("Tab");
  await waitForFocus(page, "watch-code");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "go-live-now");
  await page.locator("video[data-shown]").waitFor();
  await page.keyboard.press("Enter");
  await waitForFocus(page, "live-microphone");
  const code = await page.locator("[data-code]").getAttribute("data-code");
  const viewer = await tabs.open("/live");
  await waitForFocus(viewer, "live-code");

  await viewer.keyboard.type(code!);
  await viewer.waitForURL(`**/live/${code}`);
  await waitForFocus(viewer, "player-sound");
  await waitForMotion(viewer);
  await viewer.keyboard.press("m");
  await viewer.getByRole("button", { name: "Sound", exact: true, pressed: false }).waitFor();
  await viewer.keyboard.press("c");
  await waitForFocus(viewer, "meeting-chat-text");
  await viewer.keyboard.type("me too");
  await viewer.keyboard.press("Enter");
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Microphone", exact: true, pressed: false }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("log").getByText("me too").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#tab-chat").focus();
  await page.keyboard.press("ArrowLeft");
  await waitForFocus(page, "tab-viewers");
  await page.keyboard.press("e");
  await page.getByRole("dialog").getByRole("button", { name: "End it now" }).press("Enter");

  await waitForFocus(page, "live-again");
  await waitForFocus(viewer, "live-door");
});

Deno.test("what happens is said: the code, comings, the picture, the end", async () => {
  const { page, code } = await goLive(tabs);
  await waitUntilSaid(page, `The code is ${code.slice(0, 3)} ${code.slice(3)}`);
  const viewer = await watch(tabs, code, { name: "bob" });
  await waitUntilSaid(page, "bob joined");
  await waitForMotion(viewer);

  await page.locator("#live-camera").click();
  await waitUntilSaid(viewer, "The picture is off");
  await page.locator("#live-camera").click();
  await waitForMotion(viewer);
  await page.locator("#live-end").click();
  await page.getByRole("dialog").getByRole("button", { name: "End it now" }).click();

  await waitUntilSaid(page, "You have ended the broadcast");
  await waitUntilSaid(viewer, "The broadcast has ended");
});

Deno.test("a code is pasted with a space, with a dash, as a link, and leads on by itself", async () => {
  const { code } = await goLive(tabs);
  const texts = [
    `${code.slice(0, 3)} ${code.slice(3)}`,
    `${code.slice(0, 3)}-${code.slice(3)}`,
    `https://somewhere.example/live/${code}`,
  ];
  const page = await tabs.open("/live");
  assert.equal(await page.locator("#live-code").getAttribute("inputmode"), "numeric");

  for (const text of texts) {
    await page.goto(new URL("/live", page.url()).href);
    await page.locator("#live-code").fill(text);
    await page.waitForURL(`**/live/${code}`);
  }

  await waitForMotion(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(`a camera reads the link off the QR code: ${colorScheme}`, async () => {
    const { page, code } = await goLive(tabs, { colorScheme, viewport: SCREENS.portrait });

    const link = await readQr(page, page.locator("[data-qr]"));

    assert.equal(link, new URL(`/live/${code}`, page.url()).href);
  });
}

Deno.test("the pages speak Chinese to whoever does, from the door to the end", async () => {
  const { page, code } = await goLive(tabs, { locale: "zh-CN" });
  await waitUntilSaid(page, "直播码是");
  const viewer = await watch(tabs, code, { name: "bob", locale: "zh-CN" });
  await waitForMotion(viewer);

  await viewer.getByRole("tab", { name: "统计" }).click();
  await viewer.locator('[aria-current="step"]').getByText("直连", { exact: true }).waitFor();
  await page.getByRole("button", { name: "结束直播" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "立即结束" }).click();

  await viewer.getByRole("heading", { name: "直播已结束" }).waitFor();
  await page.getByRole("heading", { name: "你已结束直播" }).waitFor();
});

Deno.test("the start page leads to live rooms", async () => {
  const page = await tabs.open("/");

  await page.getByRole("link", { name: /Go live, or watch with a code/ }).click();

  await page.getByRole("heading", { level: 1, name: "Go live, or watch" }).waitFor();
});

Deno.test("the picture floats, and fills the screen", async () => {
  const { code } = await goLive(tabs);
  const viewer = await watch(tabs, code, { name: "bob" });
  await waitForMotion(viewer);

  await viewer.locator("#player-full").click();
  await waitUntil(async () =>
    await viewer.evaluate(`document.fullscreenElement?.id`) === "player"
      ? undefined
      : "the player does not fill the screen"
  );
  await viewer.locator("#player-full").click();

  await waitUntil(async () =>
    await viewer.evaluate(`document.fullscreenElement === null`) ? undefined : "it still does"
  );
  assert.equal(await viewer.locator("#player-float").count(), 1);
});

/** A broadcast and somebody who sees it; both tabs look alike. */
async function broadcast(look: TabOptions): Promise<{ page: Page; viewer: Page }> {
  const { page, code } = await goLive(tabs, look);
  const viewer = await watch(tabs, code, { name: "bob", ...look });
  await waitForMotion(viewer);
  return { page, viewer };
}

/** Takes a picture of the code and has it read, as a phone does. */
async function readQr(page: Page, element: Locator): Promise<string | undefined> {
  const png = (await element.screenshot()).toString("base64");
  const { width, height, pixels } = await page.evaluate<
    { width: number; height: number; pixels: number[] }
  >(`(async () => {
    const bytes = Uint8Array.from(atob("${png}"), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(image, 0, 0);
    return { width, height, pixels: [...context.getImageData(0, 0, width, height).data] };
  })()`);
  // The package is CommonJS: its type says `default` twice, at run time there is one.
  const read = jsQR as unknown as typeof jsQR.default;
  return read(Uint8ClampedArray.from(pixels), width, height)?.data;
}

/** By how much the page is wider than the screen. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate<number>(
    "Math.max(0, document.documentElement.scrollWidth - innerWidth)",
  );
}

/** The buttons that are not wholly on the screen. */
async function outsideOf(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(
    `[...document.querySelectorAll("header button, footer button, [role=toolbar] button, [role=tab]")]
      .map((button) => [button.id || button.getAttribute("aria-label"), button.getBoundingClientRect()])
      .filter(([, { width, left, right, top, bottom }]) =>
        width > 0 && (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight))
      .map(([label]) => label)`,
  );
}
