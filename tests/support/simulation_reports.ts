/**
 * A report to render, for the tests of `cli/report`; they change what they are about.
 */
import type { LatencySummary, SimulationReport } from "../../cli/report/simulation_report.ts";
import type { TimelineRecord } from "../../cli/trace/timeline.ts";

/** Nothing of the kind was measured. */
const noLatency: LatencySummary = {
  ...{ count: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 },
  ...{ shape: [], blocks: [], overTime: [] },
};

/** A verified run of five users. */
export const verifiedReport: SimulationReport = {
  format: "signalbox-simulate/1",
  verdict: "verified",
  exitCode: 0,
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 968.12,
  target: { url: "ws://127.0.0.1:40000/ws", isLocal: true },
  settings: {
    scenario: "verify",
    users: 5,
    rooms: 1,
    room: "test",
    holdMs: 0,
    churn: 0,
    dropRatio: 0.3,
    seed: 7,
    timeoutMs: 10_000,
  },
  phases: [
    { name: "connect", state: "done", ms: 15 },
    { name: "hold", state: "skipped", ms: 0 },
  ],
  counts: {
    joins: 5,
    chats: 10,
    leaves: 3,
    drops: 2,
    returns: 0,
    losses: 0,
    resumes: 0,
    calls: 0,
    errors: 0,
    sent: 18,
    received: 83,
    receivedPerSecond: 84,
  },
  checks: [
    { rule: "JO3", title: "each user-joined once", state: "passed", checked: 10, failed: 0 },
    { rule: "LE5", title: "the room ends", state: "not checked", checked: 0, failed: 0 },
  ],
  findingsTotal: 0,
  findings: [],
  latency: {
    connect: noLatency,
    join: {
      count: 5,
      mean: 1.4,
      p50: 1,
      p90: 1.5,
      p95: 2,
      p99: 3,
      max: 3.5,
      shape: [{ toMs: 1, count: 4 }, { toMs: 4, count: 1 }],
      overTime: [
        { fromMs: 0, toMs: 100, count: 4, p50: 1, p95: 1, p99: 1, max: 1 },
        { fromMs: 100, toMs: 200, count: 1, p50: 3.5, p95: 3.5, p99: 3.5, max: 3.5 },
      ],
      blocks: [],
    },
    broadcast: noLatency,
    relay: noLatency,
    resume: noLatency,
    packet: noLatency,
    picture: noLatency,
  },
  throughput: [10, 80, 0, 160],
  tester: {
    lateP99Ms: 2,
    lateMaxMs: 4,
    isSaturated: false,
    maxRssBytes: 117_000_000,
    count: 1,
    cpuShare: 0.2,
    fullShare: 0,
  },
  server: {},
  slos: [],
  baseline: null,
  media: null,
  notes: [],
};

/** Sound or picture that came whole. */
const stream = { packets: 250, repaired: 1, lost: 0, keyFrames: 2, interruptions: 0 };
const silence = { packets: 0, repaired: 0, lost: 0, keyFrames: 0, interruptions: 0 };

/** A run with media of three users, of whom one gets nothing of another. */
export const mediaReport: SimulationReport = {
  ...verifiedReport,
  verdict: "wrong",
  exitCode: 1,
  settings: {
    ...verifiedReport.settings,
    media: { kind: "synthetic", durationMs: 5_000, lossRatio: 0.005, maxLossRatio: 0.003 },
  },
  findingsTotal: 1,
  findings: [{
    ...{ rule: "SB1", roomId: "test", userId: "user-1", message: "camera of user-3" },
    ...{ expected: "pictures", seen: "none in 10000 ms" },
  }],
  media: {
    ...{ sent: 1_200, received: 2_345, lostOnPurpose: 12, lostOnTheWay: 1, repaired: 9 },
    ...{ repeated: 4, lost: 0, keyFrames: 7, excused: 2 },
    pairs: ["user-1", "user-2", "user-3"].flatMap((subscriber, index, users) =>
      users.filter((publisher) => publisher !== subscriber).map((publisher) => {
        const isMissing = index === 0 && publisher === "user-3";
        const verdict = isMissing ? "missing" as const : "verified" as const;
        const picture = isMissing ? silence : stream;
        return { subscriber, publisher, verdict, sound: stream, picture };
      })
    ),
    delays: ["user-1", "user-2", "user-3"].map((userId, index) => ({
      ...{ userId, p50: 1.5, p99: 20 + index, max: 40 },
    })),
  },
};

/** Text that every report must escape in its own way. */
export const hostileText = `<script>alert("x")</script> & 'quotes' ]]> \u001b[31mred\u0000 \ud800`;

/** A run with one finding whose every word is hostile. */
export const wrongReport: SimulationReport = {
  ...verifiedReport,
  verdict: "wrong",
  exitCode: 1,
  checks: [{ rule: "CH2", title: hostileText, state: "failed", checked: 3, failed: 1 }],
  findingsTotal: 1,
  findings: [{
    rule: "CH2",
    roomId: hostileText,
    userId: hostileText,
    message: hostileText,
    expected: hostileText,
    seen: hostileText,
  }],
  notes: [hostileText],
};

/** What a run of two users may have left, every text of it hostile. */
export const hostileTimeline: TimelineRecord = {
  users: [hostileText, "</script><script>alert('x')</script>\u2028\u2029<!--"].map((userId) => ({
    userId,
    milestones: { connecting: 0, open: 2, welcome: 3, joinSent: 4, joined: 5, end: 90 },
    messages: [
      { at: 0, direction: "note", type: "(connecting)", text: "(connecting)" },
      { at: 3, direction: "received", type: "welcome", text: '{"type":"welcome"}' },
      { at: 4, direction: "sent", type: hostileText, text: `</script>\u2028${hostileText}` },
      { at: 90, direction: "note", type: "(end 1000 <b>)", text: "(end 1000 <b>)" },
    ],
    leftOut: 3,
  })),
  usersLeftOut: 7,
  contexts: [[
    { at: 4, direction: "received", type: "chat", text: `</script>\u2028${hostileText}` },
  ]],
};

/** A run that had objectives and met one of them. */
export const slowReport: SimulationReport = {
  ...verifiedReport,
  slos: [
    { slo: "join.p95<5ms", measured: 2, isMet: true },
    { slo: "broadcast.p99<1ms", measured: 9, isMet: false },
  ],
};
