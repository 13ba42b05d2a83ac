/** The server records what real browsers send to it, lips and voice together. */
import assert from "node:assert/strict";
import type { RecordingView } from "../../src/media/port.ts";
import { heardFrom, seenFrom } from "../media/record/moments.ts";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { decodeErrors, probe } from "../support/ffmpeg.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { SfuTab, SMALL } from "../support/sfu_tab.ts";

/** What people do not notice (ITU-R BT.1359 has 45 ms ahead and 125 ms behind). */
const MAX_APART_MS = 80;
const ADMIN_TOKEN = "s3cret-of-this-test";
const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

for (const container of ["webm", "mp4"] as const) {
  Deno.test(`a recording of a browser as ${container} has a flash and a beep in one moment`, async () => {
    // The start task may write there and nowhere else.
    const all = new URL("../../recordings/", import.meta.url).pathname;
    await Deno.mkdir(all, { recursive: true });
    const folder = await Deno.makeTempDir({ dir: all });
    await using server = await startServer(folder);
    const ann = await SfuTab.open(tabs, "ann", { server });
    const bob = await SfuTab.open(tabs, "bob", { server });
    // H264 is what MP4 is made for, and VP8 what WebM is.
    const video = { ...SMALL, codec: container === "mp4" ? "H264" : "VP8" };
    await ann.blackout(video);
    await ann.join("recorded", video);
    await bob.join("recorded");
    await bob.sees(["ann"]);

    await ask(server, "POST", { container });
    await bob.sees(["ann"], 45);
    await ann.show();
    await bob.sees(["ann"], 45);
    const { files, state, reason } = await ask(server, "DELETE");

    assert.deepEqual([state, reason], ["ended", "asked"]);
    const names = files.filter((name) => name.endsWith(`.${container}`));
    assert.equal(names.length, 1, `${files}`);
    const path = `${folder}/${names[0]}`;
    const { streams } = await probe(path);
    assert.deepEqual(
      streams.map(({ codec }) => codec).sort(),
      [
        container === "mp4" ? "h264" : "vp8",
        "opus",
      ].sort(),
    );
    assert.equal(await decodeErrors(path), "");
    const [seenMs, heardMs] = [await seenFrom(path), await heardFrom(path)];
    assert.ok(
      Math.abs(seenMs - heardMs) < MAX_APART_MS,
      `seen after ${seenMs} ms, heard after ${heardMs} ms`,
    );
    await Deno.remove(folder, { recursive: true });
  });
}

async function startServer(folder: string): Promise<ServerProcess> {
  const port = await freeUdpPort(1);
  return await ServerProcess.start({
    args: [
      ...["--topology", "sfu", "--media-port", `${port}`, "--log-level", "error"],
      ...["--recordings-dir", folder, "--admin-token", ADMIN_TOKEN],
    ],
  });
}

async function ask(
  { address }: ServerProcess,
  method: "POST" | "DELETE",
  body?: object,
): Promise<RecordingView> {
  const response = await fetch(`${address}/api/rooms/recorded/recordings`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method}: ${response.status}`);
  return await response.json();
}
