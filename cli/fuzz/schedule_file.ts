/**
 * A schedule as a file: what `fuzz` writes when a rule is broken, and `--replay` takes again.
 */
import { UsageError } from "../arguments.ts";
import { MEDIA_ACTS, type Step } from "../model/steps.ts";

/** A schedule, and the world that it is for. */
export type Schedule = {
  readonly users: number;
  readonly rooms: number;
  readonly steps: readonly Step[];
};

/** The names of steps, and the fields that name a user or a room. */
const STEPS = new Set<Step["do"]>([
  ...["join", "create-room", "leave", "offer", "answer", "ice-candidate", "chat", "data"] as const,
  ...["state", "stats", "kick", "mute", "admit", "deny", "lock", "lobby", "end-room"] as const,
  ...["request-relay", ...MEDIA_ACTS] as const,
  ...[
    "garbage",
    "strikes",
    "close",
    "resume",
    "stall",
    "read-on",
    "summary",
    "show",
    "grace",
    "together",
  ] as const,
]);
const USERS = ["user", "as", "to", "target"] as const;

/** The file's text. */
export function writeSchedule({ users, rooms, steps }: Schedule): string {
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`);
  return `{\n  "users": ${users},\n  "rooms": ${rooms},\n  "steps": [\n${
    lines.join(",\n")
  }\n  ]\n}\n`;
}

/** Reads a file; throws {@linkcode UsageError} where it is none of ours. */
export function readSchedule(path: string): Schedule {
  let value: unknown;
  try {
    value = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : `${error}`;
    throw new UsageError(`Cannot use --replay "${path}": ${reason}`, { cause: error });
  }
  const { users, rooms, steps } = (value ?? {}) as Record<string, unknown>; // Looked at below.
  const fail = (what: string): never => {
    throw new UsageError(`Cannot use --replay "${path}": ${what}`);
  };
  if (!isCount(users) || !isCount(rooms)) return fail('"users" and "rooms" are not numbers');
  if (!Array.isArray(steps)) return fail('"steps" is not a list');
  for (const [n, step] of steps.entries()) {
    if (!isStep(step, users)) fail(`step ${n + 1} is none`);
  }
  return { users, rooms, steps };
}

function isStep(value: unknown, users: number): value is Step {
  if (typeof value !== "object" || value === null) return false;
  const step = value as Record<string, unknown>; // Its fields are looked at one by one.
  if (!STEPS.has(step.do as Step["do"])) return false;
  if (step.do === "together") {
    return Array.isArray(step.steps) && step.steps.every((one) => isStep(one, users));
  }
  if (step.do !== "grace" && step.user === undefined) return false;
  return USERS.every((field) => {
    const user = step[field];
    return user === undefined ||
      (Number.isInteger(user) && Number(user) >= 0 && Number(user) < users);
  });
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 50;
}
