/**
 * The report of a whole run: aligned text for a terminal, Markdown for the README, or JSON.
 */
import type { Options } from "./options.ts";
import { type Figures, figuresOf, type Result } from "./result.ts";
import { median } from "./statistics.ts";

/** What the comparison leaves out; printed with every report. */
export const NOTES = [
  "The peers are minimal: they parse, route and encode, no more. Signalbox also validates each " +
  "message against its schema, limits its rate and size, bounds what waits for a slow reader, " +
  "stamps chat with messageId and at, delivers it to its sender too, and describes participants " +
  "in full in joined and user-joined, so its messages are longer.",
  "Each server writes as its library does: ws and socket.io a message at a time, Bun what a turn of " +
  "its loop holds. Signalbox hands a plain client a frame a message, and a client of signalbox.v1 " +
  "what a turn holds for it in one frame.",
  "Every figure is a median over the rounds. A run in which a delivery is missing fails.",
];

const GENERATOR_LIMIT = 0.9;

/** The report in the format that `options` ask for. */
export function report(results: readonly Result[], options: Options): string {
  if (options.format === "json") return json(results, options);
  const parts = options.format === "markdown" ? markdown(results) : text(results);
  const mark = options.format === "markdown" ? "- " : "* ";
  const notes = NOTES.map((note) => mark + note).join("\n");
  return [`${machine(options)} ${widestSpread(results)}`, ...parts, notes].join("\n\n");
}

function machine({ rounds }: Options): string {
  const date = new Date().toISOString().slice(0, 10);
  const command = ["deno task bench", ...Deno.args].join(" ");
  return `Measured ${date} with \`${command}\`: ${rounds} rounds, ` +
    `${navigator.hardwareConcurrency} cores, Linux ${Deno.osRelease()}, Deno ${Deno.version.deno}.`;
}

function widestSpread(results: readonly Result[]): string {
  const spreads = results.map((result) => figuresOf(result, results)?.cpuSpread ?? 0);
  const middle = Math.round(median(spreads) * 100);
  const widest = Math.round(Math.max(...spreads) * 100);
  return `The rounds of one figure of CPU time lie ${middle} % apart (median), ${widest} % at most.`;
}

function json(results: readonly Result[], options: Options): string {
  const rows = results.map((result) => ({
    workload: result.workload.title,
    server: result.server.title,
    failure: result.failure,
    median: figuresOf(result, results),
    rounds: result.sessions,
  }));
  return JSON.stringify({ measured: machine(options), notes: NOTES, results: rows }, null, 2);
}

const TEXT_HEAD = [
  "",
  "CPU us/delivery",
  "x ws",
  "spread",
  "deliveries/s",
  "p50 ms",
  "p99 ms",
  "x ws",
  "kB/connection",
  "generator",
];

function text(results: readonly Result[]): string[] {
  return workloadsOf(results).map((workload) => {
    const rows = results.filter((result) => result.workload === workload);
    const cells = rows.map((row) => [row.server.title, ...textCells(row, results)]);
    return `${workload.title}\n${align([TEXT_HEAD, ...cells])}`;
  });
}

function textCells(result: Result, all: readonly Result[]): string[] {
  const figures = figuresOf(result, all);
  if (figures === undefined) return [`failed: ${result.failure ?? "not run"}`];
  return [
    number(figures.cpuUs),
    ratio(figures.cpuRatio),
    `${Math.round(figures.cpuSpread * 100)} %`,
    Math.round(figures.deliveriesPerSecond).toLocaleString("en"),
    number(figures.p50Ms),
    number(figures.p99Ms),
    ratio(figures.p99Ratio),
    number(figures.rssKbPerConnection),
    `${Math.round(figures.generatorShare * 100)} %` +
    (figures.generatorShare > GENERATOR_LIMIT ? " (sets the pace)" : ""),
  ];
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = TEXT_HEAD.map((_, column) =>
    Math.max(...rows.filter((row) => row.length > 2).map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  ).join("\n");
}

function markdown(results: readonly Result[]): string[] {
  return [
    markdownTable(
      results,
      "CPU time of the server a delivered message, us (against ws)",
      (figures) => `${number(figures.cpuUs)} (${ratio(figures.cpuRatio)})`,
    ),
    markdownTable(
      results,
      "p99 of the delivery, ms (against ws)",
      (figures) => `${number(figures.p99Ms)} (${ratio(figures.p99Ratio)})`,
    ),
    markdownTable(
      results,
      "Deliveries a second",
      (figures) => Math.round(figures.deliveriesPerSecond).toLocaleString("en"),
    ),
    memory(results),
  ];
}

/** Memory is told from the workload with most connections: fewer do not outweigh a heap's steps. */
function memory(results: readonly Result[]): string {
  const most = Math.max(...results.map(({ workload }) => workload.connections));
  const rows = results.filter(({ workload }) => workload.connections === most);
  return markdownTable(
    rows,
    `Resident kB an idle connection, of ${most.toLocaleString("en")}`,
    (figures) => number(figures.rssKbPerConnection),
  );
}

function markdownTable(
  results: readonly Result[],
  title: string,
  cell: (figures: Figures) => string,
): string {
  const servers = [...new Set(results.map((result) => result.server))];
  const rows = workloadsOf(results).map((workload) => {
    const cells = servers.map((server) => {
      const result = results.find((one) => one.server === server && one.workload === workload)!;
      const figures = figuresOf(result, results);
      return figures === undefined ? "failed" : cell(figures);
    });
    return [workload.title, ...cells];
  });
  const head = [title, ...servers.map((server) => server.title)];
  const rule = head.map((_, column) => column === 0 ? "---" : "---:");
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function workloadsOf(results: readonly Result[]): Result["workload"][] {
  return [...new Set(results.map((result) => result.workload))];
}

/** Three digits that matter, as far as there is something behind the point. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function ratio(value: number): string {
  return Number.isNaN(value) ? "-" : `${value.toFixed(2)}x`;
}
