/** What other people write is text on the page, whatever it looks like; the policy is never touched. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { sendRaw, waitForMessage, waitForRoster } from "../support/test_page.ts";

const tabs = BrowserTabs.share();
const MARKUP = "<img src=x onerror=\"document.title='owned'\">";
const REVERSED = "safe \u202egpj.exe";

Deno.test("[CH2] hostile chat text is shown as text", async () => {
  const [ann, eve] = await pair("chat");

  for (const text of [MARKUP, REVERSED, "<script>document.title='owned'</script>"]) {
    await sendRaw(eve, JSON.stringify({ type: "chat", text }));
  }

  const chat = ann.getByRole("log", { name: "Chat" });
  await chat.getByText(MARKUP, { exact: true }).waitFor();
  await chat.getByText("<script>document.title='owned'</script>", { exact: true }).waitFor();
  assert.equal(await ann.locator("main img").count(), 0);
  assert.doesNotMatch(await ann.title(), /owned/);
});

Deno.test("[ID3] a hostile name is shown as text in the roster", async () => {
  const ann = await tabs.open("/test?room=name&user=ann&join=1");
  const name = encodeURIComponent(MARKUP);
  const eve = await tabs.open(`/test?room=name&user=eve&name=${name}&join=1`);
  await waitForRoster(ann, "ann", "eve");

  await ann.locator('[data-user="eve"]').getByText(MARKUP, { exact: true }).waitFor();

  assert.equal(await ann.locator("main img").count(), 0);
  assert.doesNotMatch(await ann.title(), /owned/);
  assert.doesNotMatch(await eve.title(), /owned/);
});

Deno.test("the log shows marks that turn text around, and never obeys them", async () => {
  const [ann, eve] = await pair("marks");

  await sendRaw(eve, JSON.stringify({ type: "chat", text: REVERSED }));

  await waitForMessage(ann, "chat");
  const row = ann.locator("[data-log-row]").filter({ hasText: "gpj.exe" });
  await row.getByText("safe \\u202egpj.exe").first().waitFor();
});

Deno.test("[DA1] data of any shape passes through the log without harm", async () => {
  const [ann, eve] = await pair("data");

  for (const payload of [null, [MARKUP], { toString: 1, constructor: null }, "x".repeat(20_000)]) {
    await sendRaw(eve, JSON.stringify({ type: "data", payload }));
  }
  await waitForMessage(ann, "data");
  await ann.locator("[data-log-row]").last().click();

  await waitForRoster(ann, "ann", "eve");
});

Deno.test("an address cannot put markup on the page", async () => {
  const text = encodeURIComponent(MARKUP);
  const page = await tabs.open(`/test?room=${text}&user=${text}&name=${text}&join=1`);

  assert.equal(await page.getByLabel("Room id").inputValue(), MARKUP);
  assert.equal(await page.getByLabel("Room id").getAttribute("aria-invalid"), "true");
  assert.doesNotMatch(await page.title(), /owned/);
});

async function pair(room: string): Promise<[Page, Page]> {
  const ann = await tabs.open(`/test?room=${room}&user=ann&join=1`);
  const eve = await tabs.open(`/test?room=${room}&user=eve&join=1`);
  await waitForRoster(ann, "ann", "eve");
  return [ann, eve];
}
