/**
 * Pictures of the pages, in English at the width of a phone and of a desk, light and dark, as PNG in
 * `.cache/screenshots`. With `--readme` the ones that stand in the README, small, beside the page.
 * Run by `deno task screenshots`.
 */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium, MEDIA_FLAGS } from "./chromium.ts";
import { codeOf, waitForMotion } from "./live_page.ts";
import { joinMeeting, meetPath, waitForPicture } from "./meet_page.ts";
import { ServerProcess } from "./server_process.ts";
import { waitUntil } from "./wait_until.ts";

const FOLDER = new URL("../../.cache/screenshots/", import.meta.url);
const README_FOLDER = new URL("../../static/", import.meta.url);
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** The browser's own fake camera films a green disc; this one films somebody in the evening light. */
const CAMERA = `{
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const hues = { ann: 205, bob: 150, chen: 20 };
  const hue = hues[new URLSearchParams(location.search).get("user")] ?? 260;
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const context = canvas.getContext("2d");
  const draw = () => {
    const ground = context.createLinearGradient(0, 0, 1280, 720);
    ground.addColorStop(0, "hsl(" + hue + " 45% 72%)");
    ground.addColorStop(1, "hsl(" + (hue + 50) + " 40% 38%)");
    context.fillStyle = ground;
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = "hsl(" + (hue + 20) + " 35% 24%)";
    context.beginPath();
    context.ellipse(640, 760, 330, 260, 0, 0, 7);
    context.fill();
    context.fillStyle = "hsl(24 45% 68%)";
    context.beginPath();
    context.ellipse(640, 360, 125, 155, 0, 0, 7);
    context.fill();
    context.fillStyle = "hsl(" + (hue + 20) + " 30% 18%)";
    context.beginPath();
    context.ellipse(640, 270, 145, 105, 0, Math.PI, 0);
    context.fill();
    requestAnimationFrame(draw);
  };
  draw();
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    const [track] = stream.getVideoTracks();
    if (track === undefined) return stream;
    const [picture] = canvas.captureStream(15).getVideoTracks();
    return new MediaStream([...stream.getAudioTracks(), picture]);
  };
}`;
const README_TEST_SIZE = { width: 1440, height: 900 };
const README_SIZE = { width: 1120, height: 640 };

if (import.meta.main) {
  const server = await ServerProcess.start();
  const browser = await launchChromium([
    ...MEDIA_FLAGS,
    "--auto-select-desktop-capture-source=Entire screen",
  ]);
  try {
    if (Deno.args.includes("--readme")) await takeForReadme(browser, server.address);
    else await takeAll(browser, server.address);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function takeAll(browser: Browser, address: string): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, viewport] of [["desk", DESK], ["phone", PHONE]] as const) {
      const look = { colorScheme, viewport };
      const file = (page: string) => new URL(`${page}-${name}-${colorScheme}.png`, FOLDER);
      const one = await open(browser, `${address}/`, look);
      await shoot(one, file("start"));
      await one.goto(`${address}/test?room=shots&user=ann&join=1&simulate=3`);
      await one.locator('[data-user="ann-3"]').waitFor();
      await shoot(one, file("test"));
      await one.context().close();
      await takeMeeting(browser, { address, look, file });
      await takeLive(browser, { address, look, file });
    }
  }
}

async function takeMeeting(
  browser: Browser,
  { address, look, file }: {
    address: string;
    look: BrowserContextOptions;
    file: (page: string) => URL;
  },
): Promise<void> {
  const ann = await open(browser, address + meetPath("482913", "ann", "Ann Lee"), look);
  await ann.locator("video[data-shown]").waitFor();
  await shoot(ann, file("prejoin"));
  await joinMeeting(ann);
  await shoot(ann, file("alone"));
  const others = [];
  for (const [user, name] of [["bob", "Bob Ortiz"], ["chen", "陈晓"]] as const) {
    const page = await open(browser, address + meetPath("482913", user, name));
    await joinMeeting(page);
    others.push(page);
  }
  const [bob, chen] = others as [Page, Page];
  await waitForPicture(ann, "person:bob");
  await waitForPicture(ann, "person:chen");
  await bob.keyboard.press("h");
  await chen.getByRole("button", { name: "Camera" }).first().click();
  await chen.getByRole("button", { name: "Microphone" }).first().click();
  await ann.locator("[data-quality]").first().waitFor();
  await shoot(ann, file("grid"));
  await ann.keyboard.press("g");
  await shoot(ann, file("speaker"));
  await bob.keyboard.press("c");
  await bob.getByLabel("Chat message").fill("The notes are at https://example.org/notes.");
  await bob.keyboard.press("Enter");
  await ann.keyboard.press("c");
  await ann.locator("[data-line]").waitFor();
  await shoot(ann, file("chat"));
  await ann.locator("#toggle-people").click();
  await shoot(ann, file("people"));
  await ann.locator("#toggle-statistics").click();
  await ann.locator("[data-statistics]").first().waitFor();
  await shoot(ann, file("statistics"));
  await ann.getByRole("button", { name: "Close" }).first().click();
  await bob.locator("#call-share").click();
  await waitForPicture(ann, "screen:bob");
  await shoot(ann, file("share"));
  for (const page of [bob, chen, ann]) await page.context().close();
}

