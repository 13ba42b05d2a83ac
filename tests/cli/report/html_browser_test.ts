/** The HTML report of a real run in a real browser: filtered, read by keys, on a phone, on paper. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { htmlOf } from "../../../cli/report/html.ts";
import type { TimelineRecord } from "../../../cli/trace/timeline.ts";
import { axeViolations } from "../../support/axe.ts";
import { BrowserTabs, type TabOptions } from "../../support/browser_tabs.ts";
import { runCli } from "../../support/run_cli.ts";
import {
  hostileText,
  hostileTimeline,
  mediaReport,
  slowReport,
  verifiedReport,
  wrongReport,
} from "../../support/simulation_reports.ts";
import { waitUntil } from "../../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false });
let folder: string;
let realReport: string;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  realReport = `${folder}/real.html`;
  const { code, out, err } = await runCli("simulate", [
    ...["--users", "30", "--rooms", "2", "--churn", "0.3", "--duration", "1s", "--quiet"],
    ...["--html", realReport],
  ]);
  assert.equal(code, 0, out + err);
});
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

Deno.test("a real report opens from a file, draws its messages, and logs no error", async () => {
  const page = await open(realReport);

  await page.getByRole("heading", { name: "Verified" }).waitFor();
  await page.locator(".view svg text.head", { hasText: "user-1" }).first().waitFor();
  await page.getByText("Types: all").click();
  await page.getByLabel(/^\(connection\)/).uncheck();
  await page.locator(".view svg line.received").first().waitFor({ state: "attached" });
  assert.equal(await page.locator(".static").isVisible(), false);
  assert.equal(await page.locator(".users > li").count(), 24);
  assert.match(await page.locator("#messages").innerText(), /Left out: 6 more users/);
});

Deno.test("the diagram draws a screenful of thousands of messages", async () => {
  const page = await open(await write(htmlOf(verifiedReport, manyMessages(6_000))));

  await untilShown(page, "6,000 of 6,000 shown");
  await page.locator(".view").focus();
  await page.keyboard.press("End");

  await page.locator("[data-message]").getByText("6000 of 6000").waitFor();
  const drawn = await page.locator(".view svg > *").count();
  assert.ok(drawn > 20 && drawn < 600, `${drawn} elements`);
});

Deno.test("messages are filtered by user and by type, and all come back", async () => {
  const page = await open(await write(htmlOf(verifiedReport, manyMessages(40))));
  await untilShown(page, "40 of 40 shown");

  await page.getByText("Users: all").click();
  await page.getByLabel("user-2 (20)").uncheck();
  await untilShown(page, "20 of 40 shown");
  assert.deepEqual(await heads(page), ["server", "user-1"]);
  await page.getByText("Types: all").click();
  await page.getByRole("group", { name: "Types to show" }).getByRole("button", { name: "None" })
    .click();
  await untilShown(page, "0 of 40 shown");
  await page.getByLabel("chat (20)").check();
  await untilShown(page, "10 of 40 shown");

  for (const name of ["Users", "Types"]) {
    await page.getByRole("group", { name: `${name} to show` }).getByRole("button", { name: "All" })
      .click();
  }
  await untilShown(page, "40 of 40 shown");
  assert.deepEqual(await heads(page), ["server", "user-1", "user-2"]);
});

Deno.test("a click shows the message, the keys go on from there, the buttons zoom", async () => {
  const page = await open(await write(htmlOf(verifiedReport, manyMessages(40))));
  await untilShown(page, "40 of 40 shown");
  const panel = page.locator("[data-message]");

  await page.locator(".view").click({ position: { x: 60, y: 28 + 24 * 2 + 12 } });
  await panel.getByText("3 of 40").waitFor();
  assert.match(await panel.innerText(), /user-1 received chat/);
  assert.match(await panel.locator("pre").innerText(), /"text": "number 2"/);
  await page.locator(".view").focus();
  await page.keyboard.press("ArrowDown");
  await panel.getByText("4 of 40").waitFor();
  await page.getByRole("button", { name: "Previous" }).click();
  await panel.getByText("3 of 40").waitFor();

  const before = await page.locator(".view .space").evaluate((space) => space.clientHeight);
  await page.getByRole("button", { name: "Larger" }).click();
  await waitUntil(async () => {
    const after = await page.locator(".view .space").evaluate((space) => space.clientHeight);
    return after > before ? undefined : `${after} px after, ${before} px before`;
  });
});

Deno.test("the diagram is dragged with the mouse, and a drag chooses nothing", async () => {
  const page = await open(await write(htmlOf(verifiedReport, manyMessages(400))));
  await untilShown(page, "400 of 400 shown");
  await page.locator(".view").scrollIntoViewIfNeeded();
  const box = await page.locator(".view").boundingBox();
  const [x, y] = [box!.x + 150, box!.y + 250];

  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 60);
  await page.mouse.move(x, y - 120);
  await page.mouse.up();

  await waitUntil(async () => {
    const top = await page.locator(".view").evaluate((view) => view.scrollTop);
    return top >= 100 ? undefined : `scrolled by ${top} px`;
  });
  assert.equal(await page.locator("[data-message] h3").count(), 0);
});

Deno.test("hostile names, messages and findings are text, in the diagram too", async () => {
  const page = await open(await write(htmlOf(wrongReport, hostileTimeline)));
  page.on("dialog", (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
  await untilShown(page, "8 of 8 shown");

  await page.locator(".view").focus();
  await page.keyboard.press("End");
  for (let step = 0; step < 7; step++) await page.keyboard.press("ArrowUp");
  await page.locator("[data-message]").getByText("1 of 8").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByText("Users: all").click();

  assert.equal(await page.locator("script").count(), 2);
  assert.equal(await page.locator("main b:text-is('>')").count(), 0);
  const names = await page.locator("[data-filter=users] label").allInnerTexts();
  assert.ok(names.some((name) => name.includes("</script><script>alert('x')")), names.join());
  assert.match(await page.locator(".findings").innerText(), /<script>alert\("x"\)<\/script>/);
  assert.ok(hostileText.includes("<script>"));
});

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(`axe finds nothing wrong in a report in ${colorScheme}`, async () => {
    const written = [wrongReport, mediaReport].map((one) => write(htmlOf(one, hostileTimeline)));
    for (const html of [realReport, ...await Promise.all(written)]) {
      const page = await open(html, { colorScheme });
      await page.locator("[data-shown]", { hasText: "shown" }).waitFor();
      await page.locator(".view").focus();
      await page.keyboard.press("ArrowDown");
      for (const summary of await page.locator("summary").all()) await summary.click();

      assert.deepEqual(await axeViolations(page), []);
    }
  });
}

Deno.test("a report is no wider than a phone of 360 px", async () => {
  const written = [wrongReport, mediaReport].map((one) => write(htmlOf(one, hostileTimeline)));
  for (const html of [realReport, ...await Promise.all(written)]) {
    const page = await open(html, { viewport: { width: 360, height: 740 } });
    for (const summary of await page.locator("summary").all()) await summary.click();

    const [content, screen] = await page.evaluate<[number, number]>(
      "[document.documentElement.scrollWidth, innerWidth]",
    );

    assert.ok(content <= screen, `${content} px on a screen of ${screen}`);
  }
});

Deno.test("on paper the diagram is a drawing, and its controls are gone", async () => {
  const page = await open(await write(htmlOf(slowReport, manyMessages(400))));
  await untilShown(page, "400 of 400 shown");

  await page.emulateMedia({ media: "print" });

  assert.equal(await page.locator(".static svg").isVisible(), true);
  assert.equal(await page.locator(".view").isVisible(), false);
  assert.equal(await page.getByRole("button").count(), 0);
  assert.equal(await page.locator(".static svg line.received").count(), 30);
  assert.ok((await page.pdf()).length > 10_000);
});

Deno.test("without scripts the report is all there, the diagram as a drawing", async () => {
  const page = await open(realReport, { javaScriptEnabled: false });

  assert.equal(await page.locator(".static svg").isVisible(), true);
  assert.equal(await page.locator(".view").isVisible(), false);
});

async function open(file: string, options: TabOptions = {}): Promise<Page> {
  return await tabs.open(file, { ...options, server: { address: "file://" } });
}

async function write(html: string): Promise<string> {
  const file = await Deno.makeTempFile({ dir: folder, suffix: ".html" });
  await Deno.writeTextFile(file, html);
  return file;
}

async function untilShown(page: Page, text: string): Promise<void> {
  await page.locator("[data-shown]").getByText(text, { exact: true }).waitFor();
}

async function heads(page: Page): Promise<string[]> {
  // The drawing follows in the next frame.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))");
  return await page.locator(".view text.head").allTextContents();
}

/** `count` messages of two users, one after the other: chats and states by turns. */
function manyMessages(count: number): TimelineRecord {
  const users = ["user-1", "user-2"].map((userId, user) => ({
    userId,
    milestones: { connecting: 0, open: 1, welcome: 2, joinSent: 3, joined: 4, end: count },
    messages: Array.from({ length: count / 2 }, (_, index) => {
      const at = 2 * index + user;
      const type = index % 2 === 0 ? "participant-updated" : "chat";
      const direction = index % 2 === 0 ? "sent" as const : "received" as const;
      return { at, direction, type, text: JSON.stringify({ type, text: `number ${at}` }) };
    }),
    leftOut: 0,
  }));
  return { users, usersLeftOut: 0, contexts: [] };
}
