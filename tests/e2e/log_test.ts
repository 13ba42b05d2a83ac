/** The signaling log and the raw message box of the test page. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { logOf, sendRaw, waitForMessage, waitForRoster } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share();

Deno.test("the log shows both directions, and opens a message in full", async () => {
  const page = await tabs.open("/test?room=log&user=ann&join=1");
  await waitForMessage(page, "joined");

  assert.deepEqual(await logOf(page), ["welcome", "join", "joined"]);
  await page.locator("[data-log-row]").filter({ hasText: "joined" }).click();

  await page.getByRole("log", { name: "Signaling log" })
    .locator("pre").filter({ hasText: '"roomId": "log"' }).waitFor();
});

Deno.test("the log narrows by text, type and direction, and goes wide again", async () => {
  const page = await tabs.open("/test?room=narrow&user=ann&join=1");
  await waitForMessage(page, "joined");
  const shows = (...types: string[]) =>
    waitUntil(async () => {
      const shown = (await logOf(page)).join();
      return shown === types.join() ? undefined : `the log shows ${shown}, not ${types}`;
    });

  await page.getByLabel("Type", { exact: true }).selectOption("join");
  await shows("join");
  await page.getByRole("button", { name: "Reset filter" }).click();
  await shows("welcome", "join", "joined");
  await page.getByLabel("Direction").selectOption("out");
  await shows("join");
  await page.getByLabel("Direction").selectOption("");
  await page.getByLabel("Filter text").fill("HEARTBEATms");
  await shows("welcome");
  await page.getByLabel("Filter text").fill("no such text");
  await page.getByText("No message passes the filter").waitFor();
});

Deno.test("the log stands still in a pause, and shows afterwards what came", async () => {
  const page = await tabs.open("/test?room=pause&user=ann&join=1");
  await waitForMessage(page, "joined");

  await page.getByRole("button", { name: "Pause" }).click();
  await sendRaw(page, '{"type":"chat","text":"during the pause"}');
  await page.getByText("Paused. 2 new messages").waitFor();
  const held = await logOf(page);
  await page.getByRole("button", { name: "Resume" }).click();

  assert.deepEqual(held, ["welcome", "join", "joined"]);
  await waitForMessage(page, "chat");
});

Deno.test("the download is JSON lines of what the filter passes, pauses included", async () => {
  const page = await tabs.open("/test?room=download&user=ann&join=1");
  await waitForMessage(page, "joined");
  await page.getByRole("button", { name: "Pause" }).click();
  await sendRaw(page, '{"type":"chat","text":"line\\nbreak"}');
  await page.getByText("Paused. 2 new messages").waitFor();

  const { name, lines } = await download(page);

  assert.match(name, /^signalbox-download-[\dT-]+\.jsonl$/);
  assert.deepEqual(
    lines.map(({ user, direction, message }) => [user, direction, message.type]),
    [
      ["ann", "in", "welcome"],
      ["ann", "out", "join"],
      ["ann", "in", "joined"],
      ["ann", "out", "chat"],
      ["ann", "in", "chat"],
    ],
  );
  assert.deepEqual(Object.keys(lines[0] ?? {}), [
    ...["at", "user", "direction", "message", "client"],
  ]);
  assert.ok(lines.every(({ at }) => Number.isInteger(at) && at > 1.7e12));
  assert.equal(lines[4]?.message.text, "line\nbreak");
});

Deno.test("copy takes what the log shows, or one message", async () => {
  const page = await tabs.open("/test?room=copy&user=ann&join=1", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await waitForMessage(page, "joined");
  await page.getByLabel("Direction").selectOption("out");

  await page.getByRole("button", { name: "Copy 1 message as JSON lines" }).click();
  await waitUntil(async () => {
    const text = String(await page.evaluate("navigator.clipboard.readText()"));
    return text.includes('"type":"join"') ? undefined : `the clipboard holds ${text}`;
  });
});

Deno.test("the raw message box sends an example of the schema", async () => {
  const ann = await tabs.open("/test?room=raw&user=ann&join=1");
  const bob = await tabs.open("/test?room=raw&user=bob&join=1");
  await waitForRoster(ann, "ann", "bob");
  const panel = ann.getByRole("region", { name: "Raw message" });

  await panel.getByLabel("Example").selectOption("chat");
  await panel.getByRole("button", { name: "Send" }).click();

  await bob.getByRole("log", { name: "Chat" }).getByText("Hello", { exact: true }).waitFor();
});

Deno.test("[ME1, ME2] a wrong raw message shows the server's code and words, and nothing breaks", async () => {
  const page = await tabs.open("/test?room=wrong&user=ann&join=1");
  await waitForMessage(page, "joined");

  await sendRaw(page, '{"type":"no-such-type"}');
  const alert = page.getByRole("alert");
  await alert.getByText("unknown-type", { exact: true }).waitFor();
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await sendRaw(page, "{not json");
  await alert.getByText("bad-message", { exact: true }).waitFor();

  // The notice is drawn before the log is.
  await waitUntil(async () => {
    const tail = (await logOf(page)).slice(-4).join();
    return tail === "no-such-type,error,raw,error" ? undefined : `the log ends with ${tail}`;
  });
  await waitForRoster(page, "ann");
});

Deno.test("a raw message goes out as a simulated user when asked to", async () => {
  const page = await tabs.open("/test?room=sender&user=ann&join=1&simulate=1");
  await waitForRoster(page, "ann", "ann-1");

  await page.getByLabel("Send as").selectOption({ label: "ann-1" });
  await sendRaw(page, '{"type":"chat","text":"from the company"}');

  const line = page.getByRole("log", { name: "Chat" }).getByText("from the company");
  await line.waitFor();
  const { lines } = await download(page);
  assert.ok(
    lines.some(({ user, direction, message }) =>
      user === "ann-1" && direction === "out" && message.type === "chat"
    ),
  );
});

Deno.test("the log says what it dropped, and the page answers under a flood of messages", async () => {
  const page = await tabs.open("/test?room=flood&user=ann&join=1&simulate=20");
  await waitUntil(async () => {
    const count = await page.locator("[data-user]").count();
    return count === 21 ? undefined : `${count} of 21 are in the room`;
  });

  await page.getByLabel("Message", { exact: true }).fill('{"type":"chat","text":"again"}');
  const flood = Array.from({ length: 150 }, () => sendAndForget(page));
  await Promise.all(flood);
  await page.getByText("dropped").waitFor();
  const startedAt = performance.now();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();

  assert.ok(performance.now() - startedAt < 3_000, "the page answered late");
  const { lines } = await download(page);
  assert.ok(lines.length <= 2_000, `${lines.length} lines`);
});

type Line = {
  at: number;
  user: string;
  direction: string;
  message: { type: string; text?: string };
};

async function download(page: Page): Promise<{ name: string; lines: Line[] }> {
  const arrives = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download/ }).click();
  const file = await arrives;
  const text = await Deno.readTextFile(await file.path());
  assert.ok(text.endsWith("\n"));
  return {
    name: file.suggestedFilename(),
    lines: text.trimEnd().split("\n").map((line) => JSON.parse(line)),
  };
}

async function sendAndForget(page: Page): Promise<void> {
  await page.evaluate('document.getElementById("raw-send").click()');
}
