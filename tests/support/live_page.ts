/**
 * The pages of live rooms as a person knows them: go live, watch, see pictures that move. What the
 * browser tests do again and again stands here once.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { BrowserTabs, TabOptions } from "./browser_tabs.ts";
import { waitUntil } from "./wait_until.ts";

/** Ticks of a tab's timer; see {@linkcode watchPauses}. */
const TICK_MS = 100;

/**
 * Keeps the longest pause between two drawn pictures, of the broadcast or of the own camera, in ticks
 * of the tab's own timer: a machine that is too slow holds up both alike, so what is counted is a pause
 * of the broadcast.
 */
const WATCH_PAUSES = `{
  let ticks = 0, at = 0, longest = 0, watched = null;
  setInterval(() => {
    ticks += 1;
    const video = document.querySelector("#player video, main video.mirrored");
    if (video === null || video === watched) return;
    watched = video;
    at = ticks;
    const look = () => {
      if (video !== watched) return;
      longest = Math.max(longest, ticks - at);
      at = ticks;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }, ${TICK_MS});
  globalThis.forgetPauses = () => { longest = 0; at = ticks; };
  globalThis.longestPause = () => Math.max(longest, ticks - at) * ${TICK_MS};
}`;

/** Goes live in a tab of its own. Returns the tab and the code. */
export async function goLive(
  tabs: BrowserTabs,
  options: TabOptions = {},
): Promise<{ readonly page: Page; readonly code: string }> {
  const page = await tabs.open("/live", {
    ...options,
    async prepare(page) {
      await page.addInitScript(WATCH_PAUSES);
      await options.prepare?.(page);
    },
  });
  await page.locator("#open-studio").click();
  await page.locator("video[data-shown]").waitFor();
  await page.locator("#go-live-now").click();
  return { page, code: await codeOf(page) };
}

/** The code that stands on the broadcaster's page, once it is live. */
export async function codeOf(page: Page): Promise<string> {
  const code = await page.locator("[data-code]").getAttribute("data-code");
  assert.match(code ?? "", /^\d{6}$/);
  return code!;
}

/** Watches in a tab of its own, under a name. */
export async function watch(
  tabs: BrowserTabs,
  code: string,
  { name, path, ...options }: TabOptions & { readonly name: string; readonly path?: string },
): Promise<Page> {
  const query = new URLSearchParams({ user: name, ...(path === undefined ? {} : { path }) });
  return await tabs.open(`/live/${code}?${query}`, {
    ...options,
    async prepare(page) {
      await page.addInitScript(WATCH_PAUSES);
      await options.prepare?.(page);
    },
  });
}

/** Waits until the picture of a viewer moves: so many more pictures are drawn than now. */
export async function waitForMotion(page: Page, pictures = 5): Promise<void> {
  let first: number | undefined;
  await waitUntil(async () => {
    const count = await page.evaluate<number>(
      `document.querySelector("#player video")?.getVideoPlaybackQuality().totalVideoFrames ?? -1`,
    );
    // Another connection may count anew.
    first = first === undefined || count < first ? Math.max(0, count) : first;
    return count >= first + pictures ? undefined : `${page.url()} has drawn ${count - first}`;
  });
}

/** Begins to count pauses anew. */
export async function forgetPauses(page: Page): Promise<void> {
  await page.evaluate("forgetPauses()");
}

/** The longest pause between two pictures since then, in milliseconds of the tab's own timer. */
export async function longestPause(page: Page): Promise<number> {
  return await page.evaluate("longestPause()");
}

/** Waits until exactly these viewers are in the broadcaster's list, each with one of these paths. */
export async function waitForPaths(
  broadcaster: Page,
  names: readonly string[],
  ...paths: readonly string[]
): Promise<void> {
  await broadcaster.locator("#tab-viewers").click();
  const wanted = [...names].sort().join();
  await waitUntil(async () => {
    const shown = await broadcaster.locator("[data-viewer]").evaluateAll((rows) =>
      rows.map((row) => [row.getAttribute("data-viewer"), row.getAttribute("data-path")] as const)
    );
    const areAll = shown.map(([name]) => name).sort().join() === wanted;
    const areSo = shown.every(([, path]) => paths.includes(path ?? ""));
    return areAll && areSo ? undefined : `the list shows ${JSON.stringify(shown)}`;
  });
}
