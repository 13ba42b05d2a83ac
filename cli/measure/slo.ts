/**
 * Objectives for a run, as people write them: `join.p95<300ms`, `errors==0`. Reads them, and judges
 * them by the figures of a report. Pure; `simulate --slo` and `--search` use it.
 */
import { LATENCY_KINDS } from "../verify/mod.ts";

/** What a metric is measured in. */
type Dimension = "time" | "count" | "rate" | "share" | "bytes";

/** One objective. */
export type Slo = {
  /** As it was written. */
  readonly text: string;
  readonly metric: string;
  readonly operator: Operator;
  /** In milliseconds, bytes, a second, or as it is. */
  readonly bound: number;
};

/** What came of one objective. */
export type SloVerdict = {
  readonly slo: string;
  readonly isMet: boolean;
  /** What was measured, in the unit of {@linkcode Slo.bound}; null: nothing was. */
  readonly measured: number | null;
};

/** Says what was measured for a metric; undefined: nothing. */
export type Readings = (metric: string) => number | undefined;

/** The figures of a latency that can be named. */
export const STATISTICS = ["p50", "p90", "p95", "p99", "max", "mean"] as const;

const OPERATORS = ["<=", ">=", "==", "<", ">"] as const; // The longer ones are tried first.
type Operator = (typeof OPERATORS)[number];

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  ...Object.fromEntries(
    LATENCY_KINDS.flatMap((kind) =>
      STATISTICS.map((name): [string, Dimension] => [`${kind}.${name}`, "time"])
    ),
  ),
  errors: "count",
  findings: "count",
  "throughput.received": "rate",
  "tester.lateP99": "time",
  "server.cpu": "share",
  "server.rss": "bytes",
};

/** Units by dimension, each with its factor; the first is an example. */
const UNITS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  time: { ms: 1, s: 1_000, us: 0.001 },
  count: { "": 1 },
  rate: { "": 1, "/s": 1 },
  share: { "": 1, "%": 0.01 },
  bytes: { MB: 1e6, kB: 1e3, GB: 1e9 },
};

/** The metrics in words, for help and errors. */
export const METRIC_WORDS: string = `${LATENCY_KINDS.join("|")} with .${STATISTICS.join("|.")}, ` +
  Object.keys(DIMENSIONS).filter((name) => !LATENCY_KINDS.some((kind) => name.startsWith(kind)))
    .join(", ");

/** What was written is no objective. The message says what is known. */
export class SloError extends Error {
  override readonly name = "SloError";
}

/** Reads one objective; throws {@linkcode SloError}. */
export function parseSlo(text: string): Slo {
  const match = /^\s*([A-Za-z0-9.]+)\s*([<>=!]+)\s*([0-9.]+)\s*(\S*)\s*$/.exec(text);
  if (match === null) {
    throw new SloError("expected something like join.p95<300ms");
  }
  const [, metric = "", written = "", digits = "", unit = ""] = match;
  const dimension = Object.hasOwn(DIMENSIONS, metric) ? DIMENSIONS[metric] : undefined;
  if (dimension === undefined) {
    throw new SloError(`no metric is called "${metric}"; known are ${METRIC_WORDS}`);
  }
  const operator = OPERATORS.find((one) => one === written);
  if (operator === undefined) {
    throw new SloError(`"${written}" is no operator; known are ${OPERATORS.join(" ")}`);
  }
  const value = /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : NaN;
  if (Number.isNaN(value)) throw new SloError(`"${digits}" is no number`);
  const units = UNITS[dimension];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) {
    const known = Object.keys(units).map((one) => one === "" ? "no unit" : one).join(", ");
    const seen = unit === "" ? "no unit" : `"${unit}"`;
    throw new SloError(`${metric} takes ${known}, not ${seen}`);
  }
  return { text: text.trim(), metric, operator, bound: value * factor };
}

/** Judges `slos`; what was not measured is not met. */
export function judgeSlos(slos: readonly Slo[], readings: Readings): SloVerdict[] {
  return slos.map(({ text, metric, operator, bound }) => {
    const measured = readings(metric);
    const isMet = measured !== undefined && holds(measured, operator, bound);
    return { slo: text, isMet, measured: measured ?? null };
  });
}

/** `value` of `metric` for a reader. */
export function describeMeasured(slo: string, value: number | null): string {
  if (value === null) return "not measured";
  const metric = slo.split(/[<>=\s]/)[0] ?? "";
  switch (DIMENSIONS[metric]) {
    case "time":
      return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
    case "bytes":
      return `${(value / 1e6).toFixed(1)} MB`;
    case "share":
      return `${(value * 100).toFixed(0)} %`;
    case "rate":
      return `${Math.round(value)}/s`;
    default:
      return `${value}`;
  }
}

function holds(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "==":
      return value === bound;
  }
}
