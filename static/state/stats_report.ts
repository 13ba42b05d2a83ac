/** What the links measure, as the server wants to hear it (rules SS1, TO2). Pure. */
import type { MediaPath } from "../../src/protocol/mod.ts";
import { type LinkReport, waysOut } from "../call/link_report.ts";

/** What is sent on all ways together, the worst path among them, and what holds our pictures down. */
export function summariseStats(
  reports: readonly LinkReport[],
  limitedBy?: "cpu" | "bandwidth",
): {
  readonly bitrateKbps: number;
  readonly path?: MediaPath;
  readonly limitedBy?: "cpu" | "bandwidth";
} {
  const bitrateKbps = Math.round(waysOut(reports).reduce((sum, { kbpsUp }) => sum + kbpsUp, 0));
  const paths = reports.map(({ path }) => path);
  const path = (["relay", "sfu", "turn", "p2p"] as const).find((known) => paths.includes(known));
  return {
    bitrateKbps,
    ...(path === undefined ? {} : { path }),
    ...(limitedBy === undefined ? {} : { limitedBy }),
  };
}
