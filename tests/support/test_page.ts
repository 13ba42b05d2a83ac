/**
 * The test page as a person knows it: fields by their labels, lists by their names. What the browser
 * tests do again and again stands here once.
 */
import type { Page } from "playwright-core";
import { waitUntil } from "./wait_until.ts";

/** Waits until the tab is in its room. */
export async function waitUntilJoined(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
}

/** The user ids in the roster, in the order in which they are shown. */
export async function rosterOf(page: Page): Promise<string[]> {
  const ids = await page.locator("[data-user]").evaluateAll((rows) =>
    rows.map((row) => row.getAttribute("data-user") ?? "")
  );
  return ids;
}

/** Waits until the roster shows exactly these users, in any order. */
export async function waitForRoster(page: Page, ...userIds: string[]): Promise<void> {
  const wanted = userIds.sort().join(", ");
  await waitUntil(async () => {
    const shown = (await rosterOf(page)).sort().join(", ");
    return shown === wanted ? undefined : `the roster shows ${shown}, not ${wanted}`;
  });
}

/** The types of the messages in the log, in order. */
export async function logOf(page: Page): Promise<string[]> {
  return await page.locator("[data-log-row] [data-log-type]").allInnerTexts();
}

/** Waits until the log shows a message of this type. */
export async function waitForMessage(page: Page, type: string): Promise<void> {
  await waitUntil(async () => {
    const types = await logOf(page);
    return types.includes(type) ? undefined : `the log has ${types.join(", ")}, no ${type}`;
  });
}

/** Writes a raw message and sends it. */
export async function sendRaw(page: Page, text: string): Promise<void> {
  const panel = page.getByRole("region", { name: "Raw message" });
  await panel.getByLabel("Message", { exact: true }).fill(text);
  await panel.getByRole("button", { name: "Send" }).click();
}

/** Waits until the element with this id has the focus. */
export async function waitForFocus(page: Page, id: string): Promise<void> {
  await waitUntil(async () => {
    const focused = await page.evaluate("document.activeElement?.id");
    return focused === id ? undefined : `the focus is on "${focused}", not on "${id}"`;
  });
}
