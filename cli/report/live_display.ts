/**
 * A run while it runs. On a terminal: one line a phase with its bar, drawn again in place; anywhere
 * else one plain line when a phase ends, and a sign of life every few seconds. `commands/simulate.ts`
 * starts one on the error stream, so that the output stream holds nothing but the result.
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";
import type { Histogram } from "../measure/histogram.ts";
import type { Phase } from "../scenarios/progress.ts";
import type { Stream } from "../terminal.ts";
import type { RunRecord } from "../verify/mod.ts";
import { bar, duration, thousands } from "./words.ts";

/** Smooth to the eye, nothing to the processor. */
const DRAW_MS = 100;
/** A pipe hears from a long phase this often. */
const SIGN_OF_LIFE_MS = 5_000;
const BAR_COLUMNS = 24;
/** Phases whose progress is time. */
const TIMED = new Set(["hold", "churn", "media"]);
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

/** What can be watched: a simulation, or several testers that share one. */
export type Watched = {
  readonly run: RunRecord;
  readonly progress: { readonly phases: readonly Phase[] };
  readonly throughput: { readonly latest: number };
};

/** The display of one run. */
export class LiveDisplay {
  readonly #simulation: Watched;
  readonly #stream: Stream;
  readonly #clock: Clock;
  #cancel: Cancel = () => {};
  #linesDrawn = 0;
  readonly #told = new Set<string>();
  #toldAt = 0;

  constructor(simulation: Watched, stream: Stream, clock: Clock) {
    this.#simulation = simulation;
    this.#stream = stream;
    this.#clock = clock;
  }

  /** Begins to draw. */
  start(): void {
    if (this.#stream.isTty) this.#stream.write(HIDE_CURSOR);
    this.#toldAt = this.#clock.elapsed();
    this.#draw();
    this.#cancel = this.#clock.every(DRAW_MS, () => this.#draw());
  }

  /** Draws the last state and stops. */
  stop(): void {
    this.#cancel();
    this.#draw();
    if (this.#stream.isTty) this.#stream.write(`${SHOW_CURSOR}\n`);
  }

  #draw(): void {
    if (this.#stream.isTty) this.#drawBlock();
    else this.#tell();
  }

  #drawBlock(): void {
    const { phases } = this.#simulation.progress;
    const lines = phases.filter(({ state }) => state !== "skipped").map((phase) =>
      this.#lineOf(phase)
    );
    lines.push(this.#rateLine());
    const up = this.#linesDrawn > 0 ? `\x1b[${this.#linesDrawn}A` : "";
    // Each line is cleared behind its end, and whatever stood below the block as well.
    this.#stream.write(`\r${up}${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
    this.#linesDrawn = lines.length;
  }

  #lineOf(phase: Phase): string {
    const { style } = this.#stream;
    const label = labelOf(phase).padEnd(11);
    const { filled, empty } = bar(phase.total === 0 ? 0 : phase.done / phase.total, BAR_COLUMNS);
    switch (phase.state) {
      case "waiting":
      case "skipped":
        return style("dim", `  · ${label}${" ".repeat(BAR_COLUMNS)}`);
      case "running":
        return `  ${style("cyan", "▸")} ${style("bold", label)}${style("cyan", filled)}` +
          `${style("dim", empty)}  ${this.#doneOf(phase)}  ${style("dim", duration(phase.ms))}` +
          this.#noteOf(phase);
      case "done":
        return `  ${style("green", "✔")} ${label}${style("green", filled)}${style("dim", empty)}` +
          `  ${this.#doneOf(phase)}  ${style("dim", duration(phase.ms))}`;
      case "interrupted":
        return `  ${style("yellow", "■")} ${label}${style("yellow", filled)}` +
          `${style("dim", empty)}  ${this.#doneOf(phase)}`;
      case "failed":
        return `  ${style("red", "✘")} ${style("bold", label)}${style("red", filled)}` +
          `${style("dim", empty)}  ${this.#doneOf(phase)}${this.#noteOf(phase)}`;
    }
  }

  #doneOf({ name, done, total }: Phase): string {
    if (TIMED.has(name)) return `${duration(done)} of ${duration(total)}`;
    return `${thousands(done).padStart(thousands(total).length)}/${thousands(total)}`;
  }

  /** What the phase waits for, cut so that the line stays a line. */
  #noteOf({ note }: Phase): string {
    const room = Math.max(0, this.#stream.columns() - BAR_COLUMNS - 46);
    return note === "" ? "" : `  ${this.#stream.style("dim", note.slice(0, room))}`;
  }

  #rateLine(): string {
    const { throughput, run } = this.#simulation;
    const { style } = this.#stream;
    const rate = `${thousands(throughput.latest)} msg/s`.padStart(15);
    return `  ${style("cyan", rate)}   ${this.#percentiles("join", run.latencies.join)}   ` +
      this.#percentiles("broadcast", run.latencies.broadcast);
  }

  #percentiles(name: string, histogram: Histogram): string {
    const { style } = this.#stream;
    if (histogram.count === 0) return style("dim", `${name} –`);
    const [p50, p95, p99] = [50, 95, 99].map((percent) => duration(histogram.percentile(percent)));
    return `${name} ${style("dim", "p50")} ${p50} ${style("dim", "p95")} ${p95} ` +
      `${style("dim", "p99")} ${p99}`;
  }

  /** Plain lines for a log: each phase once when it has ended, a long one now and then. */
  #tell(): void {
    const now = this.#clock.elapsed();
    for (const phase of this.#simulation.progress.phases) {
      const hasEnded = ["done", "failed", "interrupted"].includes(phase.state);
      const isLong = phase.state === "running" && now - this.#toldAt >= SIGN_OF_LIFE_MS;
      if (!isLong && (!hasEnded || this.#told.has(phase.name))) continue;
      if (hasEnded) this.#told.add(phase.name);
      this.#toldAt = now;
      const note = phase.note === "" ? "" : `: ${phase.note}`;
      this.#stream.write(
        `${labelOf(phase)} ${phase.state} ${this.#doneOf(phase)} ${duration(phase.ms)}${note}\n`,
      );
    }
  }
}

function labelOf({ name }: Phase): string {
  if (name === "gone") return "Rooms gone";
  return `${name[0]!.toUpperCase()}${name.slice(1)}`;
}
