/** The frames that a failure shows. */
import assert from "node:assert/strict";
import { Transcript, trimmed } from "../../../cli/conformance/transcript.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("Transcript keeps the last lines with their times, cut where they are long", () => {
  const clock = new FakeClock();
  const transcript = new Transcript(clock);
  for (let n = 0; n < 100; n++) {
    clock.advance(1);
    transcript.add("ann", "<", `${n} ${"x".repeat(1_000)}`);
  }
  const { lines } = transcript;

  assert.equal(lines.length, 40);
  assert.equal(lines.at(-1)?.atMs, 100);
  assert.match(lines.at(-1)?.text ?? "", /^99 x{300,}… \(\d+ more\)$/);
});

Deno.test("Transcript.traceOf writes a connection down", () => {
  const transcript = new Transcript(new FakeClock());
  const trace = transcript.traceOf("ann");

  trace.connecting();
  trace.opened();
  trace.frame("sent", "out");
  trace.frame("received", "in");
  trace.ended(1008, "bad-message");

  assert.deepEqual(transcript.lines.map(({ way, text }) => `${way} ${text}`), [
    "· open",
    "> out",
    "< in",
    "· ended with 1008 bad-message",
  ]);
});

Deno.test("trimmed leaves no half of a surrogate pair", () => {
  assert.equal(trimmed("short", 5), "short");
  assert.equal(trimmed("ab😀cd", 3), "ab… (4 more)");
});
