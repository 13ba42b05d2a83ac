/** Which sizes are sent under which circumstances. */
import assert from "node:assert/strict";
import { cameraLayers, screenLayers } from "../../../../static/call/sfu/layers.ts";
import type { SlotEncoding } from "../../../../static/call/transport.ts";

const ENCODING: SlotEncoding = {
  maxBitrate: 1_500_000,
  scaleResolutionDownBy: 1,
  maxFramerate: 30,
  degradationPreference: "balanced",
};

Deno.test("cameraLayers are three, each half as wide and high as the next", () => {
  const layers = cameraLayers({ encoding: ENCODING, captureHeight: 720, wantedHeight: undefined });

  const common = { active: true, maxFramerate: 30 };
  assert.deepEqual(layers, [
    { ...common, rid: "l", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
    { ...common, rid: "m", scaleResolutionDownBy: 2, maxBitrate: 450_000 },
    { ...common, rid: "h", scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
  ]);
});

/** The sizes that are sent, of 180, 360 and 720 lines, by what is wanted. */
const wanted: [wantedHeight: number | undefined, captureHeight: number, rids: string][] = [
  [undefined, 720, "lmh"],
  [0, 720, ""],
  [1, 720, "l"],
  [180, 720, "l"],
  [181, 720, "lm"],
  [360, 720, "lm"],
  [361, 720, "lmh"],
  [16_384, 720, "lmh"],
  [360, 1_080, "lm"],
  [541, 1_080, "lmh"],
  [270, 1_080, "l"],
  [0, 0, ""],
  [90, 0, "lmh"],
];

for (const [wantedHeight, captureHeight, rids] of wanted) {
  Deno.test(`[PB6] cameraLayers of ${captureHeight} lines where ${wantedHeight} are wanted`, () => {
    const layers = cameraLayers({ encoding: ENCODING, captureHeight, wantedHeight });

    const active = layers.filter(({ active }) => active);
    assert.equal(active.map(({ rid }) => rid).join(""), rids);
  });
}

Deno.test("cameraLayers follow the bounds of the whole picture", () => {
  const layers = cameraLayers({
    encoding: { ...ENCODING, maxBitrate: 330_000, scaleResolutionDownBy: 2, maxFramerate: 20 },
    captureHeight: 720,
    wantedHeight: 180,
  });

  assert.deepEqual(layers.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy), [8, 4, 2]);
  assert.deepEqual(layers.map(({ active }) => active), [true, true, false]);
  assert.deepEqual(layers.map(({ maxFramerate }) => maxFramerate), [20, 20, 20]);
});

Deno.test("[PB6] screenLayers are one of full size, or none where nobody looks", () => {
  const layersFor = (wantedHeight: number | undefined) =>
    screenLayers({ encoding: ENCODING, captureHeight: 1_080, wantedHeight });

  const [layer, ...rest] = layersFor(180);
  assert.deepEqual([layer?.active, layer?.scaleResolutionDownBy, rest], [true, 1, []]);
  assert.equal(layersFor(undefined)[0]?.active, true);
  assert.equal(layersFor(0)[0]?.active, false);
});

Deno.test("cameraLayers and screenLayers have bounds before any were decided", () => {
  const now = { encoding: undefined, captureHeight: 720, wantedHeight: undefined };

  assert.ok(cameraLayers(now).every(({ maxBitrate }) => maxBitrate > 0));
  assert.ok(screenLayers(now)[0]!.maxBitrate > 0);
});
