/** A log that goes through the protocol, and does not fill it. */
import assert from "node:assert/strict";
import { RemoteLog } from "../../../src/media/child/remote_log.ts";
import type { Notices } from "../../../src/media/ipc/messages.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function makeLog() {
  const clock = new FakeClock();
  const lines: Notices["log"][] = [];
  return { clock, lines, log: new RemoteLog(clock, (line) => lines.push(line)) };
}

Deno.test("RemoteLog hands on what is logged, at its level", () => {
  const { log, lines } = makeLog();

  log.debug("one");
  log.info("two", { roomId: "test" });
  log.warn("three");
  log.error("four", { count: 4 });

  assert.deepEqual(lines, [
    { level: "debug", message: "one", fields: {} },
    { level: "info", message: "two", fields: { roomId: "test" } },
    { level: "warn", message: "three", fields: {} },
    { level: "error", message: "four", fields: { count: 4 } },
  ]);
});

Deno.test("RemoteLog says of an error what JSON would not", () => {
  const { log, lines } = makeLog();

  log.error("failed", { error: new TypeError("a fault") });

  assert.match(`${lines[0]?.fields.error}`, /^TypeError: a fault\n\s+at /);
});

Deno.test("RemoteLog drops what is too much, and says how much with the next", () => {
  const { log, lines, clock } = makeLog();

  for (let n = 0; n < 1_000; n++) log.error("flood", { n });
  assert.equal(lines.length, 50);
  clock.advance(9_999);
  log.error("flood");
  assert.equal(lines.length, 50);
  clock.advance(1);
  log.error("after");
  log.error("again");

  assert.deepEqual(lines.slice(50).map(({ fields }) => fields), [{ dropped: 951 }, {}]);
});
