/** Whoever watches a participant of a meeting over HTTP, and what the participant is told of it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { joinMeeting, meetPath } from "../support/meet_page.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A stream is looked at for so long, at this rate. */
const SECONDS = 5;
const RATE = 10;

const tabs = BrowserTabs.share({ flags: MEDIA_FLAGS, serverArgs: ["--log-level", "error"] });

Deno.test("[FR1, FR4] ffmpeg reads a meeting's participant at the asked rate, who sees that it is watched", async () => {
  const page = await joined("watched");
  const from = performance.now();

  const reading = ffmpeg([
    ...[
      "-f",
      "mpjpeg",
      "-i",
      `${new URL(page.url()).origin}/streams/watched/ann.mjpeg?fps=${RATE}&width=320`,
    ],
    ...["-frames:v", `${SECONDS * RATE}`, "-f", "null", "-"],
  ]);
  await page.getByText("1 watches over HTTP").waitFor();
  const said = await reading;
  const seconds = (performance.now() - from) / 1_000;

  assert.match(said, /320x\d+/);
  // The rate that comes is what counts, not what the file says of itself: each is as late as it is.
  assert.ok(seconds > SECONDS * 0.7 && seconds < SECONDS * 2, `${seconds} s for ${SECONDS} s`);
  await page.getByText("1 watches over HTTP").waitFor({ state: "hidden" });
});

Deno.test("[FR4] a single picture is one of the camera, as wide as it was asked for", async () => {
  const page = await joined("single");

  const answer = await fetch(`${new URL(page.url()).origin}/streams/single/ann.jpg?width=160`);
  const bytes = new Uint8Array(await answer.arrayBuffer());

  assert.equal(answer.headers.get("content-type"), "image/jpeg");
  const width = await page.evaluate(
    `createImageBitmap(new Blob([new Uint8Array([${bytes}])])).then(({ width }) => width)`,
  );
  assert.equal(width, 160);
});

Deno.test("[FR4] a participant whose camera is off gives no picture, and the meeting goes on", async () => {
  const page = await joined("dark");
  await page.keyboard.press("v");

  const answer = await fetch(`${new URL(page.url()).origin}/streams/dark/ann.jpg`);
  await answer.body?.cancel();

  assert.ok(answer.status >= 400, `${answer.status}`);
  await waitUntil(async () => {
    const isThere = await page.getByRole("toolbar", { name: "Controls" }).isVisible();
    return isThere ? undefined : "the call is gone";
  });
});

async function joined(roomId: string): Promise<Page> {
  const page = await tabs.open(meetPath(roomId, "ann", "Ann"));
  await joinMeeting(page);
  return page;
}
