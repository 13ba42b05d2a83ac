/**
 * The workloads by name, in the order in which they run and are reported.
 */
import type { Measurement, Target } from "../measurement.ts";
import { broadcast } from "./broadcast.ts";
import { joinStorm } from "./join.ts";
import { relay } from "./relay.ts";

/** What `--only` selects by. */
export const KINDS = ["join", "relay", "broadcast"] as const;
/** One of {@linkcode KINDS}. */
export type Kind = typeof KINDS[number];

/** One row of the report. */
export type Workload = {
  readonly kind: Kind;
  readonly title: string;
  readonly connections: number;
  run(target: Target): Measurement;
};

/** All of them. */
export const WORKLOADS: readonly Workload[] = [
  {
    kind: "join",
    title: "join storm, 500 in one room",
    connections: 500,
    run: (target) => joinStorm(target, { rooms: 1, perRoom: 500 }),
  },
  {
    kind: "join",
    title: "join storm, 200 rooms of 5",
    connections: 1_000,
    run: (target) => joinStorm(target, { rooms: 200, perRoom: 5 }),
  },
  {
    kind: "relay",
    title: "relay, saturated",
    connections: 200,
    run: (target) => relay(target, { kind: "saturated", window: 64 }),
  },
  {
    kind: "relay",
    title: "relay, 1,000 a second",
    connections: 200,
    run: (target) => relay(target, { kind: "fixed", perSecond: 1_000 }),
  },
  {
    kind: "broadcast",
    title: "broadcast to 100, saturated",
    connections: 100,
    run: (target) => broadcast(target, { kind: "saturated", window: 64 }),
  },
  {
    kind: "broadcast",
    title: "broadcast to 100, 200 a second",
    connections: 100,
    run: (target) => broadcast(target, { kind: "fixed", perSecond: 200 }),
  },
];
