/** Names of recordings sort by time, differ, and are names of folders everywhere. */
import assert from "node:assert/strict";
import { createRecordingId } from "../../../src/media/record/recording_id.ts";

Deno.test("createRecordingId gives names that sort by time and fit any file system", () => {
  const names = [1_767_225_600_000, 1_767_225_600_001, 1_799_999_999_999].map(createRecordingId);

  assert.deepEqual(names.toSorted(), names);
  for (const name of names) assert.match(name, /^[a-z0-9]+-[a-z0-9]{6}$/);
});

Deno.test("createRecordingId gives two recordings of one moment different names", () => {
  const names = Array.from({ length: 200 }, () => createRecordingId(1_767_225_600_000));

  assert.equal(new Set(names).size, 200);
});
