/**
 * The document of a simulation as JSON Schema: what `--json` prints and `--json-schema` describes. The
 * types of the reports are read from here, so that the two cannot drift apart.
 */
import Type, { type Static } from "typebox";
import { LATENCY_KINDS, type LatencyKind } from "../verify/mod.ts";

const Count = Type.Integer({ minimum: 0 });
const Ms = Type.Number({ minimum: 0, description: "Milliseconds." });

const Column = Type.Object({
  fromMs: Ms,
  toMs: Ms,
  count: Count,
  p50: Ms,
  p95: Ms,
  p99: Ms,
  max: Ms,
}, { description: "A piece of the run; its times count from the start." });

const Latency = Type.Object({
  count: Count,
  mean: Ms,
  p50: Ms,
  p90: Ms,
  p95: Ms,
  p99: Ms,
  max: Ms,
  shape: Type.Array(Type.Object({ toMs: Ms, count: Count }), {
    description: "Counts over equal ratios of time, each up to toMs.",
  }),
  overTime: Type.Array(Column, {
    description: "The same figures for each piece of the run in which there were any.",
  }),
  blocks: Type.Array(Type.String(), {
    description: "The durations in blocks of neighbours, for --baseline: bucket:count pairs.",
  }),
}, { description: "Times of one kind, in milliseconds." });

const Settings = Type.Object({
  scenario: Type.String({ description: "What the users do: a name of --scenario list." }),
  users: Type.Integer({ minimum: 1, description: "Users over all rooms." }),
  rooms: Type.Integer({ minimum: 1 }),
  room: Type.String({ description: "The room's id; with several rooms the stem of their ids." }),
  arrival: Type.Optional(Type.Union([
    Type.Object({ kind: Type.Literal("poisson"), perSecond: Type.Number() }),
    Type.Object({ kind: Type.Literal("burst") }),
    Type.Object({ kind: Type.Literal("ramp"), rampMs: Ms }),
  ], { description: "How users connect and join; left out: as fast as is useful." })),
  rate: Type.Optional(
    Type.Number({ description: "Joins, chats, calls, leaves a second; left out: the run chose." }),
  ),
  durationMs: Type.Optional(
    Type.Number({ description: "How long they chatted; left out: two messages each." }),
  ),
  holdMs: Ms,
  churn: Type.Number({ description: "The fraction that leaves and returns each second." }),
  dropRatio: Type.Number({ description: "The fraction of departures by a dropped socket." }),
  seed: Type.Integer({ description: "Repeats who does what when." }),
  media: Type.Optional(Type.Object({
    kind: Type.Literal("synthetic"),
    path: Type.Optional(
      Type.Literal("mesh", { description: "From each to each; left out: through the server." }),
    ),
    durationMs: Ms,
    videoKbps: Type.Optional(
      Type.Number({ description: "Of each picture; left out: the run chose." }),
    ),
    lossRatio: Type.Number({ description: "The part that gets lost on purpose." }),
    maxLossRatio: Type.Number({ description: "The part that may get lost besides." }),
  }, { description: "What the users sent each other." })),
  faults: Type.Optional(Type.String({ description: "The flags of the faults, to repeat them." })),
  timeoutMs: Ms,
}, { description: "What the run was asked to do." });

const Check = Type.Object({
  rule: Type.String({ description: "Rule of PROTOCOL.md." }),
  title: Type.String(),
  state: Type.Union([
    Type.Literal("passed"),
    Type.Literal("failed"),
    Type.Literal("not checked"),
  ]),
  checked: Type.Integer({ minimum: 0, description: "How often it was put to the test." }),
  failed: Type.Integer({ minimum: 0, description: "How often it was broken." }),
});

const Finding = Type.Object({
  rule: Type.String({ description: "Rule of PROTOCOL.md." }),
  roomId: Type.String(),
  userId: Type.String({ description: "The user that saw it, or did not." }),
  message: Type.String({ description: "Which message, in words." }),
  expected: Type.String(),
  seen: Type.String(),
}, { description: "One broken promise of the server." });

const Objective = Type.Object({
  slo: Type.String({ description: "As it was written, for example join.p95<300ms." }),
  isMet: Type.Boolean(),
  measured: Type.Union([Type.Number(), Type.Null()], {
    description: "In milliseconds, bytes, a second, or as it is; null: nothing was measured.",
  }),
}, { description: "An objective of --slo." });

const Comparison = Type.Object({
  metric: Type.String(),
  verdict: Type.Union([
    Type.Literal("better"),
    Type.Literal("same"),
    Type.Literal("worse"),
    Type.Literal("unknown", { description: "There is too little to say." }),
  ]),
  before: Type.Number(),
  after: Type.Number(),
  ratio: Type.Object({ from: Type.Number(), to: Type.Number() }, {
    description: "After over before, between these with 99 % confidence; 0 and 0: unknown.",
  }),
  reason: Type.String({ description: "Why nothing can be said; empty where something can." }),
});

const Baseline = Type.Object({
  file: Type.String(),
  differences: Type.Array(Type.String(), { description: "Settings that differ, in words." }),
  comparisons: Type.Array(Comparison),
}, { description: "This run beside an earlier one." });

const MediaStream = Type.Object({
  packets: Count,
  repaired: Type.Integer({ minimum: 0, description: "Lost on the way, and repeated." }),
  lost: Type.Integer({ minimum: 0, description: "Lost for good." }),
  keyFrames: Count,
  interruptions: Type.Integer({ minimum: 0, description: "Pauses that nobody asked for." }),
});

