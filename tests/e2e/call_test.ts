/** Calls between real browsers over the real server: pictures move and sound is heard. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import {
  assertNoFaults,
  CallPage,
  type CallPageOptions,
  waitForMedia,
} from "../support/call_page.ts";
import type { Received } from "../support/call_report.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { waitUntil } from "../support/wait_until.ts";

/** One that can be made worse. */
const GOOD = { latency: 1, packetLoss: 0 };
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

for (const codec of ["VP8", "VP9", "H264", "AV1"]) {
  Deno.test(`two participants who want ${codec} get it`, async () => {
    const all = await joinAll(`codec-${codec}`, ["ann", "bob"], { codecs: [`video/${codec}`] });

    await waitForMedia(...all);

    for (const one of all) {
      for (const { cameraCodec } of (await one.received()).values()) {
        assert.equal(cameraCodec, codec);
      }
    }
    await assertNoFaults(...all);
  });
}

Deno.test("a codec that is wanted later is used without a break", async () => {
  const [ann, bob] = await joinAll("codec-later", ["ann", "bob"], { codecs: ["video/VP8"] });
  await waitForMedia(ann!, bob!);

  await ann!.run("setCodecOrder(['video/VP9'])");

  await untilFrom(ann!, bob!, ({ cameraCodec }) => cameraCodec === "VP9");
  await waitForMedia(ann!, bob!);
  await assertNoFaults(ann!, bob!);
});

Deno.test("a screen is seen while it is shared, and the camera goes on", async () => {
  const [ann, bob] = await joinAll("screen", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);
  const fragments = await ann!.run<string[]>("fragments()");

  await ann!.run("draw('screen', 640, 360)");
  await untilFrom(
    ann!,
    bob!,
    ({ screenFrames, screenWidth }) => screenFrames > 5 && screenWidth === 640,
  );
  await ann!.run("drop('screen')");
  let frames = -1;
  await untilFrom(ann!, bob!, async ({ screenFrames }) => {
    // Nothing of the screen while the camera goes on: the last pictures have come through.
    const isOver = screenFrames === frames;
    frames = screenFrames;
    await waitForMedia(ann!, bob!);
    return isOver;
  });

  assert.deepEqual(await ann!.run<string[]>("fragments()"), fragments);
  await assertNoFaults(ann!, bob!);
});

Deno.test("another camera takes the place of the first one without another negotiation", async () => {
  const [ann, bob] = await joinAll("switch", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);
  const before = await ann!.run<string[]>("descriptions()");

  await ann!.run("draw('camera', 160, 160)");

  await untilFrom(ann!, bob!, ({ cameraWidth }) => cameraWidth === 160);
  await waitForMedia(ann!, bob!);
  assert.deepEqual(await ann!.run<string[]>("descriptions()"), before);
  await assertNoFaults(ann!, bob!);
});

Deno.test("a slot is sent as small as it is told to be", async () => {
  const [ann, bob] = await joinAll("bounds", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);
  const width = (await bob!.received()).get("ann")!.cameraWidth;
  const encoding = { maxBitrate: 100_000, scaleResolutionDownBy: 2, maxFramerate: 10 };

  const all = { ...encoding, degradationPreference: "maintain-resolution" };
  await ann!.run(`setEncoding('camera', ${JSON.stringify(all)})`);

  await untilFrom(ann!, bob!, ({ cameraWidth }) => cameraWidth === width / 2);
  await assertNoFaults(ann!, bob!);
});

Deno.test("a channel brings bytes to one participant", async () => {
  const [ann, bob] = await joinAll("channel", ["ann", "bob"]);
  await waitForMedia(ann!, bob!); // Who joined first may not have heard of the other yet.

  await ann!.run("say('bob', 'file:1', 'hello')");
  await bob!.run("say('ann', 'file:2', 'hello back')");

  await waitUntil(async () => {
    const heard = [
      ...await bob!.run<string[]>("channelTexts()"),
      ...await ann!.run<string[]>("channelTexts()"),
    ];
    return heard.join() === "file:1: hello,file:2: hello back" ? undefined : `heard ${heard}`;
  });
  await assertNoFaults(ann!, bob!);
});

Deno.test("[RL1] offers that cross do not disturb the media", async () => {
  const [ann, bob] = await joinAll("cross", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);

  await Promise.all([ann!.run("networkChanged(20)"), bob!.run("networkChanged(20)")]);

  await untilStable(ann!, bob!);
  await waitForMedia(ann!, bob!);
  await assertNoFaults(ann!, bob!);
});

