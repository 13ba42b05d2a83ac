/**
 * The meeting page as a person knows it: buttons by their labels, tiles by who is on them. What the
 * browser tests and the screenshots do again and again stands here once.
 */
import type { Page } from "playwright-core";
import { waitUntil } from "./wait_until.ts";

/** The address of a meeting for somebody with this user id and name. */
export function meetPath(roomId: string, user: string, name: string = user): string {
  return `/meet/${roomId}?${new URLSearchParams({ user, name })}`;
}

/** Presses Join and waits until the call is there. */
export async function joinMeeting(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Join now" }).click();
  await waitUntilInCall(page);
}

/** Waits until the call is there. */
export async function waitUntilInCall(page: Page): Promise<void> {
  await page.getByRole("toolbar", { name: "Controls" }).waitFor();
}

/** The tiles on the stage, such as `person:ann`. */
export async function tilesOf(page: Page): Promise<string[]> {
  const tiles = await page.locator("[data-tile]").evaluateAll((all) =>
    all.map((tile) => tile.getAttribute("data-tile") ?? "")
  );
  return tiles.sort();
}

/** Waits until exactly these tiles are there. */
export async function waitForTiles(page: Page, ...wanted: string[]): Promise<void> {
  const expected = wanted.sort().join(", ");
  await waitUntil(async () => {
    const shown = (await tilesOf(page)).join(", ");
    return shown === expected ? undefined : `the stage shows ${shown}, not ${expected}`;
  });
}

/** Waits until a tile shows moving pictures: its count of frames grows. */
export async function waitForPicture(page: Page, tile: string): Promise<void> {
  let first: number | undefined;
  await waitUntil(async () => {
    const frames = await page.evaluate<number>(
      `document.querySelector('[data-tile="${tile}"] video')?.getVideoPlaybackQuality()
        .totalVideoFrames ?? -1`,
    );
    first ??= frames > 0 ? frames : undefined;
    return first !== undefined && frames > first
      ? undefined
      : `${tile} has ${frames} frames, at first ${first}`;
  });
}

/** Waits until the sound of somebody is played: the time of its element goes on. */
export async function waitForSound(page: Page, sound: string): Promise<void> {
  let first: number | undefined;
  await waitUntil(async () => {
    const at = await page.evaluate<number>(
      `document.querySelector('[data-sound="${sound}"]')?.currentTime ?? -1`,
    );
    first ??= at >= 0 ? at : undefined;
    return first !== undefined && at > first ? undefined : `${sound} is at ${at} s`;
  });
}

/** Keeps every track and connection of a page in a list, and counts those that run. */
const WATCH_DEVICES = `{
  const tracks = [], connections = [];
  for (const name of ["getUserMedia", "getDisplayMedia"]) {
    const open = navigator.mediaDevices[name].bind(navigator.mediaDevices);
    navigator.mediaDevices[name] = async (options) => {
      const stream = await open(options);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration);
      connections.push(this);
    }
  };
  globalThis.running = () => ({
    tracks: tracks.filter(({ readyState }) => readyState === "live").length,
    connections: connections.filter(({ connectionState }) => connectionState !== "closed").length,
  });
}`;

/** Prepares a tab for {@linkcode runningIn}. */
export async function watchDevices(page: Page): Promise<void> {
  await page.addInitScript(WATCH_DEVICES);
}

/** How many tracks and connections run in a tab that {@linkcode watchDevices} has prepared. */
export async function runningIn(page: Page): Promise<{ tracks: number; connections: number }> {
  return await page.evaluate("running()");
}

/** Waits until the page says something aloud. */
export async function waitUntilSaid(page: Page, words: string): Promise<void> {
  await waitUntil(async () => {
    const said = (await page.getByRole("status").allTextContents()).join();
    return said.includes(words) ? undefined : `said: ${said}`;
  });
}
