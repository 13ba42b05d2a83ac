/** The last minute of a link's reports, and a series of them as a line to be drawn. Pure. */
import type { LinkReport } from "../call/link_report.ts";

/** Reports that are kept: a minute at one a second. */
export const MAX_REPORTS = 60;

/** The histories of all links after another look; links that are gone lose theirs. */
export function remember<K>(
  histories: ReadonlyMap<K, readonly LinkReport[]>,
  reports: ReadonlyMap<K, LinkReport>,
): ReadonlyMap<K, readonly LinkReport[]> {
  return new Map([...reports].map(([key, report]) => [
    key,
    [...histories.get(key) ?? [], report].slice(-MAX_REPORTS),
  ]));
}

/** The points of a polyline in a box, newest at the right; the highest value touches the top. */
export function sparkline(
  values: readonly number[],
  box: { readonly width: number; readonly height: number },
): string {
  if (values.length === 0) return "";
  const top = Math.max(...values, Number.MIN_VALUE);
  const step = box.width / (MAX_REPORTS - 1);
  const left = box.width - (values.length - 1) * step;
  return values
    .map((value, index) => {
      const y = box.height - Math.max(0, value) / top * box.height;
      return `${round(left + index * step)},${round(y)}`;
    })
    .join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
