/** The real page in a real Chromium, over the TLS of each proxy. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { launchChromium } from "../support/chromium.ts";
import { Proxy } from "../support/proxy.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitForRoster } from "../support/test_page.ts";

let browser: Browser;
let server: ServerProcess;

Deno.test.beforeAll(async () => {
  browser = await launchChromium();
  server = await ServerProcess.start();
});
Deno.test.afterAll(async () => {
  await browser.close();
  await server.stop();
});

for (const kind of ["nginx", "caddy"] as const) {
  Deno.test(`[JO2] two tabs behind ${kind} see each other`, async () => {
    await using proxy = await Proxy.start(kind, { upstream: server.port });
    // The certificate is this test's own, which no browser trusts.
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
    const faults: string[] = [];
    const open = async (userId: string) => {
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(`${error}`));
      page.on("console", (line) => line.type() === "error" && faults.push(line.text()));
      await page.goto(`${proxy.origin}/test?room=${kind}&user=${userId}&join=1`);
      return page;
    };

    const ann = await open("ann");
    const bob = await open("bob");
    await waitForRoster(ann, "ann", "bob");
    await waitForRoster(bob, "ann", "bob");

    assert.deepEqual(faults, []);
    assert.equal(await ann.evaluate("isSecureContext"), true);
    await context.close();
  });
}