async function takeLive(
  browser: Browser,
  { address, look, file }: {
    address: string;
    look: BrowserContextOptions;
    file: (page: string) => URL;
  },
): Promise<void> {
  const ann = await open(browser, `${address}/live`, look);
  await shoot(ann, file("live-door"));
  await ann.locator("#open-studio").click();
  await ann.locator("[data-captured]").waitFor();
  await shoot(ann, file("live-studio"));
  await ann.locator("#go-live-now").click();
  const code = await codeOf(ann);
  const viewers = [];
  for (const name of ["Bob Ortiz", "陈晓"]) {
    const page = await open(
      browser,
      `${address}/live/${code}?${new URLSearchParams({ name })}`,
      look,
    );
    await waitForMotion(page);
    viewers.push(page);
  }
  const [bob] = viewers as [Page];
  await shoot(ann, file("live-share"));
  await bob.getByLabel("Chat message").fill("We can see you well.");
  await bob.keyboard.press("Enter");
  await bob.locator("[data-line]").waitFor();
  await shoot(bob, file("live-chat"));
  await bob.locator("#tab-statistics").click();
  await bob.locator('[aria-current="step"]').waitFor();
  await shoot(bob, file("live-ladder"));
  await ann.locator("#tab-viewers").click();
  await ann.locator('[data-path="p2p"]').first().waitFor();
  await shoot(ann, file("live-viewers"));
  await ann.locator("#tab-statistics").click();
  await shoot(ann, file("live-statistics"));
  for (const page of [...viewers, ann]) await page.context().close();
}

async function takeForReadme(browser: Browser, address: string): Promise<void> {
  const look = { viewport: README_SIZE, colorScheme: "light" } as const;
  const file = (name: string) => new URL(`${name}_page.png`, README_FOLDER);
  const start = await open(browser, `${address}/`, look);
  await shoot(start, file("start"));
  await start.setViewportSize(README_TEST_SIZE);
  await start.goto(`${address}/test?room=test&user=ann&join=1&simulate=3`);
  await start.locator('[data-user="ann-3"]').waitFor();
  await start.locator("[data-log-row]").nth(8).waitFor();
  await shoot(start, file("test"));
  await start.context().close();
  const ann = await open(browser, address + meetPath("482913", "ann", "Ann Lee"), look);
  await joinMeeting(ann);
  const bob = await open(browser, address + meetPath("482913", "bob", "Bob Ortiz"));
  await joinMeeting(bob);
  const chen = await open(browser, address + meetPath("482913", "chen", "陈晓"));
  await joinMeeting(chen);
  await waitForPicture(ann, "person:bob");
  await waitForPicture(ann, "person:chen");
  await bob.keyboard.press("c");
  await bob.getByLabel("Chat message").fill("The notes are at https://example.org/notes.");
  await bob.keyboard.press("Enter");
  await ann.keyboard.press("c");
  await ann.locator("[data-line]").waitFor();
  await ann.getByLabel("Chat message").fill("Thank you, I have them here.");
  await ann.keyboard.press("Enter");
  await ann.locator("[data-line]").nth(1).waitFor();
  await waitForSharpPicture(ann, "person:bob");
  await waitForSharpPicture(ann, "person:chen");
  await shoot(ann, file("meet"));
  await takeLiveForReadme(browser, address, file("live"));
}

/** The broadcaster's page, with two who watch. */
async function takeLiveForReadme(browser: Browser, address: string, file: URL): Promise<void> {
  const ann = await open(browser, `${address}/live`, {
    viewport: README_SIZE,
    colorScheme: "light",
  });
  await ann.locator("#open-studio").click();
  await ann.locator("video[data-shown]").waitFor();
  await ann.locator("#go-live-now").click();
  const code = await codeOf(ann);
  for (const name of ["Bob Ortiz", "陈晓"]) {
    const page = await open(browser, `${address}/live/${code}?${new URLSearchParams({ name })}`);
    await waitForMotion(page);
  }
  await shoot(ann, file);
}

/** Waits until the way there has proven to be good enough for a picture of some size. */
async function waitForSharpPicture(page: Page, tile: string): Promise<void> {
  await waitUntil(async () => {
    const height = await page.evaluate<number>(
      `document.querySelector('[data-tile="${tile}"] video').videoHeight`,
    );
    return height >= 360 ? undefined : `${tile} is ${height} pixels high`;
  });
}

async function open(
  browser: Browser,
  url: string,
  look: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...look });
  const page = await context.newPage();
  await page.addInitScript(CAMERA);
  page.on("console", (message) => {
    // deno-lint-ignore no-console -- a tool that is run by hand
    if (message.type() === "error") console.error(message.text());
  });
  await page.goto(url);
  await page.locator("h1").first().waitFor({ state: "attached" });
  return page;
}

async function shoot(page: Page, file: URL): Promise<void> {
  await page.mouse.move(0, 0); // Nothing is to look as if it was pointed at.
  await Deno.writeFile(file, await page.screenshot({ animations: "disabled" }));
}
