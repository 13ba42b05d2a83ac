/** Which layer of each picture, for an estimate. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allocate,
  HEADROOM,
  MAX_VOICES,
  nominalBitrate,
  TOLERANCE,
  VOICE_BITRATE,
  type WantedVideo,
} from "../../../src/media/sfu/allocation.ts";

const KILOBIT = 1_000;

/** Kilobits, one voice, what stands now (-: nothing), and what is forwarded then. */
const one: [kilobits: number, current: number | undefined, layer: number | undefined][] = [
  [0, undefined, undefined],
  [100, undefined, undefined],
  [199, undefined, undefined],
  [223, undefined, 0],
  [200, 0, 0],
  [187, 0, 0],
  [180, 0, undefined],
  [624, 0, 0],
  [626, 0, 1],
  [700, undefined, 1],
  [700, 1, 1],
  [510, 1, 1],
  [500, 1, 0],
  [2_000, 1, 1],
  [2_006, 1, 2],
  [1_600, 2, 2],
  [1_590, 2, 1],
  [50_000, undefined, 2],
];
for (const [kilobits, current, layer] of one) {
  Deno.test(`allocate ${kilobits} kbit/s to one picture at ${current ?? "-"}: ${layer ?? "-"}`, () => {
    const { layers } = allocate({
      estimate: kilobits * KILOBIT,
      voices: 1,
      videos: [video("a", { current })],
    });

    assert.deepEqual([...layers], [["a", layer]]);
  });
}

Deno.test("allocate gives everybody the lowest layer before anybody more, by priority", () => {
  const videos = [
    video("other"),
    video("speaker", { priority: "speaker" }),
    video("screen", { priority: "screen" }),
    video("another"),
  ];

  const shared = [250, 400, 570, 740].map((kilobits) => layersOf(kilobits, videos));

  assert.deepEqual(shared, [
    { screen: 0, speaker: undefined, other: undefined, another: undefined },
    { screen: 0, speaker: 0, other: undefined, another: undefined },
    { screen: 0, speaker: 0, other: 0, another: undefined },
    { screen: 0, speaker: 0, other: 0, another: 0 },
  ]);
});

Deno.test("allocate raises screens as far as they go, then all others evenly", () => {
  const videos = [
    video("a"),
    video("b"),
    video("c", { priority: "speaker" }),
    video("d", { priority: "screen" }),
  ];

  assert.deepEqual(
    layersOf(2_650, videos),
    { d: 2, c: 0, a: 0, b: 0 },
  );
  assert.deepEqual(layersOf(3_000, videos), { d: 2, c: 1, a: 0, b: 0 });
  assert.deepEqual(layersOf(3_730, videos), { d: 2, c: 1, a: 1, b: 1 });
  assert.deepEqual(layersOf(5_110, videos), { d: 2, c: 2, a: 1, b: 1 });
});

Deno.test("allocate makes room for a screen that begins", () => {
  const cameras = ["a", "b", "c"].map((trackId) => video(trackId, { current: 1 }));
  const screen = video("screen", { priority: "screen" });

  assert.deepEqual(layersOf(1_540, [...cameras, screen]), { screen: 1, a: 1, b: 0, c: 0 });
  assert.deepEqual(layersOf(300, [video("a", { current: 0 }), screen]), {
    screen: 0,
    a: undefined,
  });
});

Deno.test("allocate keeps among equals who stands higher", () => {
  const videos = [video("a", { current: 1 }), video("b", { current: 2 })];

  assert.deepEqual(layersOf(2_600, videos), { b: 2, a: 1 });
});

Deno.test("allocate evens out what was given when there was one picture", () => {
  const videos = [video("a", { current: 2 }), video("b"), video("c")];

  assert.deepEqual(layersOf(1_900, videos), { a: 1, b: 1, c: 1 });
});

/** What may be forwarded of three layers of 180, 360 and 720 lines where there is enough of all. */
const wishes: [what: string, wish: Partial<WantedVideo>, layer: number | undefined][] = [
  ["as tall as it comes", {}, 2],
  ["720 lines", { maxHeight: 720 }, 2],
  ["719 lines", { maxHeight: 719 }, 1],
  ["180 lines", { maxHeight: 180 }, 0],
  ["less than there is", { maxHeight: 90 }, 0],
  ["none", { maxHeight: 0 }, undefined],
  ["paused", { isPaused: true }, undefined],
  ["paused while it is forwarded", { isPaused: true, current: 2 }, undefined],
  ["smaller than it is forwarded", { maxHeight: 360, current: 2 }, 1],
  ["of a publisher that sends nothing yet", { layers: [] }, undefined],
  ["with heights that nobody knows", { maxHeight: 360, layers: layers(0, 0, 0) }, 2],
  ["in one layer that is too tall", { maxHeight: 360, layers: layers(1080) }, 0],
];
for (const [what, wish, layer] of wishes) {
  Deno.test(`allocate to a picture that is wanted ${what}: ${layer ?? "-"}`, () => {
    const { layers, next } = allocate({
      estimate: 99_000 * KILOBIT,
      voices: 1,
      videos: [video("a", wish)],
    });

    assert.deepEqual([layers.get("a"), next], [layer, undefined]);
  });
}

Deno.test("allocate keeps a layer that was lost above while it costs no more than there is", () => {
  const lower = video("a", { current: 2, maxHeight: 360 });

  assert.deepEqual(layersOf(560, [lower]), { a: 1 });
  assert.deepEqual(layersOf(560, [{ ...lower, current: 0 }]), { a: 0 });
});

