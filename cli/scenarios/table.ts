/**
 * The scenarios by name: `--scenario NAME`. To add one, add an entry; its steps are those of
 * `phases.ts` or functions of the same shape, in a file of their own beside this one.
 */
import { Breaks } from "./breaks.ts";
import { makeCalls, pairUp } from "./calls.ts";
import type { PhaseContext } from "./phase_context.ts";
import { arrive, breakPlan, chat, endOfStay, hold, settle, speak } from "./phases.ts";
import type { Phase } from "./progress.ts";
import { REGRESSIONS } from "./regressions/table.ts";
import type { Scenario, ScenarioStep } from "./scenario.ts";
import { CONNECT, CONNECTION_RULES, GONE, JOIN, LEAVE, STAY_RULES } from "./steps.ts";

const CHAT: ScenarioStep = { name: "chat", run: (context, phase) => chat(context, phase) };
const HOLD: ScenarioStep = {
  name: "hold",
  run: hold,
  isSkipped: ({ settings }) => settings.holdMs === 0,
};

const CHAT_RULES = ["CH1", "CH3"];
const RESUME_RULES = ["RE2", "RE3", "RE4"];
const ALL_RULES = [...CONNECTION_RULES, ...STAY_RULES, ...CHAT_RULES];

/** What is run when nothing is said. */
export const DEFAULT_SCENARIO = "verify";

/** Every scenario but those that repeat what went wrong elsewhere: `regressions/table.ts`. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  verify: {
    summary: "join, chat, leave and drop: the proof that the server is right",
    steps: [CONNECT, JOIN, CHAT, HOLD, LEAVE, GONE],
    takesFaults: true,
    takesMedia: true,
    rules: ALL_RULES,
  },
  "join-storm": {
    summary: "everybody connects and joins at once, as after an outage",
    steps: [{ name: "arrive", run: arrive }, HOLD, LEAVE, GONE],
    takesFaults: true,
    rules: [...CONNECTION_RULES, ...STAY_RULES],
    defaults: { arrival: { kind: "burst" } },
  },
  churn: {
    summary: "a fifth of the users leaves and returns each second",
    steps: [CONNECT, JOIN, { ...HOLD, name: "churn" }, LEAVE, GONE],
    takesFaults: true,
    rules: ALL_RULES,
    defaults: { churn: 0.2, holdMs: 10_000 },
    minMembers: 2,
  },
  relay: {
    summary: "pairs exchange offers, answers and candidates",
    steps: [CONNECT, JOIN, { name: "relay", run: relay }, LEAVE, GONE],
    rules: [...CONNECTION_RULES, ...STAY_RULES, "RL1", "OR3"],
    minMembers: 2,
  },
  chat: {
    summary: "chat at a steady rate for ten seconds",
    steps: [CONNECT, JOIN, CHAT, LEAVE, GONE],
    takesFaults: true,
    takesMedia: true,
    rules: ALL_RULES,
    defaults: { durationMs: 10_000 },
  },
  reconnect: {
    summary: "connections drop while others chat, and resume their seats",
    steps: [CONNECT, JOIN, { name: "chat", run: chatAndResume }, LEAVE, GONE],
    rules: [...ALL_RULES, ...RESUME_RULES],
    defaults: { churn: 0.2, durationMs: 10_000 },
    isResumable: true,
    minMembers: 2,
  },
  idle: {
    summary: "everybody stays connected, in no room, heartbeats alone",
    steps: [CONNECT, { name: "hold", run: stayConnected }],
    rules: [...CONNECTION_RULES, "CO9"],
    defaults: { holdMs: 10_000 },
  },
  mixed: {
    summary: "chat, calls, users who leave and users who resume, together",
    steps: [CONNECT, JOIN, { name: "mixed", run: mix }, LEAVE, GONE],
    rules: [...ALL_RULES, ...RESUME_RULES, "RL1", "OR3"],
    defaults: { churn: 0.1, durationMs: 10_000 },
    isResumable: true,
    minMembers: 4,
  },
};

/** The scenario of that name, if there is one. */
export function findScenario(name: string): Scenario | undefined {
  if (Object.hasOwn(REGRESSIONS, name)) return REGRESSIONS[name];
  return Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
}

async function relay(context: PhaseContext, phase: Phase): Promise<void> {
  await makeCalls(context, phase, pairUp(context.users));
  await settle(context, phase);
}

function chatAndResume(context: PhaseContext, phase: Phase): Promise<void> {
  return chat(context, phase, breakPlan(context, "resume"));
}

async function stayConnected(context: PhaseContext, phase: Phase): Promise<void> {
  await hold(context, phase);
  // A connection that the server ended is a finding by now.
  const held = context.users.filter((user) => user.isConnected);
  context.run.tally.add("CO9", held.length);
}

/** Everybody chats; half of each room calls, the other half takes breaks: no call is cut off. */
async function mix(context: PhaseContext, phase: Phase): Promise<void> {
  const pairs = pairUp(context.users);
  const callers = new Set(pairs.filter((_, index) => index % 2 === 0).flat());
  const others = context.users.filter((user) => !callers.has(user));
  const breaks = new Breaks(context, { ...breakPlan(context, "both"), users: others });
  breaks.start();
  try {
    await Promise.all([
      speak(context, phase, breaks),
      makeCalls(context, phase, pairs.filter((_, index) => index % 2 === 0)),
    ]);
  } finally {
    breaks.halt();
  }
  await endOfStay(context, phase, breaks);
}
