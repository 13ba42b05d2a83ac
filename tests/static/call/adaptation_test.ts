/** What is sent under which circumstances, and that it does not change all the time. */
import assert from "node:assert/strict";
import {
  Adaptation,
  type Advice,
  CHEAP_AFTER_MS,
  type Circumstances,
  summarise,
} from "../../../static/call/adaptation.ts";
import { BEST_FIRST, CHEAP_FIRST } from "../../../static/call/codec_order.ts";
import type { LinkReport, StreamReport } from "../../../static/call/link_report.ts";

const MEGABIT = 1_000_000;

/** The camera's height after a minute, by others and megabits. */
const heights: [others: number, megabits: number | undefined, height: number][] = [
  [0, undefined, 1080],
  [1, 10, 1080],
  [1, 2, 720],
  [1, 1.2, 540],
  [1, 0.5, 360],
  [1, 0.28, 270],
  [1, 0.05, 180],
  [1, undefined, 1080],
  [3, 10, 720],
  [3, 2, 480],
  [5, 50, 540],
  [8, 50, 360],
  [12, 50, 270],
  [12, 1, 180],
];

for (const [others, megabits, height] of heights) {
  Deno.test(`Adaptation.advise with ${others} others and ${megabits} Mbit/s: ${height}p`, () => {
    const availableOutgoingBitrate = megabits === undefined ? undefined : megabits * MEGABIT;

    const advice = after(60, { others, availableOutgoingBitrate });

    assert.equal(heightOf(advice), height);
    assert.ok(advice.captureHeight >= Math.min(height, 1080));
    assert.equal(advice.captureHeight, height <= 360 ? 360 : height <= 720 ? 720 : 1080);
    const spent = advice.camera.maxBitrate * others;
    if (megabits !== undefined && height > 180) assert.ok(spent <= megabits * MEGABIT);
  });
}

/** Both after a minute with a share of ours on. */
const shares: [megabits: number | undefined, screen: string, cameraHeight: number][] = [
  [10, "2500 kbit/s 30 fps", 270],
  [1.8, "1400 kbit/s 15 fps", 270],
  [0.7, "450 kbit/s 10 fps", 180],
  [0.2, "250 kbit/s 5 fps", 180],
  [undefined, "2500 kbit/s 30 fps", 270],
];

for (const [megabits, expected, cameraHeight] of shares) {
  Deno.test(`Adaptation.advise lets the camera give way to a share at ${megabits} Mbit/s`, () => {
    const advice = after(60, {
      ...{ isSharing: true, isShareOn: true },
      availableOutgoingBitrate: megabits === undefined ? undefined : megabits * MEGABIT,
    });

    const { maxBitrate, maxFramerate, ...rest } = advice.screen;
    assert.equal(`${maxBitrate / 1_000} kbit/s ${maxFramerate} fps`, expected);
    assert.equal(heightOf(advice), cameraHeight);
    assert.deepEqual(rest, {
      scaleResolutionDownBy: 1,
      degradationPreference: "maintain-resolution",
    });
  });
}

Deno.test("Adaptation.advise makes the camera small beside another's share, and large after", () => {
  const adaptation = new Adaptation();
  const now = circumstances({ availableOutgoingBitrate: 10 * MEGABIT });
  const run = (from: number, change: Partial<Circumstances>) =>
    over(adaptation, from, 30, { ...now, ...change }).at(-1)!;

  const seen = [
    run(0, {}),
    run(40_000, { isShareOn: true }),
    adaptation.advise(80_000, now),
  ].map(heightOf);

  assert.deepEqual(seen, [1080, 270, 1080]);
});

Deno.test("Adaptation.advise does not flap when the network does", () => {
  const adaptation = new Adaptation();
  const changes: number[] = [];
  let before = "";
  for (let second = 0; second < 300; second++) {
    // Three seconds of plenty, three of little, and so on.
    const availableOutgoingBitrate = (second % 6 < 3 ? 3 : 0.6) * MEGABIT;
    const { camera } = adaptation.advise(
      second * 1_000,
      circumstances({ availableOutgoingBitrate }),
    );
    if (before !== "" && JSON.stringify(camera) !== before) changes.push(second);
    before = JSON.stringify(camera);
  }

  assert.ok(changes.length <= 3, `changed at ${changes}`);
});

