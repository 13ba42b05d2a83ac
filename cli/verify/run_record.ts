/**
 * What all witnesses of one run share: who belongs where, the findings, the counts, the latencies.
 * The simulation makes one; every witness writes to it.
 */
import { Histogram } from "../measure/histogram.ts";
import { LatencyOverTime } from "../measure/latency_over_time.ts";
import { Findings } from "./finding.ts";
import type { RoomHistory } from "./room_history.ts";
import { Tally } from "./tally.ts";

/** The shared record. */
export class RunRecord {
  /** The room of every user of the run: an id is unique across rooms, so that a leak shows. */
  readonly roomOf: Map<string, RoomHistory> = new Map();
  /** What is wrong. */
  readonly findings: Findings = new Findings();
  /** What was checked. */
  readonly tally: Tally = new Tally();
  /** From `join` sent to `joined`. */
  readonly joinLatency: Histogram = new Histogram();
  /** From `chat` sent to each delivery. */
  readonly broadcastLatency: Histogram = new Histogram();
  /** The same two over the run. */
  readonly overTime: { readonly join: LatencyOverTime; readonly broadcast: LatencyOverTime } = {
    join: new LatencyOverTime(),
    broadcast: new LatencyOverTime(),
  };
  /** Messages received. */
  received = 0;
  /** Messages sent. */
  sent = 0;

  /** The run begins at `at`, by the monotonic clock. */
  begin(at: number): void {
    this.overTime.join.begin(at);
    this.overTime.broadcast.begin(at);
  }

  /** A `joined` came `at`, `ms` after its `join`. */
  recordJoin(ms: number, at: number): void {
    this.joinLatency.record(ms);
    this.overTime.join.record(ms, at);
  }

  /** A chat was delivered `at`, `ms` after it was sent. */
  recordBroadcast(ms: number, at: number): void {
    this.broadcastLatency.record(ms);
    this.overTime.broadcast.record(ms, at);
  }
}
