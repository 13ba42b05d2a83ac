/** What the server hears of our links. */
import assert from "node:assert/strict";
import {
  STATS_PERIOD_MS,
  StatsReport,
  summariseStats,
} from "../../../static/state/stats_report.ts";
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

Deno.test("[SS1] summariseStats says the path of a ladder, and the time on each", () => {
  const pathMs = { p2p: 12_000, relay: 3_000 };

  const all = summariseStats([report()], undefined, { path: "relay", pathMs });

  assert.deepEqual(all, { bitrateKbps: 100, path: "relay", pathMs });
  assert.ok(!("pathMs" in summariseStats([report()], undefined, { pathMs: {} })));
});

Deno.test("[TO2] summariseStats says what holds the pictures down", () => {
  assert.equal(summariseStats([report()], "cpu").limitedBy, "cpu");
  assert.ok(!("limitedBy" in summariseStats([report()])));
});

Deno.test("[SS1] StatsReport tells every five seconds, and soon where it could not", () => {
  const sent: string[] = [];
  let [at, isOpen] = [0, true];
  const stats = new StatsReport(() => at, ({ type }) => {
    if (isOpen) sent.push(`${type} at ${at}`);
    return isOpen;
  });

  stats.measured([], undefined);
  for (; at < 3 * STATS_PERIOD_MS; at += 1_000) {
    isOpen = at !== STATS_PERIOD_MS;
    stats.measured([report()], undefined);
  }

  assert.deepEqual(sent, ["stats at 0", "stats at 6000", "stats at 11000"]);
});
