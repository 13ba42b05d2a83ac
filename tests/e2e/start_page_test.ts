/** The start page: what this is, and the ways into a room. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { waitForRoster } from "../support/test_page.ts";

const tabs = BrowserTabs.share();

Deno.test("the start page says what this is and leads to the test page", async () => {
  const page = await tabs.open("/");

  await page.getByRole("heading", { level: 1, name: "Rooms that talk" }).waitFor();
  await page.getByRole("link", { name: /Open the test page/ }).click();

  await page.getByRole("region", { name: "Signaling log" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/test");
});

Deno.test("the start page leads into a room by its name", async () => {
  const page = await tabs.open("/");

  await page.getByLabel("Room id").fill("lobby");
  await page.getByLabel("User id").fill("ann");
  await page.getByRole("button", { name: "Enter on the test page" }).click();

  await waitForRoster(page, "ann");
});

Deno.test("the start page leads into a meeting by its name", async () => {
  const page = await tabs.open("/");

  await page.getByLabel("Room id").fill("lobby");
  await page.getByLabel("Room id").press("Enter");

  await page.getByRole("heading", { name: "Ready to join?" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/meet/lobby");
  assert.equal(new URL(page.url()).search, "");
});

Deno.test("[CR1] a new meeting has an address of six digits and nothing else", async () => {
  const page = await tabs.open("/");

  await page.getByRole("button", { name: "New meeting" }).click();
  await page.getByRole("heading", { name: "Ready to join?" }).waitFor();

  assert.match(page.url(), /\/meet\/\d{6}$/);
});

Deno.test("the start page leads to the page of live rooms", async () => {
  const page = await tabs.open("/");

  await page.getByRole("link", { name: "New live room" }).click();

  await page.getByRole("heading", { level: 1, name: "Go live, or watch" }).waitFor();
});

Deno.test("the start page lists the open rooms, each with a way in", async () => {
  const ann = await tabs.open("/test?room=open-room&user=ann&join=1");
  await waitForRoster(ann, "ann");
  const page = await tabs.open("/");

  await page.getByLabel("User id").fill("bob");
  await page.getByRole("link", { name: "Join room open-room" }).click();

  await waitForRoster(ann, "ann", "bob");
});

Deno.test("the start page names a room id that is none, and stays", async () => {
  const page = await tabs.open("/");

  await page.getByLabel("Room id").fill("no spaces");
  await page.getByRole("button", { name: "Join the meeting" }).click();

  await page.getByText("Use 1 to 64 letters").waitFor();
  assert.equal(new URL(page.url()).pathname, "/");
});
