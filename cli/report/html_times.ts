/**
 * How fast it was, in HTML: each latency as percentiles, as a histogram and over the run, and the
 * messages a second.
 */
import { escapeHtml } from "./html_text.ts";
import type { LatencySummary, SimulationReport } from "./simulation_report.ts";
import { duration, thousands } from "./words.ts";

const HEIGHT = 100;
const WIDTH = 600;
/** Lines over the run, in the order in which they are drawn: the slowest below the usual. */
const LINES = ["max", "p99", "p95", "p50"] as const;
/** What is measured, for those latencies whose name does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  join: "from join sent to joined",
  broadcast: "from chat sent to each delivery",
  packet: "from a packet of media sent to each arrival",
  picture: "from the word that there is one to the first picture",
};
/** Axis of a chart over time: as many figures as a phone has room for. */
const TICKS = 4;

/** Every latency; empty when nothing was measured. */
export function latencySection({ latency, durationMs, phases }: SimulationReport): string {
  const about = { durationMs, phases };
  return Object.entries(latency).map(([kind, summary]) => {
    const name = escapeHtml(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`);
    return latencyOf({ name, meaning: MEANINGS[kind] }, summary, about);
  }).join("");
}

/** Messages received a second; empty for a run too short to tell. */
export function throughputSection(report: SimulationReport): string {
  const { throughput, counts, durationMs, phases } = report;
  if (throughput.length < 2) return "";
  const top = Math.max(...throughput, 1);
  const x = (index: number) => (index / (throughput.length - 1)) * WIDTH;
  const points = throughput.map((value, index) => point(x(index), value / top));
  return `<figure><figcaption><b>Messages received a second</b> mean ${
    thousands(counts.receivedPerSecond)
  }, top ${thousands(top)}</figcaption>${
    chart(`Messages a second over the run, at most ${thousands(top)}`, {
      top: thousands(top),
      body: phaseBands({ durationMs, phases }) +
        `<polygon class="area" points="0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}"/>` +
        `<polyline class="p50" points="${points.join(" ")}"/>`,
      axis: timeAxis(durationMs),
    })
  }${phaseLegend(report)}</figure>`;
}

type Course = Pick<SimulationReport, "durationMs" | "phases">;

function latencyOf(
  { name, meaning }: { name: string; meaning: string | undefined },
  latency: LatencySummary,
  course: Course,
): string {
  const { count, p50, p95, p99, max } = latency;
  if (count === 0) return "";
  const figures = Object.entries({ p50, p95, p99, max }).map(([label, value]) =>
    `<div><dt>${label}</dt><dd>${duration(value)}</dd></div>`
  );
  return `<h3>${name} <small>${meaning === undefined ? "" : `${meaning}, `}${
    thousands(count)
  } times</small></h3>
<dl class="figures">${figures.join("")}</dl>
${histogramOf(name, latency)}
${overTimeOf(name, latency, course)}
`;
}

function histogramOf(name: string, { shape, max, p50 }: LatencySummary): string {
  const top = Math.max(...shape.map((column) => column.count));
  const width = WIDTH / Math.max(1, shape.length);
  const bars = shape.map((column, index) => {
    const height = column.count === 0 ? 0 : Math.max(2, (column.count / top) * HEIGHT);
    return `<rect x="${(index * width).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${
      Math.max(1, width - 2).toFixed(1)
    }" height="${height.toFixed(1)}"><title>up to ${duration(column.toMs)}: ${
      thousands(column.count)
    }</title></rect>`;
  });
  const marks = [0, 1, 2, 3].map((part) =>
    shape[Math.min(shape.length - 1, Math.floor((part / 3) * (shape.length - 1)))]?.toMs ?? 0
  );
  return `<figure><figcaption>How often each time was taken</figcaption>${
    chart(
      `Histogram of ${name.toLowerCase()} times, most near ${duration(p50)}, none above ${
        duration(max)
      }`,
      {
        top: thousands(top),
        body: bars.join(""),
        axis: [...new Set(marks.map((ms) => duration(Math.min(ms, max))))],
      },
    )
  }</figure>`;
}

function overTimeOf(name: string, { overTime }: LatencySummary, course: Course): string {
  if (overTime.length < 2) return "";
  const { durationMs } = course;
  const top = Math.max(...overTime.map((column) => column.max), 0.001);
  const end = Math.max(durationMs, ...overTime.map(({ toMs }) => toMs));
  const lines = LINES.map((line) => {
    const points = overTime.map((column) =>
      point((column.fromMs + column.toMs) / 2 / end * WIDTH, column[line] / top)
    );
    return `<polyline class="${line}" points="${points.join(" ")}"/>`;
  });
  const legend = [...LINES].reverse().map((line) => `<li class="${line}">${line}</li>`);
  const rows = overTime.map(({ fromMs, count, p50, p95, p99, max }) =>
    `<tr><th scope="row">${duration(fromMs)}</th><td>${thousands(count)}</td>${
      [p50, p95, p99, max].map((ms) => `<td>${duration(ms)}</td>`).join("")
    }</tr>`
  );
  return `<figure><figcaption>Over the run</figcaption>${
    chart(`${name} times over the run, at most ${duration(top)}`, {
      top: duration(top),
      body: phaseBands({ ...course, durationMs: end }) + lines.join(""),
      axis: timeAxis(end),
    })
  }<ul class="legend">${legend.join("")}</ul>
<details><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region"
aria-label="${name} times over the run"><table><thead><tr>${
    ["from", "count", "p50", "p95", "p99", "max"].map((head) => `<th scope="col">${head}</th>`)
      .join("")
  }</tr></thead><tbody>${rows.join("")}</tbody></table></div></details></figure>`;
}

/** A drawing that takes any width, with its figures beside it as text. */
function chart(
  label: string,
  { top, body, axis }: { top: string; body: string; axis: readonly string[] },
): string {
  return `<p class="axis"><span>${top}</span></p>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${
    escapeHtml(label)
  }">${body}</svg>
<p class="axis">${axis.map((text) => `<span>${text}</span>`).join("")}</p>`;
}

function timeAxis(endMs: number): string[] {
  return Array.from({ length: TICKS }, (_, index) => duration((index / (TICKS - 1)) * endMs));
}

/** Every other phase is shaded, so that a slow time is seen to belong to one. */
function phaseBands({ durationMs, phases }: Course): string {
  let from = 0;
  return phases.filter(({ ms }) => ms > 0).map(({ ms, name }, index) => {
    const x = from / durationMs * WIDTH;
    from += ms;
    if (index % 2 === 1) return "";
    const width = Math.max(0, Math.min(WIDTH - x, ms / durationMs * WIDTH));
    return `<rect class="band" x="${x.toFixed(1)}" y="0" width="${
      width.toFixed(1)
    }" height="${HEIGHT}"><title>${escapeHtml(name)}</title></rect>`;
  }).join("");
}

function phaseLegend({ phases }: Course): string {
  const names = phases.filter(({ ms }) => ms > 0).map(({ name, ms }) =>
    `${escapeHtml(name)} ${duration(ms)}`
  );
  return names.length === 0 ? "" : `<p class="soft">Shaded in turns: ${names.join(", ")}</p>`;
}

function point(x: number, fraction: number): string {
  return `${x.toFixed(1)},${(HEIGHT - fraction * (HEIGHT - 2)).toFixed(1)}`;
}
