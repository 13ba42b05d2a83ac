/**
 * Checks of stats. The summaries come every two seconds, so these checks take some.
 */
import { STATS_SUMMARY_PERIOD_MS } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, meets, same, type Where } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** What a loaded machine may add to, or take from, the time between two summaries. */
const SLACK_MS = 900;

/** SS1 to SS3. */
export const statsChecks = [
  check("SS1", {
    title: "stats takes a bitrate, a path and the time on each path, all if it likes",
    does: "sends every path, bounds of the bitrate, and what is neither",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const good = [
      ...["p2p", "turn", "sfu", "relay"].map((path) => ({ path, bitrateKbps: 1.5 })),
      ...[{}, { bitrateKbps: 0 }, { path: "p2p" }, { pathMs: {} }],
      { pathMs: { p2p: 0, turn: 1.5, sfu: 86_400_000, relay: 3 } },
    ];
    for (const one of good) await report(ann, one);
    const bad = [{ path: "pigeon" }, { bitrateKbps: -1 }, { bitrateKbps: "much" }];
    for (const one of [...bad, { pathMs: { p2p: -1 } }, { pathMs: 5 }]) {
      ann.say({ type: "stats", ...one, requestId: "bad" });
      await ann.hearUntil("error", { requestId: "bad", code: "bad-message" });
    }
    await ann.hearRest();
    await ann.ask({ type: "leave" }, "leaved");
  }),

  slowCheck("SS2", {
    title: "while reports come in, the room gets their sum every 2 s",
    does: "reports as three roles for two periods, compares both sums, and stops",
  }, async (scene) => {
    const ann = await scene.join("ann");
    const bob = await scene.join("bob");
    await ann.hear("user-joined");
    const cat = await scene.join("cat", { fields: { role: "viewer" } });
    await everyone([ann, bob], (one) => one.hear("user-joined"));
    const all = [ann, bob, cat];
    const stranger = await scene.join("ann", { room: scene.otherRoom });
    await report(ann, { bitrateKbps: 9_000, path: "relay" });
    await report(ann, { bitrateKbps: 1_000, path: "p2p", pathMs: { p2p: 100, relay: 20 } });
    await report(bob, { bitrateKbps: 500, path: "turn" });
    await report(cat, { bitrateKbps: 70, path: "p2p", pathMs: { p2p: 3 } });
    const pathMs = { p2p: 103, relay: 20 };
    const first = { viewerCount: 1, bitrateKbps: 1_500, paths: { p2p: 2, turn: 1 }, pathMs };
    await everyone(all, (one) => hearSum(one, first));
    const startedAt = scene.clock.elapsed();
    await report(bob, { bitrateKbps: 700 });
    const second = { viewerCount: 1, bitrateKbps: 1_700, paths: { p2p: 2 }, pathMs };
    await everyone(all, (one) => hearSum(one, second));
    const tookMs = scene.clock.elapsed() - startedAt;
    const isInTime = Math.abs(tookMs - STATS_SUMMARY_PERIOD_MS) < SLACK_MS;
    demand(isInTime, `${STATS_SUMMARY_PERIOD_MS} ms between summaries`, `${Math.round(tookMs)} ms`);
    await scene.pause(STATS_SUMMARY_PERIOD_MS + SLACK_MS);
    await everyone([...all, stranger], (one) => one.hearNothing());
  }),

  slowCheck("SS3", {
    title: "a report is forgotten when its participant leaves",
    does: "lets one of two who reported leave, and a viewer, and compares the next sum",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const cat = await scene.join("cat", { fields: { role: "viewer" } });
    await everyone([ann!, bob!], (one) => one.hear("user-joined"));
    await report(ann!, { bitrateKbps: 1_000, path: "p2p" });
    await report(bob!, { bitrateKbps: 500, path: "turn" });
    const both = { viewerCount: 1, bitrateKbps: 1_500, paths: { p2p: 1, turn: 1 } };
    await everyone([ann!, bob!, cat], (one) => hearSum(one, both));
    await cat.ask({ type: "leave" }, "leaved");
    await everyone([ann!, bob!], (one) => one.hear("user-left"));
    await bob!.ask({ type: "leave" }, "leaved");
    await ann!.hear("user-left");
    await bob!.join(scene.room);
    await ann!.hear("user-joined");
    await report(ann!, { bitrateKbps: 1_000, path: "p2p" });
    const own = { viewerCount: 0, bitrateKbps: 1_000, paths: { p2p: 1 } };
    await everyone([ann!, bob!], (one) => hearSum(one, own));
  }),
];

/** Reports; a summary of what was reported before may come in between. */
async function report(actor: Actor, stats: Readonly<Record<string, unknown>>): Promise<void> {
  const requestId = `${JSON.stringify(stats)}`.slice(0, 60);
  actor.say({ type: "stats", ...stats, requestId });
  const heard = await actor.hearUntil("ok", { requestId });
  same("what else", heard.filter(({ type }) => type !== "stats-summary").length, 1);
}

/** Hears the sum; one may come before it that was due between two of the reports. */
async function hearSum(actor: Actor, sum: Where): Promise<void> {
  actor.bePatient(2 * STATS_SUMMARY_PERIOD_MS);
  const first = await actor.hear("stats-summary");
  if (!meets(first, "stats-summary", sum)) await actor.hear("stats-summary", sum);
  actor.bePatient(0);
}
