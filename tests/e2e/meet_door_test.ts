/** The door of a meeting: devices that fail, passcodes, the waiting room, locks, hosts, second tabs. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs, type TabOptions } from "../support/browser_tabs.ts";
import { mediaFlags } from "../support/chromium.ts";
import {
  joinMeeting,
  meetPath,
  runningIn,
  waitForTiles,
  waitUntilInCall,
  watchDevices,
} from "../support/meet_page.ts";
import { ServerProcess } from "../support/server_process.ts";

/** A name for this machine that no browser takes for secure. */
const INSECURE_HOST = "meeting.example";

const tabs = BrowserTabs.share({
  flags: [
    ...mediaFlags({ framesPerSecond: 5 }),
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  ],
});

for (
  const [name, fault, words] of [
    ["NotAllowedError", "denied", "does not let this page use the camera"],
    ["NotFoundError", "missing", "No camera was found"],
    ["NotReadableError", "busy", "Another program is using the camera"],
  ] as const
) {
  Deno.test(`a camera that is ${fault} is explained, and the meeting joined without`, async () => {
    const page = await tabs.open(meetPath(`fault-${fault}`, "ann"), {
      prepare: (tab) => refuseDevices(tab, name, ["video"]),
    });

    await page.locator(`[data-fault="camera:${fault}"]`).getByText(words).waitFor();
    await page.getByRole("button", { name: "Try the camera again" }).waitFor();
    await joinMeeting(page);

    await waitForTiles(page, "person:ann");
    const camera = page.getByRole("button", { name: "Camera", exact: true });
    assert.equal(await camera.getAttribute("aria-pressed"), "false");
  });
}

Deno.test("a page that came over plain HTTP says why no device works, and joins without", async () => {
  await using server = await ServerProcess.start();
  const address = `http://${INSECURE_HOST}:${server.port}`;
  const page = await tabs.open(meetPath("insecure", "ann"), {
    server: { address },
    expected: /Cross-Origin-Opener-Policy header has been ignored/,
  });

  await page.locator('[data-fault="camera:insecure"]').getByText("only over HTTPS").waitFor();
  await page.locator('[data-fault="microphone:insecure"]').waitFor();
  await joinMeeting(page);

  await waitForTiles(page, "person:ann");
});

Deno.test("the choices before a meeting are remembered", async () => {
  const page = await tabs.open(meetPath("remembered", "ann"));
  await page.locator("video[data-shown]").waitFor();
  await page.getByLabel("Your name").fill("Ann Lee");
  await page.getByLabel("Noise suppression").uncheck();
  await page.getByRole("button", { name: "Camera", exact: true }).click();
  await joinMeeting(page);

  await page.goto(page.url().replace(/\?.*/, ""));

  await page.getByText("Your camera is off").waitFor();
  assert.equal(await page.getByLabel("Your name").inputValue(), "Ann Lee");
  assert.equal(await page.getByLabel("Noise suppression").isChecked(), false);
});

Deno.test("[CR5, LB2, LB4, LB5] a new meeting with a waiting room: denied, asked again, admitted", async () => {
  const { host, path } = await newMeeting(async (page) => {
    await page.getByText("Options for a new meeting").click();
    await page.getByLabel("Let people wait until I admit them").check();
  });
  const guest = await tabs.open(`${path}?user=eve&name=Eve`);

  await guest.getByRole("button", { name: "Join now" }).click();
  await guest.getByRole("heading", { name: "Waiting until a host lets you in" }).waitFor();
  await host.getByRole("button", { name: "People: 1, 1 waiting" }).click();
  await host.getByRole("button", { name: "Deny Eve" }).click();
  await guest.getByRole("heading", { name: "A host did not let you in" }).waitFor();
  await guest.getByRole("button", { name: "Join again" }).click();
  await guest.getByRole("button", { name: "Join now" }).click();
  await host.getByRole("button", { name: "Admit Eve" }).click();

  await waitUntilInCall(guest);
  await host.locator('[data-person="eve"]').waitFor();
});

Deno.test("[PC2] a meeting with a passcode asks for it, says when it is wrong, and lets in", async () => {
  const { path } = await newMeeting(async (page) => {
    await page.getByText("Options for a new meeting").click();
    await page.getByLabel("Passcode (optional)").fill("otter");
  });
  const guest = await tabs.open(`${path}?user=eve&name=Eve`);

  await guest.getByRole("button", { name: "Join now" }).click();
  await guest.getByText("This meeting has a passcode").waitFor();
  await guest.getByLabel("Passcode").fill("wrong");
  await guest.getByLabel("Passcode").press("Enter");
  await guest.getByText("This passcode is wrong").waitFor();
  await guest.getByLabel("Passcode").fill("otter");
  await joinMeeting(guest);

  assert.doesNotMatch(guest.url(), /otter/);
});

