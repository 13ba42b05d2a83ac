/** Media through the server when it is crowded, and when its media process dies. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { mediaProcessesOf, residentKb } from "../support/media_processes.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { SfuTab, SMALL } from "../support/sfu_tab.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

async function startServer(): Promise<ServerProcess> {
  const port = await freeUdpPort(1);
  const args = ["--topology", "sfu", "--media-port", `${port}`, "--log-level", "error"];
  return await ServerProcess.start({ args });
}

Deno.test("pictures are back when the media process was killed, and signaling stays up", async () => {
  await using server = await startServer();
  const [ann, bob] = [
    await SfuTab.open(tabs, "ann", { server }),
    await SfuTab.open(tabs, "bob", { server }),
  ];
  await ann.join("killed", SMALL);
  await bob.join("killed", SMALL);
  await bob.sees(["ann"]);
  await ann.sees(["bob"]);
  const [before] = mediaProcessesOf(server.pid);

  Deno.kill(before!, "SIGKILL");
  await waitUntil(async () => {
    const { heard } = await bob.report();
    return heard.includes("media-lost") ? undefined : "bob was not told";
  });
  await bob.sees(["ann"]);
  await ann.sees(["bob"]);

  // One carries the room, and another may be in reserve.
  const after = mediaProcessesOf(server.pid);
  assert.ok(after.length > 0 && !after.includes(before!), `${before} was killed, ${after} run`);
  const { heard } = await bob.report();
  assert.ok(!heard.includes("user-left"), "somebody seemed to leave");
});

Deno.test("60 joins and leaves leave nothing behind in the media process", async () => {
  await using server = await startServer();
  const ann = await SfuTab.open(tabs, "ann", { server });
  await ann.join("churn", SMALL);
  const bob = await SfuTab.open(tabs, "bob", { server });
  const rounds = async (count: number) => {
    for (let n = 0; n < count; n++) {
      await bob.join("churn");
      await bob.sees(["ann"], 1);
      await bob.leave();
    }
  };
  // What is compiled and grown once is no leak.
  await rounds(15);
  const [pid] = mediaProcessesOf(server.pid);
  const before = residentKb(pid!);

  await rounds(60);

  const grownMb = (residentKb(pid!) - before) / 1_024;
  assert.ok(grownMb < 24, `60 joins cost ${grownMb.toFixed(1)} MB`);
});
