/** Participants without a browser, in one room with a real one. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { CELLS, readCells } from "../../cli/media/pattern/barcode.ts";
import { BARCODE, PATTERN_SIZE } from "../../cli/media/pattern/test_picture.ts";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { mediaWays, watchCall } from "../support/call_probe.ts";
import { mediaFlags } from "../support/chromium.ts";
import { FFMPEG, probe } from "../support/ffmpeg.ts";
import { provide } from "../support/debian_package.ts";
import { HeadlessParticipant } from "../support/headless_participant.ts";
import { joinMeeting, meetPath, waitForPicture, waitForSound } from "../support/meet_page.ts";
import { freeUdpPort } from "../support/ports.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

const ROOM = "mixed";
/** Pictures that the browser has to have decoded one after the other. */
const NUMBERS = 5;

const tabs = BrowserTabs.share({
  hasServer: false,
  flags: mediaFlags({ framesPerSecond: 10 }),
});

Deno.test("[TO2, TO4, PB1, SB1] two headless participants and a browser see and hear each other, in a mesh and then through the server", async () => {
  const folder = await Deno.makeTempDir();
  await using server = await startServer();
  const inRoom = ["--url", server.address, "--room", ROOM];
  await using ann = await HeadlessParticipant.join("ann", [
    ...inRoom,
    ...["--test-pattern", "--tone", "--mjpeg", "0", "--record", folder],
  ]);
  await using bob = await HeadlessParticipant.join("bob", [...inRoom, "--test-pattern", "--tone"]);
  const page = await tabs.open(meetPath(ROOM, "zoe"), { server, prepare: watchCall });
  await joinMeeting(page);

  for (const name of ["ann", "bob"]) {
    await waitForPicture(page, `person:${name}`);
    await waitForSound(page, `microphone:${name}`);
    assertGrowing(await numbersShown(page, name), name);
  }
  for (const headless of [ann, bob]) {
    const picture = await headless.untilTrack("zoe", "camera", ({ frames }) => frames > 20);
    assert.equal(picture.path, "p2p");
    assert.ok(picture.width >= 320 && picture.keyFrames > 0, JSON.stringify(picture));
    await headless.untilTrack("zoe", "microphone", ({ packets }) => packets > 50);
  }
  await ann.untilTrack("bob", "camera", ({ numbersInOrder }) => numbersInOrder > 25);
  await bob.untilTrack("ann", "camera", ({ numbersInOrder }) => numbersInOrder > 25);
  await assertPictures(ann);

  await using cid = await HeadlessParticipant.join("cid", [...inRoom, "--test-pattern"]);
  await waitUntil(async () => {
    const ways = (await mediaWays(page)).join();
    return ways === "sfu" ? undefined : `the page travels by ${ways}`;
  });
  for (const name of ["ann", "bob", "cid"]) {
    await waitForPicture(page, `person:${name}`);
    assertGrowing(await numbersShown(page, name), name);
  }
  for (const headless of [ann, bob, cid]) {
    const isIt = ({ path, frames }: { path: string | null; frames: number }) =>
      path === "sfu" && frames > 20;
    await headless.untilTrack("zoe", "camera", isIt);
  }
  const { frames } = await ann.untilTrack("bob", "camera", ({ path }) => path === "sfu");
  await ann.untilTrack("bob", "camera", (track) => track.frames > frames + 25);

  assert.equal(await ann.stop(), 0);
  await assertRecorded(ann);
  await Deno.remove(folder, { recursive: true });
});

async function startServer(): Promise<ServerProcess> {
  const port = await freeUdpPort(1);
  return await ServerProcess.start({
    args: ["--topology", "auto", "--media-port", `${port}`, "--log-level", "error"],
  });
}

/** The numbers of the test pattern that a tile shows, one after the other. */
async function numbersShown(page: Page, name: string): Promise<number[]> {
  const numbers: number[] = [];
  await waitUntil(async () => {
    const number = readCells(await page.evaluate<number[]>(readBarcode(name)));
    if (number !== undefined && number !== numbers.at(-1)) numbers.push(number);
    return numbers.length < NUMBERS ? `${name} has shown ${numbers.join()}` : undefined;
  });
  return numbers;
}

