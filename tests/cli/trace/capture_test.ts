/** What a capture holds, that its reader takes it, and what the reader says of lines that are none. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { JsonLines } from "../../../cli/json_lines.ts";
import { CaptureRecorder } from "../../../cli/trace/capture.ts";
import { CAPTURE_FORMAT, CaptureError, readCapture } from "../../../cli/trace/capture_format.ts";
import { toJsonLines } from "../../../static/state/log_export.ts";
import { SignalingLog } from "../../../static/state/signaling_log.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const START = Date.UTC(2026, 0, 1);

Deno.test("CaptureRecorder writes a line for each message and each event, in their order", async () => {
  const path = await Deno.makeTempFile();
  const clock = new FakeClock();
  const recorder = new CaptureRecorder(JsonLines.create("record", path), clock);
  const ann = recorder.traceOf("ann");

  ann.connecting();
  clock.advance(3);
  ann.opened();
  ann.frame("received", '[{"type":"welcome"},{"type":"ok","requestId":1}]');
  ann.frame("sent", '{"type":"leave"}');
  ann.frame("sent", "[1]");
  ann.frame("sent", "not json");
  recorder.traceOf("bob").frame("received", "(binary)");
  ann.ended(1008, "rate-limited");
  recorder.close();
  const text = await Deno.readTextFile(path);
  await Deno.remove(path);

  const at = START + 3;
  assert.deepEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    { format: CAPTURE_FORMAT, at: START },
    { at: START, user: "ann", event: "connecting" },
    { at, user: "ann", event: "opened" },
    { at, user: "ann", direction: "in", message: { type: "welcome" } },
    { at, user: "ann", direction: "in", message: { type: "ok", requestId: 1 } },
    { at, user: "ann", direction: "out", message: { type: "leave" } },
    { at, user: "ann", direction: "out", message: [1] },
    { at, user: "ann", direction: "out", message: { raw: "not json" } },
    { at, user: "bob", direction: "in", message: { raw: "(binary)" } },
    { at, user: "ann", event: "ended", code: 1008, reason: "rate-limited" },
  ]);
  assert.equal(readCapture(text).length, 9);
});

Deno.test("a capture that cannot be written is refused before the run", () => {
  assert.throws(() => JsonLines.create("record", "/no/such/folder/a"), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /Cannot use --record "\/no\/such\/folder\/a": /);
    return true;
  });
});

Deno.test("a capture that stops being writable is told of at its end, not in the run", () => {
  if (Deno.build.os !== "linux") return; // Only there is a device that is always full.
  const lines = JsonLines.create("record", "/dev/full");

  for (let line = 0; line < 5_000; line++) lines.add({ text: "x".repeat(50) });

  assert.throws(() => lines.close(), /Cannot use --record "\/dev\/full": .*space/);
});

Deno.test("readCapture takes what the page downloads", () => {
  const log = new SignalingLog();
  log.add({ at: START, user: "ann", direction: "in", message: { type: "welcome" } });
  log.add({ at: START, user: "ann-1", client: 1, direction: "out", message: { raw: "{" } });

  const lines = readCapture(toJsonLines(log.entries));

  assert.deepEqual(lines.map(({ number, line }) => ({ number, ...line })), [
    { number: 1, at: START, user: "ann", client: 0, direction: "in", message: { type: "welcome" } },
    { number: 2, at: START, user: "ann-1", client: 1, direction: "out", message: { raw: "{" } },
  ]);
});

Deno.test("readCapture passes over empty lines and fields that it does not know", () => {
  const text = '\n{"at":1,"user":"a","direction":"in","message":null,"later":true}\r\n\n';

  assert.deepEqual(readCapture(text).map(({ number }) => number), [2]);
});

const good = '{"at":1,"user":"a","direction":"in","message":{}}\n';
const wrong: readonly [line: string, named: RegExp][] = [
  ["{", /^line 2 is not JSON$/],
  ["7", /^line 2: must be object$/],
  ['{"at":1,"user":"a","direction":"in"}', /^line 2: must have required properties message$/],
  ['{"at":1,"user":"a","direction":"up","message":1}', /^line 2, direction: /],
  ['{"at":"noon","user":"a","direction":"in","message":1}', /^line 2, at: must be number$/],
  ['{"at":1,"user":"","direction":"in","message":1}', /^line 2, user: /],
  ['{"at":1,"user":"a","event":"vanished"}', /^line 2, event: /],
  ['{"format":"signalbox-capture/9"}', /^line 2, format: must be equal to constant$/],
];

for (const [line, named] of wrong) {
  Deno.test(`readCapture names the line of ${line}`, () => {
    assert.throws(() => readCapture(`${good}${line}\n${good}`), (error) => {
      assert.ok(error instanceof CaptureError);
      assert.match(error.message, named);
      return true;
    });
  });
}
