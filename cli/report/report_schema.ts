/**
 * The document of a simulation as JSON Schema: what `--json` prints and `--json-schema` describes. The
 * types of the reports are read from here, so that the two cannot drift apart.
 */
import Type, { type Static } from "typebox";

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
  p50: Ms,
  p95: Ms,
  p99: Ms,
  max: Ms,
  shape: Type.Array(Type.Object({ toMs: Ms, count: Count }), {
    description: "Counts over equal ratios of time, each up to toMs.",
  }),
  overTime: Type.Array(Column, {
    description: "The same figures for each piece of the run in which there were any.",
  }),
}, { description: "Times of one kind, in milliseconds." });

const Settings = Type.Object({
  users: Type.Integer({ minimum: 1, description: "Users over all rooms." }),
  rooms: Type.Integer({ minimum: 1 }),
  room: Type.String({ description: "The room's id; with several rooms the stem of their ids." }),
  rate: Type.Optional(
    Type.Number({ description: "Joins, chats, leaves a second; left out: the run chose." }),
  ),
  durationMs: Type.Optional(
    Type.Number({ description: "How long they chatted; left out: two messages each." }),
  ),
  holdMs: Ms,
  churn: Type.Number({ description: "The fraction that leaves and returns each second." }),
  dropRatio: Type.Number({ description: "The fraction of departures by a dropped socket." }),
  seed: Type.Integer({ description: "Repeats who does what when." }),
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
  expression: Type.String(),
  seen: Type.Union([Type.String(), Type.Number()]),
  isMet: Type.Boolean(),
}, { description: "An objective that the run was given, and whether it met it." });

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
  exitCode: Type.Integer({ description: "0 verified, 1 wrong, 3 unreachable, 130 interrupted." }),
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
    sent: Count,
    received: Count,
    receivedPerSecond: Count,
  }, { description: "What the users did and how many messages that made." }),
  checks: Type.Array(Check, { description: "Each rule with how often it was put to the test." }),
  findingsTotal: Count,
  findings: Type.Array(Finding, { description: "The first thousand." }),
  latency: Type.Object({ join: Latency, broadcast: Latency }),
  throughput: Type.Array(Type.Number(), {
    description: "Messages received a second, in equal pieces of the run.",
  }),
  tester: Type.Object({
    lateP99Ms: Ms,
    lateMaxMs: Ms,
    isSaturated: Type.Boolean({ description: "The times include the tester's own lateness." }),
    maxRssBytes: Count,
  }, { description: "The tester itself: a late one measures itself." }),
  notes: Type.Array(Type.String(), { description: "Remarks for the reader." }),
  slos: Type.Optional(Type.Array(Objective)),
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
/** Times of one kind, in milliseconds. */
export type LatencySummary = ReadonlyDeep<Static<typeof Latency>>;
/** What came of a run. */
export type SimulationVerdict = SimulationReport["verdict"];

/** The value as its readers have it: none of them changes it. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;