Deno.test("Adaptation.advise comes down within seconds and up again later", () => {
  const adaptation = new Adaptation();
  over(adaptation, 0, 60, circumstances({ availableOutgoingBitrate: 10 * MEGABIT }));
  const down = over(
    adaptation,
    61_000,
    20,
    circumstances({ availableOutgoingBitrate: MEGABIT / 2 }),
  );
  const up = over(
    adaptation,
    82_000,
    90,
    circumstances({ availableOutgoingBitrate: 10 * MEGABIT }),
  );

  assert.ok(down.findIndex((advice) => heightOf(advice) === 360) <= 3, "down within 3 s");
  const upAfter = up.findIndex((advice) => heightOf(advice) > 360);
  assert.ok(upAfter >= 5 && upAfter <= 15, `up after ${upAfter} s`);
  assert.equal(heightOf(up.at(-1)!), 1080);
});

Deno.test("Adaptation.advise takes codecs that cost less once the processor is behind", () => {
  const adaptation = new Adaptation();
  const slow = circumstances({ limitedBy: "cpu" });
  const orders = [
    adaptation.advise(0, slow),
    adaptation.advise(CHEAP_AFTER_MS - 1, slow),
    adaptation.advise(CHEAP_AFTER_MS, slow),
    adaptation.advise(600_000, circumstances({})),
  ].map(({ codecOrder }) => codecOrder);

  assert.deepEqual(orders, [BEST_FIRST, BEST_FIRST, CHEAP_FIRST, CHEAP_FIRST]);
});

Deno.test("Adaptation.advise never asks for a picture that is larger than the camera's", () => {
  const advice = after(60, { captureHeight: 360, availableOutgoingBitrate: 10 * MEGABIT });

  assert.equal(advice.camera.scaleResolutionDownBy, 1);
});

Deno.test("Adaptation.advise sends a large picture to the server, whoever else is there", () => {
  for (const others of [1, 4, 30]) {
    for (const megabits of [0.3, 10]) {
      const advice = after(1, {
        ...{ isForwarded: true, others, isShareOn: true },
        availableOutgoingBitrate: megabits * MEGABIT,
      });

      assert.deepEqual([heightOf(advice), advice.captureHeight], [720, 720]);
    }
  }
});

Deno.test("Adaptation.advise sends less to the server where the processor is too slow", () => {
  const slow = after(30, { isForwarded: true, others: 4, limitedBy: "cpu" });

  assert.ok(heightOf(slow) < 720, `${heightOf(slow)}`);
});

Deno.test("Adaptation.advise gives a share all but a small camera, once for everybody", () => {
  const advice = after(60, {
    ...{ isForwarded: true, others: 9, isSharing: true, isShareOn: true },
    availableOutgoingBitrate: 1.8 * MEGABIT,
  });

  assert.equal(advice.screen.maxBitrate, 1_400_000);
});

const limits: [title: string, change: Partial<Circumstances>, expected: string | undefined][] = [
  ["[TO2] nothing", {}, undefined],
  ["[TO2] a processor that is behind", { limitedBy: "cpu" }, "cpu"],
  ["[TO2] encoders that get too little", { limitedBy: "bandwidth" }, "bandwidth"],
  [
    "[TO2] a budget that pays for less",
    { others: 2, availableOutgoingBitrate: MEGABIT / 2 },
    "bandwidth",
  ],
  ["[TO2] something else", { limitedBy: "other" }, undefined],
];

for (const [title, change, expected] of limits) {
  Deno.test(`${title} is what Adaptation.advise names as the limit`, () => {
    assert.equal(after(30, change).limitedBy, expected);
  });
}

