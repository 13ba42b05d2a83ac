/** Codecs in order, and what repairs them behind. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BEST_FIRST, CHEAP_FIRST, orderCodecs } from "../../../static/call/codec_order.ts";

/** What Chromium lists, shortened: name, profile. */
const CHROMIUM = [
  ...["VP8", "rtx", "VP9 0", "VP9 2", "H264 42001f", "H264 42e01f", "AV1 0", "red", "ulpfec"],
].map((name) => {
  const [type, profile] = name.split(" ");
  return { mimeType: `video/${type}`, profile };
});

const cases: [order: readonly string[], expected: string[]][] = [
  [BEST_FIRST, [
    ...["AV1 0", "VP9 0", "VP9 2", "VP8", "H264 42001f", "H264 42e01f", "rtx", "red", "ulpfec"],
  ]],
  [CHEAP_FIRST, [
    ...["VP8", "H264 42001f", "H264 42e01f", "VP9 0", "VP9 2", "AV1 0", "rtx", "red", "ulpfec"],
  ]],
  [["VIDEO/h264"], [
    ...["H264 42001f", "H264 42e01f", "VP8", "VP9 0", "VP9 2", "AV1 0", "rtx", "red", "ulpfec"],
  ]],
  [[], ["VP8", "VP9 0", "VP9 2", "H264 42001f", "H264 42e01f", "AV1 0", "rtx", "red", "ulpfec"]],
  [["video/H265"], [
    ...["VP8", "VP9 0", "VP9 2", "H264 42001f", "H264 42e01f", "AV1 0", "rtx", "red", "ulpfec"],
  ]],
];

for (const [order, expected] of cases) {
  Deno.test(`orderCodecs by [${order}]`, () => {
    assert.deepEqual(orderCodecs(CHROMIUM, order).map(nameOf), expected);
  });
}

Deno.test("orderCodecs loses and adds nothing, and ends with what repairs", () => {
  const codec = fc.constantFrom(...CHROMIUM);
  fc.assert(fc.property(fc.array(codec), fc.shuffledSubarray([...BEST_FIRST]), (codecs, order) => {
    const ordered = orderCodecs(codecs, order);

    assert.deepEqual([...ordered].map(nameOf).sort(), codecs.map(nameOf).sort());
    assert.deepEqual(orderCodecs(ordered, order), ordered);
    const repairs = ordered.map(({ mimeType }) => /rtx|red|ulpfec/.test(mimeType));
    assert.ok(!repairs.some((isRepair, index) => isRepair && repairs[index + 1] === false));
  }));
});

Deno.test("orderCodecs of a browser without codecs is empty", () => {
  assert.deepEqual(orderCodecs([], BEST_FIRST), []);
});

function nameOf({ mimeType, profile }: typeof CHROMIUM[number]): string {
  return [mimeType.replace("video/", ""), ...(profile === undefined ? [] : [profile])].join(" ");
}
