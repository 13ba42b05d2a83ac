/**
 * What came of the media of a run, on the terminal: how many pairs are right, what was lost and
 * repeated, and who lacks whom. A part of the summary.
 */
import type { Stream } from "../terminal.ts";
import type { MediaReport, SimulationReport } from "./report_schema.ts";
import { counted, duration, printable, thousands } from "./words.ts";

/** Pairs that are named; `--json` holds all. */
const MAX_NAMED = 8;

/** The lines; none where there were no media. */
export function mediaLines({ media }: SimulationReport, { style }: Stream): string[] {
  if (media === null) return [];
  const { pairs, delays } = media;
  const verified = pairs.filter(({ verdict }) => verdict === "verified").length;
  const share = `${thousands(verified)} of ${counted(pairs.length, "pair")}`;
  const isRight = verified === pairs.length;
  const slowest = delays.toSorted((one, other) => other.p99 - one.p99)[0];
  return [
    `  ${"media".padEnd(12)}${isRight ? share : style("red", share)} verified, ` +
    `${counted(media.received, "packet")} of ${thousands(media.sent)}, ${lossOf(media)}`,
    ...slowest === undefined ? [] : [
      `  ${"slowest".padEnd(12)}${printable(slowest.userId)}: packets took ` +
      `${duration(slowest.p50)} at p50, ${duration(slowest.p99)} at p99`,
    ],
    ...media.excused === 0 ? [] : [
      `  ${style("yellow", "!")} ${counted(media.excused, "pause")} and losses are not held ` +
      `against the server: packets took more than 150 ms, by its or by the tester's fault`,
    ],
    ...namedPairs(pairs).map((line) => `  ${style("red", "✘")} ${line}`),
  ];
}

/** What was lost, and what became of it. */
export function lossOf({ lostOnPurpose, lostOnTheWay, repaired, lost }: MediaReport): string {
  const parts = [
    lostOnPurpose > 0 ? `${thousands(lostOnPurpose)} lost on purpose` : "",
    lostOnTheWay > 0 ? `${thousands(lostOnTheWay)} lost on the way` : "",
    repaired > 0 ? `${thousands(repaired)} repeated` : "",
    lost > 0 ? `${thousands(lost)} lost for good` : "none lost for good",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Who lacks whom, and who gets what is wrong. */
function namedPairs(pairs: MediaReport["pairs"]): string[] {
  const bad = pairs.filter(({ verdict }) => verdict !== "verified")
    .toSorted((one, other) => one.verdict.localeCompare(other.verdict));
  const named = bad.slice(0, MAX_NAMED).map(({ subscriber, publisher, verdict, picture }) => {
    const what = verdict === "wrong"
      ? "gets something wrong of"
      : picture.packets === 0
      ? "gets no picture of"
      : "lacks";
    return printable(`${subscriber} ${what} ${publisher}`);
  });
  return bad.length > named.length ? [...named, `and ${bad.length - named.length} more`] : named;
}
