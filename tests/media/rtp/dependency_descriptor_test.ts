/** Dependency descriptors (av1-rtp-spec, appendix A), of browsers and by hand. */
import assert from "node:assert/strict";
import { DependencyDescriptor } from "../../../src/media/rtp/av1.ts";
import { BROWSER_STRUCTURE } from "./browser_packets.ts";
import { bits, hex } from "./hex.ts";

Deno.test("DependencyDescriptor.read takes the templates of L3T3_KEY from a browser", () => {
  const descriptor = new DependencyDescriptor();

  assert.ok(read(descriptor, BROWSER_STRUCTURE));

  assert.equal(descriptor.hasStructure, true);
  assert.equal(descriptor.isSvc, true);
  assert.equal(descriptor.layerCount, 3);
  assert.deepEqual([...descriptor.widths], [240, 480, 960, 0]);
  assert.deepEqual([...descriptor.heights], [135, 270, 540, 0]);
  assert.equal(descriptor.frameNumber, 1);
  assert.equal(descriptor.isFrameStart, true);
  assert.equal(descriptor.isFrameEnd, false);
});

Deno.test("DependencyDescriptor.read tells the layer of a frame by its template", () => {
  const descriptor = new DependencyDescriptor();
  read(descriptor, BROWSER_STRUCTURE);
  // The templates are two of 0/0, one of 0/1, two of 0/2, and so on for each spatial layer.
  const table = [
    ["000001", { spatialId: 0, temporalId: 0, frameNumber: 1 }],
    ["460002", { spatialId: 1, temporalId: 0, frameNumber: 2, isFrameEnd: true }],
    ["820016", { spatialId: 0, temporalId: 1, frameNumber: 22, isFrameStart: true }],
    ["090016", { spatialId: 1, temporalId: 2, frameNumber: 22 }],
    ["0cffff", { spatialId: 2, temporalId: 1, frameNumber: 65_535 }],
    ["c30003", {
      spatialId: 0,
      temporalId: 2,
      frameNumber: 3,
      isFrameStart: true,
      isFrameEnd: true,
    }],
    // As a browser sent it: fields behind the mandatory ones, without templates.
    ["0a000e1ae0500840", { spatialId: 2, temporalId: 0, frameNumber: 14 }],
  ] as const;

  for (const [digits, expected] of table) {
    assert.ok(read(descriptor, hex(digits)), digits);
    const { spatialId, temporalId, frameNumber, isFrameStart, isFrameEnd } = descriptor;
    const found = { spatialId, temporalId, frameNumber, isFrameStart, isFrameEnd };
    assert.deepEqual(found, { isFrameStart: false, isFrameEnd: false, ...expected }, digits);
    assert.equal(descriptor.hasStructure, false, digits);
    assert.equal(descriptor.isSvc, true, digits);
  }
});

Deno.test("DependencyDescriptor.read takes streams of one spatial layer, and of two", () => {
  const table = [
    // VP9 simulcast, L1T3, 320x180.
    ["800001800214eaa860414d1410208427013f00b3", 1, [320, 0, 0, 0]],
    // AV1 L2T2, 640x360.
    ["8000018003187aaaf130a0a014d1413823046008642222265013f00b3027f01670", 2, [320, 640, 0, 0]],
    // VP9 of which only some decode targets are active.
    [
      "8f003281e81485214eaaaaa8000600004000100002aa80a8000600004000100002a000a800060000400016d5" +
      "49241b5524906d54923157e001974ca864330e222396eca8655304224390eca8775300ef008601df010d03bf" +
      "021b",
      3,
      [240, 480, 960, 0],
    ],
  ] as const;

  for (const [digits, layerCount, widths] of table) {
    const descriptor = new DependencyDescriptor();
    assert.ok(read(descriptor, hex(digits)), digits);
    assert.equal(descriptor.layerCount, layerCount, digits);
    assert.equal(descriptor.isSvc, layerCount > 1, digits);
    assert.deepEqual([...descriptor.widths], widths, digits);
  }
});

