/** What the links measure, as the server wants to hear it, and when (rules SS1, TO2). */
import type { ClientMessage, MediaPath, PathTimes } from "../../src/protocol/mod.ts";
import { type LinkReport, waysOut } from "../call/link_report.ts";

/** The server hears it this often. */
export const STATS_PERIOD_MS = 5_000;

/** What a ladder knows of its paths, and links do not. */
export interface PathReport {
  /** The path that is taken. Default: the worst of the links. */
  readonly path?: MediaPath | undefined;
  /** Milliseconds on each path since the call began. Default: nothing is said of it. */
  readonly pathMs?: PathTimes | undefined;
}

/** Tells the server, not more often than it wants to hear. */
export class StatsReport {
  readonly #elapsed: () => number;
  readonly #send: (message: ClientMessage) => boolean;
  #sentAt = -Infinity;

  /** `elapsed` is a clock that never goes back; `send` says whether there was a connection. */
  constructor(elapsed: () => number, send: (message: ClientMessage) => boolean) {
    this.#elapsed = elapsed;
    this.#send = send;
  }

  /** The links were measured anew. */
  measured(
    reports: readonly LinkReport[],
    limitedBy: "cpu" | "bandwidth" | undefined,
    paths: PathReport = {},
  ): void {
    const now = this.#elapsed();
    if (reports.length === 0 || now - this.#sentAt < STATS_PERIOD_MS) return;
    if (this.#send({ type: "stats", ...summariseStats(reports, limitedBy, paths) })) {
      this.#sentAt = now;
    }
  }
}

/** What is sent on all ways together, the worst path among them, and what holds our pictures down. */
export function summariseStats(
  reports: readonly LinkReport[],
  limitedBy?: "cpu" | "bandwidth",
  { path: taken, pathMs = {} }: PathReport = {},
): {
  readonly bitrateKbps: number;
  readonly path?: MediaPath;
  readonly limitedBy?: "cpu" | "bandwidth";
  readonly pathMs?: PathTimes;
} {
  const bitrateKbps = Math.round(waysOut(reports).reduce((sum, { kbpsUp }) => sum + kbpsUp, 0));
  const paths = reports.map(({ path }) => path);
  const path = taken ??
    (["relay", "sfu", "turn", "p2p"] as const).find((known) => paths.includes(known));
  return {
    bitrateKbps,
    ...(path === undefined ? {} : { path }),
    ...(limitedBy === undefined ? {} : { limitedBy }),
    ...(Object.keys(pathMs).length === 0 ? {} : { pathMs }),
  };
}
