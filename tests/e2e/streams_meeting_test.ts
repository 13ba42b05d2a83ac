/**
 * A real participant of a meeting, watched over HTTP: Chromium makes the pictures while ffmpeg decodes
 * them at the asked rate, curl saves one, and images on other pages show them.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { joinMeeting, meetPath } from "../support/meet_page.ts";
import { curl, decodeFor } from "../support/picture_tools.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { untilImageMoves, untilMoving, untilShown } from "../support/streams_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const SECONDS = 5;
/** What a page of another site is: served from another origin than the server's. */
const WALL = "<!doctype html><title>Wall</title><body></body>";

const tabs = BrowserTabs.share({
  hasServer: false,
  flags: MEDIA_FLAGS,
});

for (const topology of ["mesh", "sfu"]) {
  Deno.test(`ffmpeg decodes ${SECONDS} s of a participant of a ${topology} at the asked rate`, async () => {
    await using server = await start(topology);
    await join(server, "ann");
    const url = `${server.address}/streams/test/ann`;

    for (const framesPerSecond of [2, 10]) {
      const query = `?fps=${framesPerSecond}&width=320`;
      const decoded = await decodeFor(`${url}.mjpeg${query}`, SECONDS);

      const expected = SECONDS * framesPerSecond;
      const { length } = decoded.times;
      // One more or less at each end, and one of seven that a loaded machine makes late.
      assert.ok(Math.abs(length - expected) <= 2 + expected / 7, `${length} of ${expected}`);
      assert.ok(new Set(decoded.hashes).size > length / 2); // The fake camera moves.
      assert.equal(decoded.size, "320x180");
      assert.equal(decoded.complaints, "");
    }

    // No wider than the camera, whatever is asked.
    const { status, headers, body } = await curl(`${url}.jpg?width=3840`);
    assert.equal(status, 200);
    assert.match(headers, /^content-type: image\/jpeg\r$/m);
    const { width, height } = sizeOf(body);
    assert.ok(width >= 640 && width <= 1920 && height < width, `${width}x${height}`);
  });
}

Deno.test("pictures of a participant end with its camera and its stay, and its page knows of them", async () => {
  await using server = await start("mesh");
  const ann = await join(server, "ann");
  const bob = await join(server, "bob");
  const page = await tabs.open("/streams", { server, expected: /409|404/ });
  await untilShown(page, "ann moving", "bob moving");
  await untilMoving(page, "ann");
  await untilMoving(page, "bob");

  await ann.keyboard.press("v");
  await untilShown(page, "bob moving");
  const { status } = await curl(`${server.address}/streams/test/ann.jpg`);
  assert.equal(status, 409);
  await ann.keyboard.press("v");
  await untilShown(page, "ann moving", "bob moving");
  await untilMoving(page, "ann");
  await bob.getByRole("button", { name: "Leave", exact: true }).click();
  await untilShown(page, "ann moving");
});

Deno.test("an image on another page shows pictures, as --cors-origin lets it", async () => {
  await using open = await start("mesh");
  const wall = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(WALL, { headers: { "content-type": "text/html" } }),
  );
  const address = `http://127.0.0.1:${wall.addr.port}`;
  await using closed = await start("mesh", "--cors-origin", "none");
  await using listed = await start("mesh", "--cors-origin", address);
  for (const server of [open, closed, listed]) await join(server, "ann");
  const page = await tabs.open("/", {
    server: { address },
    expected: /403|Failed|ERR_BLOCKED|CORS/,
  });

  assert.equal(await imageOf(page, open), "loaded");
  await untilImageMoves(page, "img", 1).then(
    () => assert.fail("a page of another origin reads pixels without asking for them"),
    (error) => assert.match(`${error}`, /tainted/),
  );
  assert.equal(await imageOf(page, open, "anonymous"), "loaded");
  assert.equal(await untilImageMoves(page, "img", 2), 320);
  assert.equal(await imageOf(page, closed), "refused");
  assert.equal(await imageOf(page, closed, "anonymous"), "refused");
  assert.equal(await imageOf(page, listed), "refused");
  assert.equal(await imageOf(page, listed, "anonymous"), "loaded");
  assert.equal(await untilImageMoves(page, "img", 2), 320);
  await page.goto("about:blank");
  await wall.shutdown();
});

/** Puts an image on the page; resolves to what became of it. */
function imageOf(page: Page, server: ServerProcess, crossOrigin?: string): Promise<string> {
  const source = `${server.address}/streams/test/ann.mjpeg?width=320`;
  return page.evaluate<string>(`new Promise((resolve) => {
    for (const old of document.images) { old.removeAttribute("src"); old.remove(); }
    const image = document.createElement("img");
    ${crossOrigin === undefined ? "" : `image.crossOrigin = "${crossOrigin}";`}
    image.onload = () => resolve("loaded");
    image.onerror = () => resolve("refused");
    image.src = ${JSON.stringify(source)};
    document.body.append(image);
  })`);
}

function start(topology: string, ...more: string[]): Promise<ServerProcess> {
  return freeUdpPort(1).then((port) =>
    ServerProcess.start({
      args: [
        ...["--topology", topology, "--log-level", "error", "--media-port", `${port}`],
        ...(topology === "sfu" ? ["--media-processes", "1"] : []),
        ...more,
      ],
    })
  );
}

/** Somebody with a camera joins the meeting `test`, and its pictures can be had. */
async function join(server: ServerProcess, user: string): Promise<Page> {
  const page = await tabs.open(meetPath("test", user), {
    server,
    viewport: { width: 640, height: 400 },
  });
  await joinMeeting(page);
  await waitUntil(async () => {
    const answer = await fetch(`${server.address}/streams/test/${user}.jpg`);
    await answer.body?.cancel();
    return answer.status === 200 ? undefined : `a picture is answered with ${answer.status}`;
  });
  return page;
}

/** The size that a JPEG says (ISO 10918-1, B.2.2). */
function sizeOf(jpeg: Uint8Array): { width: number; height: number } {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  for (let at = 2; at < jpeg.length;) {
    const marker = view.getUint16(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new Error("The JPEG has no frame");
}
