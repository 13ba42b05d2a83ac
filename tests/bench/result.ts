/**
 * What the rounds yield for one workload on one server, and the figures the report takes from it.
 */
import { type Measurement, medians } from "./measurement.ts";
import type { Server } from "./servers.ts";
import type { SessionResult } from "./session.ts";
import { median, spread } from "./statistics.ts";
import type { Workload } from "./workloads/mod.ts";

/** One cell of the report, filled round by round. */
export type Result = {
  readonly workload: Workload;
  readonly server: Server;
  readonly sessions: SessionResult[];
  /** Why a round failed, if one did. */
  failure: string | undefined;
};

/** The medians over the rounds, beside the same of the server that ratios are against. */
export type Figures = Measurement & {
  readonly rssKbPerConnection: number;
  /** How far apart the rounds are in CPU time, as a share of the median. */
  readonly cpuSpread: number;
  /** CPU time a delivered message against the baseline's; NaN without one. */
  readonly cpuRatio: number;
  /** p99 against the baseline's; NaN without one. */
  readonly p99Ratio: number;
};

/** The figures of `result`, or `undefined` where no round came through or one failed. */
export function figuresOf(result: Result, all: readonly Result[]): Figures | undefined {
  if (result.failure !== undefined || result.sessions.length === 0) return undefined;
  const own = medians(result.sessions);
  const baseline = all.find((other) =>
    other.workload === result.workload && other.server.isBaseline && other.failure === undefined
  );
  const against = baseline === undefined ? undefined : medians(baseline.sessions);
  return {
    ...own,
    rssKbPerConnection: median(result.sessions.map((session) => session.rssKbPerConnection)),
    cpuSpread: spread(result.sessions.map((session) => session.cpuUs)),
    cpuRatio: own.cpuUs / (against?.cpuUs ?? NaN),
    p99Ratio: own.p99Ms / (against?.p99Ms ?? NaN),
  };
}
