/** Calls between real browsers over the real server: pictures move and sound is heard. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { assertNoFaults, CallPage, waitForMedia } from "../support/call_page.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ flags: MEDIA_FLAGS });

for (const names of [["ann", "bob"], ["ann", "bob", "cat"], ["ann", "bob", "cat", "dan"]]) {
  Deno.test(`[RL1] ${names.length} participants see and hear each other`, async () => {
    const all = await joinAll(`of-${names.length}`, names);

    await waitForMedia(...all);

    for (const one of all) {
      for (const { state, path } of (await one.received()).values()) {
        assert.deepEqual({ state, path }, { state: "connected", path: "p2p" });
      }
    }
    await assertNoFaults(...all);
  });
}

/** Lets them join one after the other. */
async function joinAll(
  roomId: string,
  names: readonly string[],
  codecs?: readonly string[],
): Promise<CallPage[]> {
  const all: CallPage[] = [];
  for (const userId of names) {
    all.push(await CallPage.join(tabs, { roomId, userId, ...(codecs ? { codecs } : {}) }));
  }
  return all;
}
