/** The format of the download; the command line's capture has the same. */
import assert from "node:assert/strict";
import { exportFileName, toJsonLine, toJsonLines } from "../../../static/state/log_export.ts";
import { SignalingLog } from "../../../static/state/signaling_log.ts";

Deno.test("toJsonLine writes at, user, direction, message and client, in this order", () => {
  const log = new SignalingLog();
  log.add({ at: 1767225600000, user: "ann", direction: "out", message: { type: "leave" } });
  log.add({ at: 2, user: "ann-1", client: 1, direction: "in", message: { type: "ok" } });

  const lines = log.entries.map(toJsonLine);

  assert.deepEqual(lines, [
    '{"at":1767225600000,"user":"ann","direction":"out","message":{"type":"leave"},"client":0}',
    '{"at":2,"user":"ann-1","direction":"in","message":{"type":"ok"},"client":1}',
  ]);
});

Deno.test("toJsonLines keeps one line an entry, whatever is in the messages", () => {
  const log = new SignalingLog();
  const messages = [{ type: "chat", text: "two\nlines\u2028three" }, { raw: "not json" }];
  for (const message of messages) log.add({ at: 1, user: "ann", direction: "in", message });

  const text = toJsonLines(log.entries);

  assert.ok(text.endsWith("\n"));
  const read = text.trimEnd().split("\n").map((line) => JSON.parse(line).message);
  assert.deepEqual(read, messages);
});

Deno.test("toJsonLines of nothing is empty", () => {
  assert.equal(toJsonLines([]), "");
});

Deno.test("exportFileName names the room and the time without a colon", () => {
  assert.equal(exportFileName("test", 1767225600000), "signalbox-test-2026-01-01T00-00-00.jsonl");
  assert.equal(exportFileName(undefined, 0), "signalbox-no-room-1970-01-01T00-00-00.jsonl");
});
