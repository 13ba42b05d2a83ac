/** What `deno task whip` publishes, in a real browser that watches by WHEP. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { HarnessPage } from "../support/harness_page.ts";
import { MediaFiles, PICTURES } from "../support/media_files.ts";
import { MediaServer } from "../support/media_server.ts";
import { runCli } from "../support/run_cli.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

type Report = Record<"height" | "framesDecoded" | "soundEnergy", number>;

for (const codec of Object.keys(PICTURES) as (keyof typeof PICTURES)[]) {
  Deno.test(`a browser decodes the ${codec} and the Opus that whip publishes, round after round`, async () => {
    await using files = await MediaFiles.make();
    const file = await files.picture(codec, { seconds: 2 });
    const audio = await files.sound({ seconds: 2 });
    const server = await MediaServer.start();
    const tab = await HarnessPage.open(tabs, { harness: "sessions_harness", server });
    const seen = Promise.withResolvers<void>();

    const publishing = runCli("whip", [
      ...["--url", server.address, "--room", "test", "--user-id", "cam"],
      ...["--file", file, "--audio", audio, "--loop"],
    ], { interruptWhen: seen.promise });
    await server.untilIn("test", "cam participant");
    assert.equal(await tab.run(`watch("wall", "/whep/test/cam?userId=wall")`), 201);
    let report: Report | undefined;
    await waitUntil(async () => {
      report = await tab.run<Report>(`report("wall")`);
      // Three rounds of the file, whatever the first key frame took.
      const isSeen = report.framesDecoded > 125 && report.soundEnergy > 0;
      return isSeen ? undefined : JSON.stringify(report);
    });
    seen.resolve();

    assert.equal((await publishing).code, 0);
    assert.equal(report!.height, 240);
    await server.untilIn("test", "wall viewer");
    await server.close();
  });
}