/** How light each cell of the barcode is in the video of a tile. */
function readBarcode(name: string): string {
  const { width, height } = PATTERN_SIZE;
  const middle = BARCODE.top + BARCODE.height / 2;
  return `(() => {
    const video = document.querySelector('[data-tile="person:${name}"] video');
    if (video === null) return [];
    const canvas = new OffscreenCanvas(${width}, ${height});
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, ${width}, ${height});
    const { data } = context.getImageData(0, ${middle}, ${width}, 1);
    const cell = ${width / CELLS};
    return Array.from({ length: ${CELLS} }, (_, index) => {
      const at = Math.floor((index + 0.5) * cell) * 4;
      return data[at + 1];
    });
  })()`;
}

function assertGrowing(numbers: readonly number[], name: string): void {
  const isGrowing = numbers.every((number, index) => index === 0 || number > numbers[index - 1]!);
  assert.ok(isGrowing, `${name} has shown ${numbers.join()}`);
  assert.ok(numbers.at(-1)! - numbers[0]! < 500, `${name} has shown ${numbers.join()}`);
}

/** What a headless participant serves as MJPEG is decoded, the number of its frame included. */
async function assertPictures(headless: HeadlessParticipant): Promise<void> {
  const address = headless.lines.find(({ type }) => type === "joined")?.mjpeg;
  const index = await (await fetch(`${address}`)).text();
  assert.match(index, /bob\.mjpeg.*zoe\.mjpeg|zoe\.mjpeg.*bob\.mjpeg/s);

  const shown: number[] = [];
  const { width, height } = PATTERN_SIZE;
  const raw = await decode(["-f", "mpjpeg", "-i", `${address}bob.mjpeg`, "-frames:v", "8"]);
  for (let at = 0; at + width * height <= raw.length; at += width * height) {
    const row = at + (BARCODE.top + BARCODE.height / 2) * width;
    const cell = width / CELLS;
    const cells = Array.from({ length: CELLS }, (_, n) => raw[row + Math.floor((n + 0.5) * cell)]!);
    shown.push(readCells(cells) ?? -1);
  }
  assert.equal(shown.length, 8);
  assert.ok(!shown.includes(-1), `numbers ${shown.join()}`);
  assert.ok(shown.at(-1)! > shown[0]!, `numbers ${shown.join()}`);
  const still = await decode(["-f", "mjpeg", "-i", `${address}zoe.jpg`]);
  assert.ok(still.length > 0, "zoe has a picture");
  assert.equal((await fetch(`${address}nobody.jpg`)).status, 404);
}

/** Pictures as grey bytes. */
async function decode(input: readonly string[]): Promise<Uint8Array> {
  const { success, stdout, stderr } = await new Deno.Command(await provide(FFMPEG), {
    args: ["-v", "error", ...input, "-pix_fmt", "gray", "-f", "rawvideo", "-"],
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return stdout;
}

/** The files of all others are whole, and ffprobe takes them. */
async function assertRecorded(headless: HeadlessParticipant): Promise<void> {
  const files = headless.lines.find(({ type }) => type === "recorded")?.files as string[];
  const codecs = new Map<string, Set<string>>();
  for (const path of files.filter((path) => !path.endsWith(".json"))) {
    const { streams } = await probe(path);
    for (const { codec, packets } of streams) {
      assert.ok(packets > 0, path);
      const [, user = ""] = /\d+-(\w+)-person/.exec(path) ?? [];
      codecs.set(user, (codecs.get(user) ?? new Set()).add(codec));
    }
  }
  assert.ok(codecs.get("bob")?.has("h264") && codecs.get("bob")?.has("opus"), `${files}`);
  assert.ok(codecs.get("cid")?.has("h264"), `${files}`);
  const ofBrowser = [...codecs.get("zoe") ?? []];
  assert.ok(ofBrowser.some((codec) => ["vp8", "vp9", "av1", "h264"].includes(codec)), `${files}`);
  assert.ok(ofBrowser.includes("opus"), `${files}`);
}
