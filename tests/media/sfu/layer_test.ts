/** A layer knows whether it is alive, asks for a key frame once, and hands packets to its outputs. */
import assert from "node:assert/strict";
import { Layer } from "../../../src/media/sfu/layer.ts";
import { SourcePacket } from "../../../src/media/sfu/source_packet.ts";

function create(isVideo = true): Layer {
  return new Layer({ ssrc: 1, rid: "h", clockRate: 90_000, isVideo });
}

Deno.test("Layer is active while packets come", () => {
  const layer = create();
  assert.equal(layer.isActive(0), false);

  layer.touched(1_000);

  assert.equal(layer.isActive(2_499), true);
  assert.equal(layer.isActive(2_500), false);
});

Deno.test("Layer asks for a key frame when one is wanted, and not again within the period", () => {
  const layer = create();
  assert.equal(layer.takeKeyFrameWish(0, 400), false);

  layer.wantKeyFrame();
  assert.equal(layer.takeKeyFrameWish(0, 400), true);
  assert.equal(layer.takeKeyFrameWish(399, 400), false);
  assert.equal(layer.takeKeyFrameWish(400, 400), true);
  layer.keyFrameCame();

  assert.equal(layer.takeKeyFrameWish(5_000, 400), false);
  assert.equal(layer.plis, 2);
});

Deno.test("Layer hands packets to each output once, until it is removed", () => {
  const layer = create();
  const seen: string[] = [];
  const [one, other] = ["one", "other"].map((name) => ({ forward: () => seen.push(name) }));
  layer.addOutput(one!);
  layer.addOutput(other!);
  layer.addOutput(one!);

  layer.forward(new SourcePacket(), 0);
  layer.removeOutput(one!);
  layer.removeOutput(one!);
  layer.forward(new SourcePacket(), 0);

  assert.deepEqual(seen, ["one", "other", "other"]);
});

Deno.test("Layer measures its spatial layers apart, and no more of them than there can be", () => {
  const layer = create();
  layer.countSpatial(0, 1_000);
  layer.countSpatial(2, 1_000);
  layer.countSpatial(9, 9_000);
  layer.tick(0);

  layer.countSpatial(2, 3_000);
  layer.tick(1_000);

  assert.deepEqual(layer.spatialMeters.map(({ bytes }) => bytes), [1_000, 0, 4_000]);
  assert.equal(layer.spatialMeters[2]!.bitrate, 24_000);
});

Deno.test("Layer keeps pictures for those who ask again, and no sound", () => {
  assert.notEqual(create().history, undefined);
  assert.equal(create(false).history, undefined);
});
