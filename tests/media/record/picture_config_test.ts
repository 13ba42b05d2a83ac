/** What key frames say of the pictures that follow. */
import assert from "node:assert/strict";
import { readPictureConfig } from "../../../src/media/record/picture_config.ts";
import { hex } from "../rtp/hex.ts";
import { encodeVideo } from "./encoded_media.ts";

const NAMES = {
  VP8: /^vp8$/,
  VP9: /^vp09\.00\.10\.08$/,
  H264: /^avc1\.42c0[0-9a-f]{2}$/,
  AV1: /^av01\.0\.00M\.08$/,
} as const;

for (const codec of ["VP8", "VP9", "H264", "AV1"] as const) {
  Deno.test(`readPictureConfig reads size and name of a key frame of ${codec}`, async () => {
    const [key, delta] = await encodeVideo({ codec, seconds: 0.1, size: "176x98" });

    const config = readPictureConfig(codec, key!.data);

    assert.deepEqual([config?.width, config?.height], [176, 98]);
    assert.match(config!.codecString, NAMES[codec]);
    if (codec !== "VP9") assert.equal(readPictureConfig(codec, delta!.data), undefined);
  });

  Deno.test(`readPictureConfig finds nothing in a key frame of ${codec} that is cut`, async () => {
    const [key] = await encodeVideo({ codec, seconds: 0.1 });

    for (const length of [0, 1, 3]) {
      assert.equal(readPictureConfig(codec, key!.data.slice(0, length)), undefined);
    }
  });
}

Deno.test("readPictureConfig takes the largest layer of a superframe of VP9", () => {
  // Uncompressed headers of key frames of profile 0: 16x16 and 32x24, then an index.
  const small = hex("82 498342 00 00f0 00f0 00");
  const large = hex("82 498342 00 01f0 0170 00");
  const index = hex("d9 0a000000 0a000000 d9");

  const config = readPictureConfig("VP9", Uint8Array.of(...small, ...large, ...index));

  assert.deepEqual(config, { width: 32, height: 24, codecString: "vp09.00.10.08" });
});

Deno.test("readPictureConfig of a sound is nothing", () => {
  assert.equal(readPictureConfig("opus", hex("f8fffe")), undefined);
});
