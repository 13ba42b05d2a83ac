/** Why a broadcast is slow: a table of what is known and what is said of it. */
import assert from "node:assert/strict";
import {
  type Circumstances,
  type SlowReason,
  slowReasons,
  STILL_MS,
} from "../../../../static/state/live/slow_reasons.ts";
import { report, stream } from "../../support/fake_call.ts";

const fine: Circumstances = {
  ...{ isServerAway: false, isBroadcasterAway: false, isPictureExpected: true, isScreen: false },
  rung: "p2p",
  report: report(),
  sent: { limitedBy: undefined, framesPerSecond: 30, height: 720, captured: 30 },
  shown: { framesPerSecond: 30, dropped: 0, stillMs: 0 },
};
const shown = (framesPerSecond: number, dropped = 0) => ({ framesPerSecond, dropped, stillMs: 0 });
const sent = (more: Partial<NonNullable<Circumstances["sent"]>>) => ({ ...fine.sent!, ...more });

const table: [name: string, change: Partial<Circumstances>, reasons: SlowReason[]][] = [
  ["all is well", {}, []],
  ["nothing was said or counted yet", { sent: undefined, shown: undefined, report: undefined }, [
    "path",
  ]],
  ["the server is away", { isServerAway: true, isBroadcasterAway: true }, ["server"]],
  ["the broadcaster is away", { isBroadcasterAway: true }, ["broadcaster"]],
  ["there is nothing to be seen", { isPictureExpected: false, shown: shown(0) }, []],
  [
    "the picture has stopped",
    { shown: { framesPerSecond: 0, dropped: 0, stillMs: STILL_MS } },
    ["path"],
  ],
  ["it has paused for a moment", { shown: shown(0), sent: undefined }, []],
  ["packets get lost", { report: report({ received: [stream({ loss: 0.2 })] }) }, ["network"]],
  ["packets come late", { report: report({ roundTripMs: 900 }) }, ["network"]],
  ["packets come unevenly", { report: report({ received: [stream({ jitterMs: 200 })] }) }, [
    "network",
  ]],
  ["the upload is narrow", { sent: sent({ limitedBy: "bandwidth" }) }, ["upload"]],
  ["the encoder is slow", { sent: sent({ limitedBy: "cpu" }) }, ["encoder"]],
  ["this device leaves pictures out", { shown: shown(20, 0.4) }, ["decode"]],
  ["frames come over the socket", { rung: "relay" }, ["relay"]],
  ["TURN and slow", { rung: "turn", shown: shown(8) }, ["turn"]],
  ["TURN and not slow", { rung: "turn" }, []],
  ["the camera gives few", { shown: shown(7), sent: sent({ framesPerSecond: 8, captured: 8 }) }, [
    "camera",
  ]],
  ["few of many are sent", { shown: shown(7), sent: sent({ framesPerSecond: 8 }) }, ["encoder"]],
  ["few of what is sent arrive", { shown: shown(7) }, ["network"]],
  ["a screen moves seldom", { isScreen: true, shown: shown(1) }, []],
  [
    "several at once, the most telling first",
    {
      ...{ rung: "relay", shown: shown(5, 0.5), sent: sent({ limitedBy: "bandwidth" }) },
      report: report({ roundTripMs: 900 }),
    },
    ["network", "upload", "decode", "relay"],
  ],
];

for (const [name, change, reasons] of table) {
  Deno.test(`slowReasons where ${name}: ${reasons.join(", ") || "none"}`, () => {
    assert.deepEqual(slowReasons({ ...fine, ...change }), reasons);
  });
}
