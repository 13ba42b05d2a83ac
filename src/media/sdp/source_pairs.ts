/** The sources that an m-line announces, each with the one that repeats it (RFC 5576, RFC 4588). */
import type { MediaSection } from "./media_section.ts";

/** The second of such a group only repairs the first. */
const REPAIRING: ReadonlySet<string> = new Set(["FID", "FEC", "FEC-FR"]);

/** Two lists of one length; 0 where no repair stream is announced. */
export type SourcePairs = {
  readonly ssrcs: readonly number[];
  readonly rtxSsrcs: readonly number[];
};

/** Pairs the sources of an m-line. */
export function pairSources({ ssrcs, ssrcGroups }: MediaSection): SourcePairs {
  const repairing = new Set<number>();
  const repeating = new Map<number, number>();
  for (const { semantics, ssrcs: [source, repair] } of ssrcGroups) {
    if (!REPAIRING.has(semantics) || source === undefined || repair === undefined) continue;
    repairing.add(repair);
    if (semantics === "FID" && !repeating.has(source)) repeating.set(source, repair);
  }
  const sources = ssrcs.map(({ ssrc }) => ssrc).filter((ssrc) => !repairing.has(ssrc));
  return { ssrcs: sources, rtxSsrcs: sources.map((ssrc) => repeating.get(ssrc) ?? 0) };
}