Deno.test("[LI2] a storm of offers beyond what the server takes ends with media", async () => {
  const [ann, bob] = await joinAll("storm", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);

  for (let round = 0; round < 20; round++) {
    const order = JSON.stringify([`video/${round % 2 ? "VP8" : "VP9"}`]);
    await Promise.all([ann!, bob!].map(async (one) => {
      await one.run("networkChanged(20)");
      await one.run(`setCodecOrder(${order})`);
    }));
  }

  await untilStable(ann!, bob!);
  await waitForMedia(ann!, bob!);
  const faults = [...await ann!.run<string[]>("faults()"), ...await bob!.run<string[]>("faults()")];
  assert.deepEqual(faults.filter((fault) => !fault.startsWith("rate-limited")), []);
});

Deno.test("a new path is looked for while media flows, and found", async () => {
  const [ann, bob] = await joinAll("restart", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);
  const before = await ann!.run<string[]>("fragments()");

  await ann!.run("networkChanged(1)");

  await waitUntil(async () => {
    const now = await ann!.run<string[]>("fragments()");
    return now.join() === before.join() ? `the fragments are still ${now}` : undefined;
  });
  await untilStable(ann!, bob!);
  await waitForMedia(ann!, bob!);
  await assertNoFaults(ann!, bob!);
});

Deno.test("a path that was cut is found again by both sides", async () => {
  const [ann, bob] = await joinAll("cut", ["ann", "bob"], { network: GOOD });
  await waitForMedia(ann!, bob!);
  const before = await ann!.run<string[]>("fragments()");

  await ann!.impair({ latency: 1, packetLoss: 100 });
  await untilFrom(bob!, ann!, ({ state }) => state === "interrupted");
  await waitUntil(async () => {
    const now = await ann!.run<string[]>("fragments()");
    return now.join() === before.join() ? "ICE was not restarted yet" : undefined;
  });
  await ann!.impair(GOOD);

  await untilFrom(bob!, ann!, ({ state }) => state === "connected");
  await untilFrom(ann!, bob!, ({ state }) => state === "connected");
  await waitForMedia(ann!, bob!);
});

Deno.test("who lost all connections without a word is connected again", async () => {
  const [ann, bob] = await joinAll("closed", ["ann", "bob"]);
  await waitForMedia(ann!, bob!);

  await ann!.run("closeConnections()");

  await untilFrom(ann!, bob!, ({ state }) => state === "interrupted");
  await untilFrom(ann!, bob!, ({ state }) => state === "connected");
  await waitForMedia(ann!, bob!);
});

Deno.test("pictures still move with 10 % loss and 300 kbit/s", async () => {
  const [ann, bob] = await joinAll("poor", ["ann", "bob"], { network: GOOD });
  await waitForMedia(ann!, bob!);

  for (const one of [ann!, bob!]) {
    await one.impair({ latency: 20, packetLoss: 10, kbpsUp: 300, packetQueueLength: 30 });
  }

  for (let round = 0; round < 3; round++) await waitForMedia(ann!, bob!);
  await waitUntil(async () => {
    const { loss } = (await bob!.received()).get("ann")!;
    return loss > 0.02 ? undefined : `lost ${loss} of the packets`;
  });
});

/** Waits until what `to` receives from `from` is as wanted. */
async function untilFrom(
  from: CallPage,
  to: CallPage,
  isWanted: (received: Received) => boolean | Promise<boolean>,
): Promise<void> {
  await waitUntil(async () => {
    const received = (await to.received()).get(from.userId);
    if (received !== undefined && await isWanted(received)) return undefined;
    return `${from.userId} to ${to.userId}: ${JSON.stringify(received)}`;
  });
}

/** Waits until both sides have agreed. */
async function untilStable(...all: readonly CallPage[]): Promise<void> {
  await waitUntil(async () => {
    const states = await Promise.all(all.map((one) => one.run<string[]>("signalingStates()")));
    return states.flat().every((state) => state === "stable") ? undefined : `${states}`;
  });
}

/** Lets them join one after the other. */
async function joinAll(
  roomId: string,
  names: readonly string[],
  options: Partial<CallPageOptions> = {},
): Promise<CallPage[]> {
  const all: CallPage[] = [];
  for (const userId of names) {
    all.push(await CallPage.join(tabs, { roomId, userId, ...options }));
  }
  return all;
}