Deno.test("[TO2] Adaptation.advise tells of no mesh that was too much once it is none any more", () => {
  const adaptation = new Adaptation();
  const narrow = circumstances({ others: 2, availableOutgoingBitrate: MEGABIT / 2 });

  const before = over(adaptation, 0, 30, narrow).at(-1)!;
  const after = adaptation.advise(31_000, { ...narrow, isForwarded: true });

  assert.deepEqual([before.limitedBy, after.limitedBy], ["bandwidth", undefined]);
});

type Limit = NonNullable<StreamReport["limitedBy"]>;
const summaries: [
  links: [estimate: number | undefined, limit: Limit][],
  sum: unknown,
  by: Limit,
][] = [
  [[], undefined, "none"],
  [[[undefined, "none"]], undefined, "none"],
  [[[100, "none"], [300, "none"]], 400, "none"],
  [[[100, "none"], [undefined, "none"], [300, "none"]], 600, "none"],
  [[[100, "bandwidth"], [300, "none"]], 400, "none"],
  [[[100, "bandwidth"], [300, "bandwidth"], [1, "none"]], 401, "bandwidth"],
  [[[100, "bandwidth"], [300, "cpu"]], 400, "cpu"],
];

for (const [links, sum, limitedBy] of summaries) {
  Deno.test(`summarise ${JSON.stringify(links)}`, () => {
    const reports = links.map(([estimate, limit]) => report(estimate, limit));

    assert.deepEqual(summarise(reports), { availableOutgoingBitrate: sum, limitedBy });
  });
}

/** The camera's height after a minute, by what was chosen, others and megabits. */
const chosen: [wantedHeight: number, others: number, megabits: number, height: number][] = [
  [480, 1, 10, 480],
  [720, 4, 50, 720],
  [1080, 4, 50, 1080],
  [1080, 4, 4, 480],
];

for (const [wantedHeight, others, megabits, height] of chosen) {
  Deno.test(`Adaptation.advise sends ${others} viewers ${height}p where ${wantedHeight}p was chosen, with ${megabits} Mbit/s`, () => {
    const advice = after(60, {
      ...{ wantedHeight, others, availableOutgoingBitrate: megabits * MEGABIT },
      ...{ isShareOn: true, isSharing: false },
    });

    assert.equal(Math.round(heightOf(advice)), height);
    assert.equal(advice.captureHeight, wantedHeight);
  });
}

Deno.test("Adaptation.advise sends the server no more than what was chosen", () => {
  const heights = [480, 720, 1080].map((wantedHeight) =>
    heightOf(after(60, { wantedHeight, others: 50, isForwarded: true }))
  );

  assert.deepEqual(heights.map(Math.round), [480, 720, 1080]);
});

function circumstances(change: Partial<Circumstances>): Circumstances {
  return {
    ...{ others: 1, availableOutgoingBitrate: undefined, limitedBy: "none", captureHeight: 1080 },
    ...{ isSharing: false, isShareOn: false, isForwarded: false },
    ...change,
  };
}

/** The advice after so many seconds, one a second. */
function after(seconds: number, change: Partial<Circumstances>): Advice {
  return over(new Adaptation(), 0, seconds, circumstances(change)).at(-1)!;
}

function over(adaptation: Adaptation, from: number, seconds: number, now: Circumstances): Advice[] {
  return Array.from({ length: seconds }, (_, n) => adaptation.advise(from + n * 1_000, now));
}

function heightOf({ camera }: Advice): number {
  return 1080 / camera.scaleResolutionDownBy;
}

function report(availableOutgoingBitrate: number | undefined, limitedBy: Limit): LinkReport {
  const stream = { kbps: 0, codec: "", loss: 0, jitterMs: 0 };
  return {
    ...{ at: 0, path: "p2p", roundTripMs: 1, availableOutgoingBitrate, kbpsUp: 0, kbpsDown: 0 },
    sent: [{ slot: "microphone", ...stream }, { slot: "camera", ...stream, limitedBy }],
    received: [],
  };
}