Deno.test("allocate reckons a layer that is not sent as what its height takes", () => {
  const silent = [
    { index: 0, height: 180, bitrate: 150_000 },
    { index: 1, height: 720, bitrate: 0 },
  ];

  const { layers, next } = allocate({
    estimate: 700 * KILOBIT,
    voices: 1,
    videos: [video("a", { layers: silent })],
  });

  assert.deepEqual([layers.get("a"), next], [
    0,
    Math.ceil(nominalBitrate(720) * HEADROOM) + VOICE_BITRATE,
  ]);
});

Deno.test("nominalBitrate is about what browsers send", () => {
  const kilobits = [180, 360, 720, 1080, 0].map((height) =>
    Math.round(nominalBitrate(height) / 1_000)
  );

  assert.deepEqual(kilobits, [150, 505, 1_697, 3_450, 505]);
});

Deno.test("allocate reserves sound for each voice, and for no more than are heard", () => {
  const at = (voices: number) =>
    allocate({ estimate: 600 * KILOBIT, voices, videos: [video("a")] }).layers.get("a");

  assert.deepEqual([0, 1, 5, MAX_VOICES, 100].map(at), [1, 0, 0, 0, 0]);
  assert.equal(
    allocate({ estimate: 400 * KILOBIT, voices: 8, videos: [video("a")] }).layers.get("a"),
    undefined,
  );
});

Deno.test("allocate tells what is spent, and from which estimate more would be", () => {
  const low = allocate({ estimate: 300 * KILOBIT, voices: 1, videos: [video("a"), video("b")] });
  const all = allocate({ estimate: 9_000 * KILOBIT, voices: 1, videos: [video("a"), video("b")] });

  assert.deepEqual([low.bitrate, low.next], [150_000, 395_000]);
  assert.deepEqual([all.bitrate, all.next], [3_400_000, undefined]);
  assert.deepEqual(allocate({ estimate: 0, voices: 0, videos: [] }), {
    layers: new Map(),
    bitrate: 0,
    next: undefined,
  });
});

const anyVideo = fc.record({
  priority: fc.constantFrom("screen" as const, "speaker" as const, "other" as const),
  isPaused: fc.boolean(),
  maxHeight: fc.option(fc.integer({ min: 0, max: 1080 }), { nil: undefined }),
  current: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  rates: fc.array(fc.integer({ min: 10, max: 900 }), { maxLength: 3 }),
});
const anyCase = fc.record({
  estimate: fc.integer({ min: 0, max: 8_000 }).map((kilobits) => kilobits * KILOBIT),
  voices: fc.integer({ min: 0, max: 6 }),
  videos: fc.array(anyVideo, { maxLength: 8 }).map((videos) =>
    videos.map(({ rates, ...rest }, n): WantedVideo => ({
      ...rest,
      trackId: `${n}`,
      layers: rates.map((_, index) => ({
        index,
        height: 180 * 2 ** index,
        // Each layer costs more than the one below.
        bitrate: rates.slice(0, index + 1).reduce((sum, rate) => sum + rate, 0) * KILOBIT,
      })),
    }))
  ),
});

Deno.test("allocate spends no more than there is, and comes to rest", () => {
  fc.assert(fc.property(anyCase, ({ estimate, voices, videos }) => {
    const first = allocate({ estimate, voices, videos });
    const budget = Math.max(0, estimate - voices * VOICE_BITRATE);

    assert.ok(first.bitrate <= budget * TOLERANCE);
    assert.equal(first.layers.size, videos.length);
    let before = first;
    for (let n = 0; n < 3; n++) {
      const current = before.layers;
      const standing = videos.map((one) => ({ ...one, current: current.get(one.trackId) }));
      const after = allocate({ estimate, voices, videos: standing });
      if (n > 0) assert.deepEqual(after, before);
      before = after;
    }
  }));
});

Deno.test("allocate gives more, or to others, once the estimate is what it asked for", () => {
  fc.assert(fc.property(anyCase, ({ estimate, voices, videos }) => {
    const { layers, next } = allocate({ estimate, voices, videos });
    if (next === undefined) return;
    const standing = videos.map((one) => ({ ...one, current: layers.get(one.trackId) }));

    const after = allocate({ estimate: Math.max(estimate, next), voices, videos: standing });

    assert.notDeepEqual(after.layers, layers);
  }));
});

function video(trackId: string, more: Partial<WantedVideo> = {}): WantedVideo {
  return {
    trackId,
    layers: layers(180, 360, 720),
    isPaused: false,
    priority: "other",
    ...more,
  };
}

function layers(...heights: number[]): WantedVideo["layers"] {
  const rates = [150, 500, 1_700];
  return heights.map((height, index) => ({ index, height, bitrate: rates[index]! * KILOBIT }));
}

function layersOf(kilobits: number, videos: readonly WantedVideo[]) {
  return Object.fromEntries(
    allocate({ estimate: kilobits * KILOBIT, voices: 1, videos }).layers,
  );
}

Deno.test("allocate keeps what was borne so far, beyond any estimate, and raises nothing for it", () => {
  const videos = [video("a", { current: 2 }), video("b")];

  const { layers } = allocate({ estimate: 160 * KILOBIT, voices: 0, videos, isBorne: true });

  assert.deepEqual([...layers], [["a", 2], ["b", undefined]]);
});
