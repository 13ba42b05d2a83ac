/**
 * Numbers in words and strokes, the same in every report: thousands, milliseconds, bytes, bars and
 * sparklines.
 */
import type { Comparison } from "../measure/comparison.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
/** U+2400 and on show the control characters below U+0020. */
const CONTROL_PICTURES = 0x2400;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** 1234567 as "1,234,567". */
export function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** "1 user", "5 users". */
export function counted(value: number, noun: string): string {
  return `${thousands(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A time as people read it: "0.42 ms", "12 ms", "1.50 s", "2 m 05 s". */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} m ${`${seconds % 60}`.padStart(2, "0")} s`;
}

/** "123 MB". */
export function megabytes(bytes: number): string {
  return `${thousands(bytes / 1e6)} MB`;
}

/** Values as a line of blocks, at most `columns` wide; neighbours share a column. */
export function sparkline(values: readonly number[], columns: number): string {
  const width = Math.max(1, Math.ceil(values.length / columns));
  const means: number[] = [];
  for (let from = 0; from < values.length; from += width) {
    const part = values.slice(from, from + width);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  const top = Math.max(...means, 0);
  return means.map((mean) => mean <= 0 || top === 0 ? " " : blockOf(mean / top)).join("");
}

/** A bar of `columns` that is filled to `fraction`. */
export function bar(fraction: number, columns: number): { filled: string; empty: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * columns * 8);
  const filled = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return { filled, empty: "░".repeat(columns - filled.length) };
}

function blockOf(fraction: number): string {
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(fraction * BLOCKS.length))] ?? "█";
}

/** Text from elsewhere for a terminal: no control characters, no marks that turn its direction. */
export function printable(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (character) => {
      const code = character.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : "\uFFFD";
    })
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, "");
}

/** A comparison with an earlier run in a line: `12 ms, was 10 ms: +14 % to +27 %`. */
export function describeComparison({ metric, before, after, ratio, reason }: Comparison): string {
  if (reason !== "") return `not comparable: ${reason}`;
  const figure = (value: number) =>
    metric.startsWith("throughput") ? `${thousands(value)}/s` : duration(value);
  return `${figure(after)}, was ${figure(before)}: ${percent(ratio.from)} to ${percent(ratio.to)}`;
}

function percent(ratio: number): string {
  const change = Math.round((ratio - 1) * 100);
  return Number.isFinite(change) ? `${change > 0 ? "+" : ""}${change} %` : "any";
}