Deno.test("[LK1, KI1, MU1] a host locks, mutes and removes, with a question before the last", async () => {
  const host = await enter("host-tools", "ann");
  const guest = await enter("host-tools", "eve", { prepare: watchDevices });
  await host.getByRole("button", { name: /^People/ }).click();
  await host.getByRole("button", { name: "Actions for eve" }).click();

  await host.getByRole("button", { name: "Mute eve" }).click();
  await guest.getByText("ann muted you").first().waitFor();
  await guest.getByRole("button", { name: "Microphone", exact: true, pressed: false }).waitFor();
  // What is below moves up then: not between the press and the release of the next click.
  await host.getByRole("button", { name: "Mute eve" }).waitFor({ state: "hidden" });
  await host.getByLabel("Lock the meeting").click();
  await host.getByRole("checkbox", { name: "Lock the meeting", checked: true }).waitFor();
  const late = await tabs.open(meetPath("host-tools", "joe"));
  await late.getByRole("button", { name: "Join now" }).click();
  await late.locator('[data-refusal="room-locked"]').waitFor();
  await host.getByRole("button", { name: "Remove eve" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await host.locator('[data-person="eve"]').waitFor();
  await host.getByRole("button", { name: "Remove eve" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "Remove" }).click();

  await guest.getByRole("heading", { name: "A host removed you" }).waitFor();
  assert.equal(await guest.getByRole("button", { name: "Join again" }).count(), 0);
  assert.deepEqual(await runningIn(guest), { tracks: 0, connections: 0 });
  await waitForTiles(host, "person:ann");
});

Deno.test("[EN1, HO3] a host hands over by leaving, or ends the meeting for everyone", async () => {
  const host = await enter("hand-over", "ann");
  const next = await enter("hand-over", "bob");
  const last = await enter("hand-over", "eve");

  await host.getByRole("button", { name: "Leave", exact: true }).click();
  await host.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await next.getByText("You are host now").first().waitFor();
  await last.getByText("bob is host now").first().waitFor();
  await next.getByRole("button", { name: "Leave", exact: true }).click();
  await next.getByRole("dialog").getByRole("button", { name: "End for everyone" }).click();

  await last.getByRole("heading", { name: "The meeting was ended for everyone" }).waitFor();
  await next.getByRole("heading", { name: "The meeting was ended for everyone" }).waitFor();
});

Deno.test("[JO5] a second tab of the same person is told so, and may join beside the first", async () => {
  const first = await enter("twice", "ann");
  const second = await tabs.open(meetPath("twice", "ann"));

  await second.getByRole("button", { name: "Join now" }).click();
  await second.locator('[data-refusal="user-id-taken"]').getByText("another tab").waitFor();
  await second.getByRole("button", { name: "Join here too" }).click();

  await waitUntilInCall(second);
  await waitForTiles(first, "person:ann", "person:ann-2");
});

Deno.test("[LI1] a full meeting is joined by itself as soon as there is a seat", async () => {
  await using server = await ServerProcess.start({ args: ["--max-participants", "1"] });
  const first = await enter("full", "ann", { server });
  const second = await tabs.open(meetPath("full", "eve"), { server });

  await second.getByRole("button", { name: "Join now" }).click();
  await second.getByRole("heading", { name: "The room is full" }).waitFor();
  await first.getByRole("button", { name: "Leave", exact: true }).click();
  await first.getByRole("dialog").getByRole("button", { name: "Leave" }).click();

  await waitUntilInCall(second);
});

/** Makes a meeting on the start page and enters it as its host. */
async function newMeeting(
  options: (page: Page) => Promise<void>,
): Promise<{ host: Page; path: string }> {
  const host = await tabs.open("/");
  await options(host);
  await host.getByRole("button", { name: "New meeting" }).click();
  await host.waitForURL(/\/meet\/\d{6}$/);
  await joinMeeting(host);
  return { host, path: new URL(host.url()).pathname };
}

async function enter(roomId: string, user: string, options: TabOptions = {}): Promise<Page> {
  const page = await tabs.open(meetPath(roomId, user), options);
  await joinMeeting(page);
  return page;
}

/** Lets opening a kind fail as the browser would. */
async function refuseDevices(page: Page, error: string, kinds: readonly string[]): Promise<void> {
  await page.addInitScript(`{
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (options) =>
      ${JSON.stringify(kinds)}.some((kind) => options[kind])
        ? Promise.reject(new DOMException("refused by the test", "${error}"))
        : open(options);
  }`);
}
