/**
 * What all witnesses of one run share: who belongs where, the findings, the counts, the latencies.
 * The simulation makes one; every witness writes to it.
 */
import { Latency, type LatencyContents } from "../measure/latency.ts";
import { LatencyOverTime, type LatencyOverTimeContents } from "../measure/latency_over_time.ts";
import { type FindingContents, Findings } from "./finding.ts";
import type { RoomHistory } from "./room_history.ts";
import { Tally, type TallyContents } from "./tally.ts";

/**
 * What is timed: from the upgrade to `welcome`, from `join` to `joined`, from a chat to each of its
 * deliveries, from an offer, answer or candidate to its delivery, from a lost user's return to
 * `resumed`, from a packet of media to its arrival at each other user, from the time at which a user
 * is to get a picture to that picture. Each counts from the time at which it was due.
 */
export const LATENCY_KINDS = [
  ...["connect", "join", "broadcast", "relay", "resume", "packet", "picture"] as const,
] as const;
/** One of {@linkcode LATENCY_KINDS}. */
export type LatencyKind = (typeof LATENCY_KINDS)[number];

/** The shared record. */
export class RunRecord {
  /** The room of every user of the run: an id is unique across rooms, so that a leak shows. */
  readonly roomOf: Map<string, RoomHistory> = new Map();
  /** What is wrong. */
  readonly findings: Findings = new Findings();
  /** What was checked. */
  readonly tally: Tally = new Tally();
  /** The latencies by their kind. */
  readonly latencies: Readonly<Record<LatencyKind, Latency>> = {
    connect: new Latency(),
    join: new Latency(),
    broadcast: new Latency(),
    relay: new Latency(),
    resume: new Latency(),
    packet: new Latency(),
    picture: new Latency(),
  };
  /** The same over the run. */
  readonly overTime: Readonly<Record<LatencyKind, LatencyOverTime>> = {
    connect: new LatencyOverTime(),
    join: new LatencyOverTime(),
    broadcast: new LatencyOverTime(),
    relay: new LatencyOverTime(),
    resume: new LatencyOverTime(),
    packet: new LatencyOverTime(),
    picture: new LatencyOverTime(),
  };
  /** Messages received. */
  received = 0;
  /** Messages sent. */
  sent = 0;

  /** The run begins at `at`, by the monotonic clock. */
  begin(at: number): void {
    for (const kind of LATENCY_KINDS) this.overTime[kind].begin(at);
  }

  /** Something of `kind` ended `at`, `ms` after it was due. */
  record(kind: LatencyKind, ms: number, at: number): void {
    this.latencies[kind].record(ms);
    this.overTime[kind].record(ms, at);
  }

  /** What it holds, as plain values for another thread. */
  get contents(): RunContents {
    const { findings, tally, latencies, overTime, received, sent } = this;
    return {
      findings: findings.contents,
      tally: tally.contents,
      latencies: LATENCY_KINDS.map((kind) => [kind, latencies[kind].contents]),
      overTime: LATENCY_KINDS.map((kind) => [kind, overTime[kind].contents]),
      received,
      sent,
    };
  }

  /** Adds what another tester recorded. */
  add(contents: RunContents): void {
    this.findings.addAll(contents.findings);
    this.tally.addAll(contents.tally);
    for (const [kind, held] of contents.latencies) this.latencies[kind].add(held);
    for (const [kind, held] of contents.overTime) this.overTime[kind].add(held);
    this.received += contents.received;
    this.sent += contents.sent;
  }
}

/** A record as plain values. */
export type RunContents = {
  readonly findings: FindingContents;
  readonly tally: TallyContents;
  readonly latencies: readonly (readonly [LatencyKind, LatencyContents])[];
  readonly overTime: readonly (readonly [LatencyKind, LatencyOverTimeContents])[];
  readonly received: number;
  readonly sent: number;
};
