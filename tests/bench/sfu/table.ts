/** The report of `bench:sfu`: a row for each number of subscribers, and the memory of one below. */
import { median } from "../statistics.ts";

/** What is measured, in the order in which they take turns. */
export const KINDS = ["ours", "bare", "janus"] as const;
/** One of {@linkcode KINDS}. */
export type Kind = typeof KINDS[number];

/** What a run of one kind came to. */
export type Outcome = {
  /** Microseconds of CPU a packet that was sent to a subscriber. */
  readonly packetUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of those that should have come. */
  readonly share: number;
  /** Of the process that forwards, with all its subscribers. */
  readonly residentKb: number;
};

/** The rounds of each kind: none of what is not installed. */
export type Outcomes = Readonly<Record<Kind, readonly Outcome[]>>;

const COLUMNS = [
  ...["subscribers", "ours, us a packet", "bare", "janus", "ours / bare", "ours / janus"],
  ...["p50 ms", "p99 ms", "bare p99", "janus p99"],
];

/** The first two lines of the table. */
export const HEADER = `${line(COLUMNS)}\n${line(COLUMNS.map(() => "---:"))}`;

/** A line of the table. */
export function rowOf(subscribers: number, { ours, bare, janus }: Outcomes): string {
  const cost = (outcomes: readonly Outcome[]) => of(outcomes, ({ packetUs }) => packetUs);
  const p99 = (outcomes: readonly Outcome[]) => of(outcomes, ({ p99Ms }) => p99Ms);
  return line([
    `${subscribers}`,
    figure(cost(ours), 1),
    figure(cost(bare), 1),
    figure(cost(janus), 1),
    figure(cost(ours) / cost(bare), 2),
    figure(cost(ours) / cost(janus), 2),
    figure(of(ours, ({ p50Ms }) => p50Ms), 2),
    figure(p99(ours), 2),
    figure(p99(bare), 2),
    figure(p99(janus), 2),
  ]);
}

/**
 * What a subscriber more takes of resident memory: the slope between the least and the most
 * subscribers, because what the first one costs is code, and what is compiled of it.
 */
export function memoryOf(all: ReadonlyMap<number, Outcomes>): string {
  const least = Math.min(...all.keys());
  const most = Math.max(...all.keys());
  if (least === most) return "Memory of a subscriber: needs two numbers of subscribers.";
  const resident = (subscribers: number, kind: Kind) =>
    of(all.get(subscribers)![kind], ({ residentKb }) => residentKb); // Both are keys.
  const slopes = KINDS.map((kind) => {
    const kilobytes = (resident(most, kind) - resident(least, kind)) / (most - least);
    return `${kind} ${figure(kilobytes, 0)}`;
  });
  return `kB of memory a subscriber, from ${least} to ${most}: ${slopes.join(", ")}`;
}

function of(outcomes: readonly Outcome[], value: (one: Outcome) => number): number {
  return median(outcomes.map(value));
}

/** Without a round there is no figure; of the three, only Janus may be without. */
function figure(value: number, digits: number): string {
  return Number.isNaN(value) ? "not installed" : value.toFixed(digits);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
