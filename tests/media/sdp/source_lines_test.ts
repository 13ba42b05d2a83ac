/** The lines of what we send. */
import assert from "node:assert/strict";
import { sourceLines } from "../../../src/media/sdp/source_lines.ts";

const SECTION = { mid: "v0", ssrc: 5, streamId: "s0", trackId: "t0", cname: "c0" };

Deno.test("sourceLines name stream, track, source and repair stream", () => {
  assert.deepEqual(sourceLines({ ...SECTION, rtxSsrc: 6 }, true), [
    "a=msid:s0 t0",
    "a=ssrc-group:FID 5 6",
    "a=ssrc:5 cname:c0",
    "a=ssrc:6 cname:c0",
  ]);
});

Deno.test("sourceLines name no repair stream where there is none", () => {
  const alone = ["a=msid:s0 t0", "a=ssrc:5 cname:c0"];

  assert.deepEqual(sourceLines(SECTION, true), alone);
  assert.deepEqual(sourceLines({ ...SECTION, rtxSsrc: 0 }, true), alone);
  assert.deepEqual(sourceLines({ ...SECTION, rtxSsrc: 6 }, false), alone);
});
