/**
 * What all witnesses of one run share: who belongs where, the findings, the counts, the latencies.
 * The simulation makes one; every witness writes to it.
 */
import { Histogram } from "../measure/histogram.ts";
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
  /** Messages received. */
  received = 0;
  /** Messages sent. */
  sent = 0;
}
