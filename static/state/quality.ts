/** How good the link to one participant is, in one word: pure, from what it measures. */
import type { LinkReport } from "../call/link_report.ts";
import type { LinkState } from "../call/transport.ts";

/** From best to worst; `unknown` before anything was measured. */
export type Quality = "good" | "fair" | "poor" | "lost" | "unknown";

/** A voice bears this loss without being noticed, and this one with gaps. */
const FAIR_LOSS = 0.03;
const POOR_LOSS = 0.1;
/** A talk gets uneasy from here on, and people interrupt each other from here on (ITU-T G.114). */
const FAIR_ROUND_TRIP_MS = 300;
const POOR_ROUND_TRIP_MS = 600;
const FAIR_JITTER_MS = 50;
const POOR_JITTER_MS = 120;

/** The word for a link. */
export function judgeQuality(state: LinkState, report: LinkReport | undefined): Quality {
  if (state === "interrupted" || state === "failed") return "lost";
  if (state !== "connected" || report === undefined) return "unknown";
  const streams = report.received;
  const loss = Math.max(0, ...streams.map((stream) => stream.loss));
  const jitterMs = Math.max(0, ...streams.map((stream) => stream.jitterMs));
  const roundTripMs = report.roundTripMs ?? 0;
  if (loss > POOR_LOSS || roundTripMs > POOR_ROUND_TRIP_MS || jitterMs > POOR_JITTER_MS) {
    return "poor";
  }
  if (loss > FAIR_LOSS || roundTripMs > FAIR_ROUND_TRIP_MS || jitterMs > FAIR_JITTER_MS) {
    return "fair";
  }
  return "good";
}
