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
