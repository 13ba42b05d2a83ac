/** How good a link is, in one word. */
import assert from "node:assert/strict";
import type { LinkReport } from "../../../static/call/link_report.ts";
import type { LinkState } from "../../../static/call/transport.ts";
import { judgeQuality, type Quality } from "../../../static/state/quality.ts";
import { report, stream } from "../support/fake_call.ts";

const table: [state: LinkState, report: LinkReport | undefined, quality: Quality][] = [
  ["waiting", undefined, "unknown"],
  ["connecting", report(), "unknown"],
  ["connected", undefined, "unknown"],
  ["connected", report(), "good"],
  ["connected", report({ roundTripMs: undefined }), "good"],
  ["connected", report({ roundTripMs: 400 }), "fair"],
  ["connected", report({ roundTripMs: 700 }), "poor"],
  ["connected", report({ received: [stream(), stream({ loss: 0.05 })] }), "fair"],
  ["connected", report({ received: [stream({ loss: 0.2 })] }), "poor"],
  ["connected", report({ received: [stream({ jitterMs: 60 })] }), "fair"],
  ["connected", report({ received: [stream({ jitterMs: 200 })] }), "poor"],
  ["interrupted", report(), "lost"],
  ["failed", report(), "lost"],
];

for (const [index, [state, measured, quality]] of table.entries()) {
  Deno.test(`judgeQuality says ${quality} of a link that is ${state}, case ${index + 1}`, () => {
    assert.equal(judgeQuality(state, measured), quality);
  });
}
