/** What the server hears of our links. */
import assert from "node:assert/strict";
import { summariseStats } from "../../../static/state/stats_report.ts";
import { report } from "../support/fake_call.ts";

Deno.test("[SS1] summariseStats adds up what is sent, and names the worst path", () => {
  const reports = [report({ kbpsUp: 100.4 }), report({ kbpsUp: 50.2, path: "turn" })];

  assert.deepEqual(summariseStats(reports), { bitrateKbps: 151, path: "turn" });
});

Deno.test("[SS1] summariseStats names no path that it does not know", () => {
  assert.deepEqual(summariseStats([report({ path: "unknown" })]), { bitrateKbps: 100 });
  assert.deepEqual(summariseStats([]), { bitrateKbps: 0 });
});

Deno.test("[SS1] summariseStats counts the way to the server once", () => {
  const through = report({ kbpsUp: 100, path: "sfu" });

  assert.deepEqual(summariseStats([through, through, report({ kbpsUp: 7 })]), {
    bitrateKbps: 107,
    path: "sfu",
  });
});

Deno.test("[TO2] summariseStats says what holds the pictures down", () => {
  assert.equal(summariseStats([report()], "cpu").limitedBy, "cpu");
  assert.ok(!("limitedBy" in summariseStats([report()])));
});
