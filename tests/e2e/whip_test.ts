/** WHIP in and WHEP out with real media: a real browser, the media process, and other people's clients. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { HarnessPage } from "../support/harness_page.ts";
import { MediaServer } from "../support/media_server.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

type Report = Record<"height" | "framesDecoded" | "framesEncoded" | "soundEnergy", number> & {
  state: string;
};

/** A tab of `server` with the harness. */
function open(server: MediaServer): Promise<HarnessPage> {
  return HarnessPage.open(tabs, { harness: "sessions_harness", server });
}

/** Waits until a session in a tab shows moving pictures, 10 of them, and lets a sound be heard. */
async function seesAndHears(tab: HarnessPage, name: string): Promise<Report> {
  const first = await tab.run<Report>(`report("${name}")`);
  let report = first;
  await waitUntil(async () => {
    report = await tab.run<Report>(`report("${name}")`);
    const { framesDecoded, soundEnergy } = report;
    const isMoving = framesDecoded >= first.framesDecoded + 10 && soundEnergy > first.soundEnergy;
    return isMoving ? undefined : JSON.stringify(report);
  });
  return report;
}

Deno.test("WHIP puts a browser's camera into a room, and WHEP shows it in another browser", async () => {
  const server = await MediaServer.start();
  const [camera, wall] = await Promise.all([open(server), open(server)]);

  assert.equal(await camera.run(`publish("cam", "/whip/test?userId=cam")`), 201);
  assert.equal(await wall.run(`watch("all", "/whep/test?userId=wall")`), 201);
  assert.equal(await wall.run(`watch("one", "/whep/test/cam?userId=one")`), 201);

  const all = await seesAndHears(wall, "all");
  const one = await seesAndHears(wall, "one");
  assert.deepEqual([all.height, one.height, all.state], [480, 480, "connected"]);
  assert.deepEqual(await server.roster("test"), ["cam participant", "wall viewer", "one viewer"]);
  await server.close();
});