const Media = Type.Object({
  sent: Type.Integer({ minimum: 0, description: "Packets that users sent." }),
  received: Type.Integer({ minimum: 0, description: "Packets that users got of others." }),
  lostOnPurpose: Count,
  lostOnTheWay: Type.Integer({
    minimum: 0,
    description: "From the server to a user without our doing, before anything was repeated.",
  }),
  repaired: Type.Integer({ minimum: 0, description: "Repeated by the server, and needed." }),
  repeated: Type.Integer({ minimum: 0, description: "Repeated by users for the server." }),
  lost: Type.Integer({ minimum: 0, description: "Lost for good." }),
  keyFrames: Count,
  excused: Type.Integer({
    minimum: 0,
    description: "Pauses and losses not held against the server: packets took too long.",
  }),
  pairs: Type.Array(
    Type.Object({
      subscriber: Type.String(),
      publisher: Type.String(),
      verdict: Type.Union([
        Type.Literal("verified"),
        Type.Literal("wrong"),
        Type.Literal("missing", { description: "Sound or picture never came." }),
      ]),
      sound: MediaStream,
      picture: MediaStream,
    }),
    { description: "What each user got of each other one of its room." },
  ),
  delays: Type.Array(
    Type.Object({ userId: Type.String(), p50: Ms, p99: Ms, max: Ms }),
    { description: "How long packets took to each user." },
  ),
}, { description: "What came of the media." });

const Report = Type.Object({
  format: Type.Literal("signalbox-simulate/1", {
    description: "Changes when a field changes its meaning; fields may be added.",
  }),
  verdict: Type.Union([
    Type.Literal("verified"),
    Type.Literal("wrong"),
    Type.Literal("interrupted"),
    Type.Literal("unreachable"),
  ]),
  exitCode: Type.Integer({
    description: "0 verified; 1 wrong, an objective missed or a figure worse than the baseline; " +
      "3 unreachable, 130 interrupted.",
  }),
  startedAt: Type.String({ description: "ISO 8601." }),
  durationMs: Ms,
  target: Type.Object({
    url: Type.String({ description: "The WebSocket, without an access token." }),
    isLocal: Type.Boolean({ description: "The run started the server itself." }),
  }),
  settings: Settings,
  phases: Type.Array(Type.Object({ name: Type.String(), state: Type.String(), ms: Ms })),
  counts: Type.Object({
    joins: Count,
    chats: Count,
    leaves: Count,
    drops: Count,
    returns: Count,
    losses: Type.Integer({ minimum: 0, description: "Connections lost while the seat was kept." }),
    resumes: Type.Integer({ minimum: 0, description: "Seats taken again by resume." }),
    calls: Type.Integer({
      minimum: 0,
      description: "Offers; each brings an answer and candidates.",
    }),
    errors: Type.Integer({ minimum: 0, description: "Connections and requests that failed." }),
    sent: Count,
    received: Count,
    receivedPerSecond: Count,
  }, { description: "What the users did and how many messages that made." }),
  checks: Type.Array(Check, { description: "Each rule with how often it was put to the test." }),
  findingsTotal: Count,
  findings: Type.Array(Finding, { description: "The first thousand." }),
  latency: Type.Object(
    Object.fromEntries(LATENCY_KINDS.map((kind) => [kind, Latency])) as Record<
      LatencyKind,
      typeof Latency // One entry a kind.
    >,
  ),
  throughput: Type.Array(Type.Number(), {
    description: "Messages received a second, in equal pieces of the run.",
  }),
  tester: Type.Object({
    lateP99Ms: Ms,
    lateMaxMs: Ms,
    isSaturated: Type.Boolean({
      description: "It was late or busy beyond its bounds: the figures are its own.",
    }),
    maxRssBytes: Count,
    count: Type.Integer({ minimum: 1, description: "Testers side by side." }),
    cpuShare: Type.Number({ description: "CPU time over time of the busiest: 1 is a core." }),
    fullShare: Type.Number({ description: "The share of the time in which its core was full." }),
  }, { description: "The tester itself: a late one measures itself." }),
  notes: Type.Array(Type.String(), { description: "Remarks for the reader." }),
  server: Type.Object({
    cpuShare: Type.Optional(Type.Number({ description: "CPU time over time: 1 is a core." })),
    maxRssBytes: Type.Optional(Count),
  }, { description: "What the server spent, where it tells." }),
  slos: Type.Array(Objective, { description: "The objectives of --slo." }),
  baseline: Type.Union([Baseline, Type.Null()], { description: "Null: none was asked for." }),
  media: Type.Union([Media, Type.Null()], { description: "Null: there were none." }),
});

/** The schema as `--json-schema` prints it. */
export const REPORT_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:signalbox:simulate:1",
  title: "What came of a Signalbox simulation",
  ...Report,
};

/** The document. */
export type SimulationReport = ReadonlyDeep<Static<typeof Report>>;
/** This run beside an earlier one. */
export type BaselineVerdict = ReadonlyDeep<Static<typeof Baseline>>;
/** What came of the media of a run. */
export type MediaReport = ReadonlyDeep<Static<typeof Media>>;
/** Times of one kind, in milliseconds. */
export type LatencySummary = ReadonlyDeep<Static<typeof Latency>>;
/** What came of a run. */
export type SimulationVerdict = SimulationReport["verdict"];

/** The value as its readers have it: none of them changes it. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;
