/**
 * `simulate --search`: the largest number of users, or the highest rate, at which the objectives
 * hold and everything is verified. Prints each probe as it ends, then the answer.
 */
import { searchCapacity } from "../measure/capacity_search.ts";
import { describeMeasured, judgeSlos, type Slo } from "../measure/slo.ts";
import { readingsOf } from "../report/judgement.ts";
import type { SimulationReport } from "../report/simulation_report.ts";
import { duration, thousands } from "../report/words.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import type { Terminal } from "../terminal.ts";
import type { SearchFlags, SimulateFlags } from "./simulate_flags.ts";

/** A run of the search, as `--json` holds it. */
type ProbeReport = {
  readonly size: number;
  readonly holds: boolean;
  readonly isRepeat: boolean;
  readonly measured: readonly { readonly slo: string; readonly measured: number | null }[];
  readonly findings: number;
  readonly lateP99Ms: number;
  /** The tester was the limit. */
  readonly isTesterSaturated: boolean;
  readonly serverCpuShare: number | null;
};

/** Ends the search early: there is no server, or the user has had enough. */
class SearchEnded extends Error {
  override readonly name = "SearchEnded";
  constructor(readonly report: SimulationReport) {
    super(report.verdict);
  }
}

/** Searches; `run` is one run with other settings. Resolves to the exit code. */
export async function simulateSearch(
  flags: SimulateFlags & { search: SearchFlags },
  { terminal }: { terminal: Terminal },
  run: (settings: SimulationSettings) => Promise<SimulationReport>,
): Promise<number> {
  const { settings, search: { slo, by, max }, slos, isJson, isQuiet } = flags;
  const all = [slo, ...slos];
  const table = new ProbeTable(terminal, by);
  try {
    const answer = await searchCapacity<ProbeReport>({
      from: by === "users" ? settings.users : settings.rate!, // Checked with the flags.
      max,
      grain: by === "users" ? Math.max(1, Math.round(settings.users / settings.rooms)) : 1,
      run: async (size) => {
        const report = await run(sized(settings, by, size));
        if (report.exitCode !== 0 && report.exitCode !== 1) throw new SearchEnded(report);
        const outcome = probeReport(size, report, all);
        return { holds: outcome.holds, outcome };
      },
      onProbe: (probe) => {
        if (!isJson && !isQuiet) table.add({ ...probe.outcome, isRepeat: probe.isRepeat });
      },
    });
    const { largest, smallestFailing } = answer;
    const probes = answer.probes.map(({ outcome, isRepeat }) => ({ ...outcome, isRepeat }));
    if (isJson) {
      const objectives = all.map(({ text }) => text);
      const document = { format: "signalbox-search/1", by, objectives, largest, smallestFailing };
      terminal.out.write(`${JSON.stringify({ ...document, probes }, undefined, 2)}\n`);
    } else {
      table.answer({ largest, smallestFailing, probes, slos: all });
    }
    return largest > 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SearchEnded)) throw error;
    terminal.err.write(`The search ended: ${error.message}. ${error.report.notes.join(" ")}\n`);
    return error.report.exitCode;
  }
}

/** The settings of a run of that size: rooms grow with the users, so that a room stays as large. */
function sized(settings: SimulationSettings, by: SearchFlags["by"], size: number) {
  if (by === "users") {
    const { users, rooms } = settings;
    const wanted = rooms === 1 ? 1 : Math.max(1, Math.round((size * rooms) / users));
    return { ...settings, users: size, rooms: wanted };
  }
  const { arrival } = settings;
  const paced = arrival?.kind === "poisson" ? { ...arrival, perSecond: size } : arrival;
  return { ...settings, rate: size, arrival: paced };
}

function probeReport(
  size: number,
  report: SimulationReport,
  slos: readonly Slo[],
): ProbeReport {
  const verdicts = judgeSlos(slos, readingsOf(report));
  return {
    size,
    holds: report.exitCode === 0 && verdicts.every(({ isMet }) => isMet),
    isRepeat: false,
    measured: verdicts.map(({ slo, measured }) => ({ slo, measured })),
    findings: report.findingsTotal,
    lateP99Ms: report.tester.lateP99Ms,
    isTesterSaturated: report.tester.isSaturated,
    serverCpuShare: report.server.cpuShare ?? null,
  };
}

/** The probes on the terminal. */
class ProbeTable {
  readonly #terminal: Terminal;
  readonly #by: SearchFlags["by"];
  #hasHead = false;

  constructor(terminal: Terminal, by: SearchFlags["by"]) {
    this.#terminal = terminal;
    this.#by = by;
  }

  add(probe: ProbeReport): void {
    const { out } = this.#terminal;
    const { size, holds, isRepeat, measured, findings, lateP99Ms, serverCpuShare } = probe;
    if (!this.#hasHead) {
      const names = measured.map(({ slo }) => slo.padEnd(22)).join("");
      const head = `    ${this.#by.padStart(6)}  ${names}server  tester late`;
      out.write(`${out.style("dim", head)}\n`);
    }
    this.#hasHead = true;
    const mark = holds ? out.style("green", "✔") : out.style("red", "✘");
    const figures = measured.map((one) => describeMeasured(one.slo, one.measured).padEnd(22));
    const server = serverCpuShare === null ? "–" : `${Math.round(serverCpuShare * 100)} %`;
    const remarks = [
      findings > 0 ? `, ${thousands(findings)} findings` : "",
      probe.isTesterSaturated ? ", the tester was the limit" : "",
      isRepeat ? ", once more" : "",
    ];
    out.write(
      `  ${mark} ${thousands(size).padStart(6)}  ${figures.join("")}${server.padEnd(6)}  ` +
        `${duration(lateP99Ms)}${remarks.join("")}\n`,
    );
  }

  answer({ largest, smallestFailing, probes, slos }: {
    largest: number;
    smallestFailing: number | undefined;
    probes: readonly ProbeReport[];
    slos: readonly Slo[];
  }): void {
    const { out } = this.#terminal;
    const words = slos.map(({ text }) => text).join(", ");
    const what = this.#by === "users" ? `${thousands(largest)} users` : `${thousands(largest)}/s`;
    if (largest === 0) {
      out.write(`\n${out.style(["red", "bold"], "✘ NONE")}  ${words} does not hold at the start\n`);
    } else {
      const until = smallestFailing === undefined
        ? "the search ends there, it may hold further"
        : `at ${thousands(smallestFailing)} it does not`;
      const verdict = out.style(["green", "bold"], `✔ ${what.toUpperCase()}`);
      out.write(`\n${verdict}  hold ${words}; ${until}\n`);
    }
    const failed = probes.filter(({ size }) => size === smallestFailing);
    if (failed.some(({ isTesterSaturated }) => isTesterSaturated)) {
      out.write(
        `${out.style("yellow", "!")} Where it failed the tester, not the server, was the limit: ` +
          `the server may hold more. Try --processes, or a tester on another machine.\n`,
      );
    }
  }
}
