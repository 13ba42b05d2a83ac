/**
 * What becomes of a call in a tab, seen past the code under test: which way its media travel, and how
 * its pictures go on. For each tile the longest pause between two pictures is counted in pictures of
 * the own camera: a machine that is too slow holds up both alike, so what is counted is a pause of the
 * call and not of the machine.
 */
import type { Page } from "playwright-core";

const WATCH = `{
  const connections = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration);
      connections.push(this);
    }
  };
  globalThis.mediaWays = () => {
    const open = connections.filter(({ signalingState }) => signalingState !== "closed");
    // The server alone is ICE-lite.
    const ways = open.map(({ remoteDescription }) =>
      /^a=ice-lite/m.test(remoteDescription?.sdp ?? "") ? "sfu" : "mesh");
    return [...new Set(ways)].sort();
  };

  let own = 0;
  const tiles = new Map();
  const watched = new WeakSet();
  const came = (name) => {
    const tile = tiles.get(name) ?? { at: own, longest: 0 };
    tile.longest = Math.max(tile.longest, own - tile.at);
    tile.at = own;
    tiles.set(name, tile);
  };
  const watch = (video) => {
    if (watched.has(video)) return;
    watched.add(video);
    const look = () => {
      const name = video.closest("[data-tile]")?.dataset.tile;
      // A picture that is not to be seen yet is none.
      if (name !== undefined && video.dataset.shown === "true") {
        if (video.classList.contains("mirrored")) own += 1;
        else came(name);
      }
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  };
  new MutationObserver(() => {
    for (const video of document.querySelectorAll("[data-tile] video")) watch(video);
  }).observe(document, { subtree: true, childList: true });
  globalThis.pictureGaps = () => {
    const gaps = [...tiles].map(([name, { at, longest }]) => [name, Math.max(longest, own - at)]);
    return Object.fromEntries(gaps);
  };
  globalThis.forgetPictures = () => {
    tiles.clear();
    for (const video of document.querySelectorAll("[data-tile] video")) {
      const name = video.closest("[data-tile]").dataset.tile;
      if (!video.classList.contains("mirrored")) tiles.set(name, { at: own, longest: 0 });
    }
  };
}`;

const SMALL_CAMERA = `{
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) =>
    open({ ...wish, ...(wish.video ? { video: { ...wish.video, width: 320, height: 180 } } : {}) });
  MediaStreamTrack.prototype.applyConstraints = async () => {};
}`;

/** Prepares a tab, before it opens the page. */
export async function watchCall(page: Page): Promise<void> {
  await page.addInitScript(WATCH);
}

/** Gives a tab a small camera, before it opens the page: several encoders share one machine. */
export async function makeCameraSmall(page: Page): Promise<void> {
  await page.addInitScript(SMALL_CAMERA);
}

/** Counts the pauses of the tiles that show something, from now on. */
export async function forgetPictures(page: Page): Promise<void> {
  await page.evaluate("forgetPictures()");
}

/** The longest pause of each tile, in pictures of the own camera. */
export async function pictureGaps(page: Page): Promise<Readonly<Record<string, number>>> {
  return await page.evaluate("pictureGaps()");
}

/** Which ways the open connections of a tab go, `mesh` before `sfu`. */
export async function mediaWays(page: Page): Promise<readonly ("mesh" | "sfu")[]> {
  return await page.evaluate("mediaWays()");
}
