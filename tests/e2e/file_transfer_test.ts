/** Files between real connections of a real browser, through the panel, under the server's policy. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { HarnessPage } from "../support/harness_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ flags: MEDIA_FLAGS });
const MEGABYTE = 1024 * 1024;

Deno.test("a file of 20 MB arrives on disk, equal to the byte", async () => {
  const harness = await open("bob");
  await harness.run("pickPlaces()");

  const sha256 = await harness.run<string>(`send("film.bin", ${20 * MEGABYTE})`);
  await harness.page.getByRole("button", { name: "Accept film.bin" }).click();
  await states(harness, "done", "done");

  assert.deepEqual(await harness.run(`onDisk("film.bin")`), { size: 20 * MEGABYTE, sha256 });
  await harness.page.getByText("Complete", { exact: true }).waitFor();
});

Deno.test("a file without access to the disk is kept until it is downloaded", async () => {
  const harness = await open("bob");
  await harness.run("offerNoPlaces()");

  const sha256 = await harness.run<string>(`send("../notes.txt", ${3 * MEGABYTE + 1})`);
  await harness.page.getByRole("button", { name: "Accept notes.txt" }).click();
  const coming = harness.page.waitForEvent("download");
  await harness.page.getByRole("button", { name: "Save notes.txt" }).click();
  const download = await coming;

  const bytes = await Deno.readFile(await download.path());
  assert.equal(download.suggestedFilename(), "notes.txt");
  assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
});

Deno.test("a file that is damaged on the way is thrown away, and both sides say so", async () => {
  const harness = await open("bob");
  await harness.run("offerNoPlaces()");
  await harness.run("damage()");

  await harness.run(`send("a.bin", ${2 * MEGABYTE})`);
  await harness.page.getByRole("button", { name: "Accept a.bin" }).click();

  await states(harness, "failed: wrong-hash", "failed: wrong-hash");
  await harness.page.getByText("arrived damaged").waitFor();
  assert.equal(await harness.page.getByRole("button", { name: /^Save/ }).count(), 0);
});

Deno.test("a file that is cancelled in the middle ends on both sides", async () => {
  const harness = await open("bob");
  await harness.run("pickPlaces()");
  await harness.run(`send("a.bin", ${90 * MEGABYTE})`);
  await harness.page.getByRole("button", { name: "Accept a.bin" }).click();
  await progressing(harness);

  await harness.page.getByRole("button", { name: "Cancel a.bin" }).click();

  await states(harness, "cancelled", "cancelled");
  assert.equal((await harness.run<{ size: number }>(`onDisk("a.bin")`)).size, 0);
});

Deno.test("a file whose connection is lost in the middle has failed", async () => {
  const harness = await open("bob");
  await harness.run("pickPlaces()");
  await harness.run(`send("a.bin", ${90 * MEGABYTE})`);
  await harness.page.getByRole("button", { name: "Accept a.bin" }).click();
  await progressing(harness);

  await harness.run("cut()");

  await harness.page.getByText("The connection was lost").waitFor();
  await states(harness, "failed: channel-lost", "failed: channel-lost");
});

Deno.test("the panel sends what is chosen and what is dropped, and refuses what is too large", async () => {
  const harness = await open("ann");
  const { page } = harness;
  const buffer = (text: string) => new TextEncoder().encode(text) as Buffer;

  await page.locator("input[type=file]").setInputFiles([
    { name: "a.txt", mimeType: "text/plain", buffer: buffer("a") },
    { name: "b.txt", mimeType: "text/plain", buffer: buffer("b") },
  ]);
  await page.evaluate(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["c"], "c.txt"));
    const large = new File([], "large.bin");
    Object.defineProperty(large, "size", { value: 200e6 });
    const files = [...transfer.files, large];
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: { files } });
    document.querySelector("[data-drop-zone]").dispatchEvent(event);
  })()`);

  await page.getByText("Waiting for an answer").nth(2).waitFor();
  const rows = await page.getByRole("list", { name: "Files" }).getByRole("listitem")
    .allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split("\n")[0]), ["c.txt", "b.txt", "a.txt"]);
  await page.getByRole("status").getByText("large.bin is larger than 100 MB").waitFor();
});

async function open(shown: "ann" | "bob"): Promise<HarnessPage> {
  const harness = await HarnessPage.open(tabs, { harness: "files_harness" });
  await harness.run(`start("${shown}")`);
  return harness;
}

async function states(harness: HarnessPage, ann: string, bob: string): Promise<void> {
  await waitUntil(async () => {
    const is = await harness.run<{ ann: string; bob: string }>("states()");
    return is.ann === ann && is.bob === bob ? undefined : JSON.stringify(is);
  });
}

async function progressing(harness: HarnessPage): Promise<void> {
  await waitUntil(async () =>
    await harness.run<number>("progress()") > 0 ? undefined : "no byte was put away"
  );
}
