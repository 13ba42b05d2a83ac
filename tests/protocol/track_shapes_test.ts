/** The shapes of tracks; the messages that carry them are tested at their edges. */
import assert from "node:assert/strict";
import { kindOfSource, TRACK_SOURCES } from "../../src/protocol/mod.ts";

Deno.test("kindOfSource tells sounds from pictures", () => {
  const kinds = TRACK_SOURCES.map((source) => [source, kindOfSource(source)]);

  assert.deepEqual(kinds, [
    ["microphone", "audio"],
    ["camera", "video"],
    ["screen", "video"],
    ["screen-sound", "audio"],
  ]);
});
