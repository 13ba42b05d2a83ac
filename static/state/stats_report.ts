/** What the links measure, as the server wants to hear it (rule SS1). Pure. */
import type { MediaPath } from "../../src/protocol/mod.ts";
import type { LinkReport } from "../call/link_report.ts";

/** What all links send together, and the worst path among them. */
export function summariseStats(
  reports: readonly LinkReport[],
): { readonly bitrateKbps: number; readonly path?: MediaPath } {
  const bitrateKbps = Math.round(reports.reduce((sum, { kbpsUp }) => sum + kbpsUp, 0));
  const paths = reports.map(({ path }) => path);
  const path = (["relay", "sfu", "turn", "p2p"] as const).find((known) => paths.includes(known));
  return { bitrateKbps, ...(path === undefined ? {} : { path }) };
}
