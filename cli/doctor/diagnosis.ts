/**
 * What the doctor found, as lines for a terminal and as one JSON document.
 */
import { counted, printable } from "../report/words.ts";
import type { Stream } from "../terminal.ts";
import type { Result } from "./run_checks.ts";

const MARKS = { ok: "✔", warn: "!", fail: "✘", skipped: "–" } as const;
const STYLES = { ok: "green", warn: "yellow", fail: "red", skipped: "dim" } as const;
const TITLE_WIDTH = 26;
/** Checks without which nothing can be said of a server. */
const REACH = new Set(["dns", "tcp"]);

/** The document of `--json`. */
export type Diagnosis = {
  /** Changes when a field changes its meaning. */
  readonly format: "signalbox-doctor/1";
  readonly verdict: "ok" | "fail" | "unreachable";
  /** 0 ok, warnings allowed; 1 something fails; 3 the server cannot be reached. */
  readonly exitCode: 0 | 1 | 3;
  /** The socket that was looked at; null: this machine alone. */
  readonly url: string | null;
  readonly checks: readonly Result[];
};

/** Draws up the document. */
export function diagnose(checks: readonly Result[], url: string | undefined): Diagnosis {
  const failed = checks.filter(({ state }) => state === "fail");
  const isUnreachable = failed.some(({ id }) => REACH.has(id));
  const verdict = isUnreachable ? "unreachable" : failed.length > 0 ? "fail" : "ok";
  const exitCode = ({ ok: 0, fail: 1, unreachable: 3 } as const)[verdict];
  return { format: "signalbox-doctor/1", verdict, exitCode, url: url ?? null, checks };
}

/** One check as a line, and what to change as another. */
export function lineOf({ title, state, found, advice }: Result, { style }: Stream): string {
  const line = `${style(STYLES[state], MARKS[state])} ${title.padEnd(TITLE_WIDTH)} ${
    state === "skipped" ? style("dim", printable(found)) : printable(found)
  }\n`;
  return advice === undefined ? line : `${line}  ${style("yellow", "→")} ${printable(advice)}\n`;
}

/** The verdict in one line. */
export function verdictOf({ verdict, checks }: Diagnosis, { style }: Stream): string {
  const count = (state: Result["state"]) => checks.filter((one) => one.state === state).length;
  const counts = `${count("ok")} ok, ${counted(count("warn"), "warning")}, ${
    count("fail")
  } failed, ${count("skipped")} skipped`;
  switch (verdict) {
    case "ok":
      return `${style(["green", "bold"], "✔ WELL")}  ${counts}\n`;
    case "fail":
      return `${style(["red", "bold"], "✘ UNWELL")}  ${counts}\n`;
    case "unreachable":
      return `${style(["red", "bold"], "✘ UNREACHABLE")}  ${counts}\n`;
  }
}