Deno.test("DependencyDescriptor.read takes a structure without sizes, chains and differences", () => {
  const descriptor = new DependencyDescriptor();
  // Ids from 62 on; one decode target; three templates of layers 0/0, 0/1 and 1/0.
  const layers = "01 10 11";
  const structure = `111110 00000 ${layers} 10 11 01 0 0 0 0 0`;

  assert.ok(read(descriptor, bits(`11 111110 ${"0".repeat(16)} 10000 ${structure}`)));
  assert.equal(descriptor.layerCount, 2);
  assert.deepEqual([...descriptor.widths], [0, 0, 0, 0]);

  // Ids wrap after 63.
  assert.ok(read(descriptor, bits(`00 000000 ${"0".repeat(16)}`)));
  assert.deepEqual([descriptor.spatialId, descriptor.temporalId], [1, 0]);
  assert.ok(read(descriptor, bits(`00 111111 ${"0".repeat(16)}`)));
  assert.deepEqual([descriptor.spatialId, descriptor.temporalId], [0, 1]);
  assert.equal(read(descriptor, bits(`00 000001 ${"0".repeat(16)}`)), false);
});

Deno.test("DependencyDescriptor.read knows no layer before templates came", () => {
  const descriptor = new DependencyDescriptor();

  assert.equal(read(descriptor, hex("c00007")), false);

  assert.equal(descriptor.frameNumber, 7);
  assert.equal(descriptor.isFrameStart, true);
  assert.equal(descriptor.isSvc, false);
  assert.equal(descriptor.layerCount, 0);
});

Deno.test("DependencyDescriptor.read keeps its templates when broken ones come", () => {
  const descriptor = new DependencyDescriptor();
  read(descriptor, BROWSER_STRUCTURE);
  const head = `10 000000 ${"0".repeat(16)} 10000`;
  const table = {
    "cut": BROWSER_STRUCTURE.subarray(0, 60),
    "five spatial layers": bits(`${head} 000000 00000 10 10 10 10 11 ${"0".repeat(200)}`),
    "nine temporal layers": bits(`${head} 000000 00000 ${"01".repeat(8)} 11 ${"0".repeat(200)}`),
    "templates without an end": bits(`${head} 000000 00000 ${"0".repeat(400)}`),
    "differences without an end": bits(`${head} 000000 00000 11 00 ${"1".repeat(203)}`),
  };

  for (const [what, bytes] of Object.entries(table)) {
    assert.equal(read(descriptor, bytes), false, what);
    assert.equal(descriptor.hasStructure, false, what);
    assert.equal(descriptor.layerCount, 3, what);
    assert.ok(read(descriptor, hex("460002")), what);
    assert.equal(descriptor.spatialId, 1, what);
  }
});

Deno.test("DependencyDescriptor.read refuses what is no descriptor", () => {
  const descriptor = new DependencyDescriptor();
  read(descriptor, BROWSER_STRUCTURE);

  assert.equal(descriptor.read(hex("8000"), 0, 2), false);
  assert.equal(descriptor.read(hex("800001"), 0, 4), false);
  assert.equal(descriptor.read(hex("800001"), -1, 3), false);
  assert.equal(descriptor.read(hex(""), 0, 0), false);
});

Deno.test("DependencyDescriptor.read reads where the extension stands in a packet", () => {
  const descriptor = new DependencyDescriptor();
  const bytes = new Uint8Array([1, 2, 3, ...BROWSER_STRUCTURE, 4, 5]);

  assert.ok(descriptor.read(bytes, 3, BROWSER_STRUCTURE.length));

  assert.equal(descriptor.frameNumber, 1);
  assert.equal(descriptor.layerCount, 3);
});

function read(descriptor: DependencyDescriptor, bytes: Uint8Array): boolean {
  return descriptor.read(bytes, 0, bytes.length);
}
