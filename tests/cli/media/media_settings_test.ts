/** What a run makes of the settings of its media. */
import assert from "node:assert/strict";
import { type MediaSettings, planPictures } from "../../../cli/media/media_settings.ts";

Deno.test("planPictures fits what a server lets through before it knows more, but says when it cannot", () => {
  const settings: MediaSettings = {
    ...{ kind: "synthetic", durationMs: 1_000, lossRatio: 0, maxLossRatio: 0 },
  };
  const plan = (members: number, videoKbps?: number) =>
    planPictures({ ...settings, videoKbps }, members);

  assert.deepEqual(plan(2), { kbps: 300, mayPause: false });
  assert.deepEqual(plan(6), { kbps: 93, mayPause: false });
  assert.deepEqual(plan(17), { kbps: 23, mayPause: false });
  assert.deepEqual(plan(18), { kbps: 23, mayPause: true });
  assert.deepEqual(plan(26), plan(18));
  assert.deepEqual(plan(6, 90), { kbps: 90, mayPause: false });
  assert.deepEqual(plan(6, 500), { kbps: 500, mayPause: true });
});
