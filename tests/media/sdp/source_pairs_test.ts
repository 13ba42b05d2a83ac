/** Sources and what repeats them. */
import assert from "node:assert/strict";
import { pairSources } from "../../../src/media/sdp/source_pairs.ts";
import { video } from "./fixtures.ts";

function sources(...ssrcs: readonly number[]): string[] {
  return ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:x`);
}

Deno.test("pairSources puts the repair stream at the place of its source", () => {
  const group = "a=ssrc-group:FID";

  assert.deepEqual(
    pairSources(video("96", `${group} 1 2`, `${group} 3 4`, ...sources(1, 2, 3, 4, 5))),
    { ssrcs: [1, 3, 5], rtxSsrcs: [2, 4, 0] },
  );
});

Deno.test("pairSources leaves out sources of error correction, and keeps layers", () => {
  assert.deepEqual(
    pairSources(video(
      ...["96", "a=ssrc-group:SIM 1 2", "a=ssrc-group:FEC-FR 1 3", "a=ssrc-group:FID 1"],
      ...sources(1, 2, 3),
    )),
    { ssrcs: [1, 2], rtxSsrcs: [0, 0] },
  );
  assert.deepEqual(pairSources(video("96")), { ssrcs: [], rtxSsrcs: [] });
});

Deno.test("pairSources takes the first of two repair streams, and the second as no source", () => {
  assert.deepEqual(
    pairSources(video(
      ...["96", "a=ssrc-group:FID 1 2", "a=ssrc-group:FID 1 3"],
      ...sources(1, 2, 3),
    )),
    { ssrcs: [1], rtxSsrcs: [2] },
  );
});
