/** Each codec has its reader. */
import assert from "node:assert/strict";
import { Av1Reader } from "../../../src/media/record/av1_reader.ts";
import { H264Reader } from "../../../src/media/record/h264_reader.ts";
import { OpusReader } from "../../../src/media/record/opus_reader.ts";
import { createPayloadReader } from "../../../src/media/record/payload_reader.ts";
import { Vp8Reader } from "../../../src/media/record/vp8_reader.ts";
import { Vp9Reader } from "../../../src/media/record/vp9_reader.ts";

Deno.test("createPayloadReader makes a reader of its own for each codec", () => {
  assert.ok(createPayloadReader("VP8") instanceof Vp8Reader);
  assert.ok(createPayloadReader("VP9") instanceof Vp9Reader);
  assert.ok(createPayloadReader("H264") instanceof H264Reader);
  assert.ok(createPayloadReader("AV1") instanceof Av1Reader);
  assert.ok(createPayloadReader("opus") instanceof OpusReader);
  assert.notEqual(createPayloadReader("VP8"), createPayloadReader("VP8"));
});
