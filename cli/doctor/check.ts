/**
 * What a check of `deno task doctor` is: a question with one answer, what was found, and what to change
 * where it is not good. The files beside this one hold the checks, `checks.ts` the table of them.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Site } from "./site.ts";

/** The answer to one check. */
export type Outcome = {
  readonly state: "ok" | "warn" | "fail" | "skipped";
  /** What was found, in one line. */
  readonly found: string;
  /** What to change, where something should be. */
  readonly advice?: string;
};

/** Runs another program; undefined where it is not there or may not be run. */
export type ToolRunner = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** What the checks of this machine are given. */
export type MachineContext = {
  /** The port that a server would take; undefined: a running server is looked at instead. */
  readonly port: number | undefined;
  /** Connections that a server shall hold. */
  readonly maxConnections: number;
  /** The version of Deno. */
  readonly denoVersion: string;
  readonly runTool: ToolRunner;
};

/** What the checks of a running server are given. */
export type SiteContext = {
  readonly site: Site;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The access token to show, if any. */
  readonly token: string | undefined;
  /** The page that would open the socket, by its origin. */
  readonly origin: string;
  /** How long a connection stays silent; undefined: a heartbeat and a quarter. */
  readonly waitMs: number | undefined;
  /** Certificates (PEM) to trust beside those that Deno trusts; default: none. */
  readonly ca?: string;
};

/** One check. */
export type Check<Context> = {
  readonly id: string;
  readonly title: string;
  /** Checks that must have gone well before this one says anything. */
  readonly needs?: readonly string[];
  /** Never rejects for what it finds; a rejection is told as a failure of the check. */
  readonly run: (context: Context) => Promise<Outcome> | Outcome;
};

/** As it should be. */
export function ok(found: string): Outcome {
  return { state: "ok", found };
}

/** Not as it should be, and it works nevertheless. */
export function warn(found: string, advice: string): Outcome {
  return { state: "warn", found, advice };
}

/** Does not work. */
export function fail(found: string, advice: string): Outcome {
  return { state: "fail", found, advice };
}

/** Could not be looked at, or does not apply. */
export function skipped(found: string): Outcome {
  return { state: "skipped", found };
}
