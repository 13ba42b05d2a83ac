/**
 * The flags of `proxy` and `simulate` that say what is to go wrong, into a plan; the same rules as in
 * a file, for what one line can hold. A file and flags add up.
 */
import {
  durationOf,
  type Flags,
  type FlagTable,
  numberOf,
  textOf,
  UsageError,
} from "../arguments.ts";
import {
  type FaultPlan,
  FaultPlanError,
  type FaultRule,
  parseFaultPlan,
  readFaultPlan,
} from "./fault_plan.ts";

/** The kinds whose flag says when they hit. */
const TIMED = [
  ...(["drop", "duplicate", "reorder", "cut", "half-open", "stop-reading", "byte-wise"] as const),
];
const MAX_BYTES_PER_SECOND = 1_000_000_000;
const MAX_PIECES = 1_000;

/** The flags that both commands know. */
export const FAULT_FLAGS: FlagTable = {
  fault: "string",
  latency: "string",
  jitter: "string",
  bandwidth: "string",
  fragment: "string",
  "clock-skew": "string",
  ...Object.fromEntries(TIMED.map((kind) => [kind, "string" as const])),
  "fault-user": "string",
  "fault-direction": "string",
};

/** What `--help` of both commands says of them. */
export const FAULT_HELP = `  --fault FILE         faults from a JSON file; adds to the flags here
  --latency TIME       every message takes so much longer, e.g. 80ms
  --jitter TIME        and up to so much more
  --bandwidth N        bytes a second
  --byte-wise WHEN     each byte in a segment of its own (the first 1,024 of a message)
  --fragment N         messages in N frames
  --clock-skew TIME    the client's clock is ahead (behind: --clock-skew=-5s): what it says
                       in "at" is later, what the server says in times is earlier
  --cut WHEN           the connection ends in the middle of a frame
  --half-open WHEN     nothing passes any more, either way, and nobody is told
  --stop-reading WHEN  nothing is read any more: the sender's buffers fill
  --drop WHEN          a message is lost
  --duplicate WHEN     a message comes twice
  --reorder WHEN       a message comes after the next one
  --fault-user GLOB    for users like this alone, e.g. "user-1*"
  --fault-direction D  to-server, to-client, or both [both]
                       WHEN is [TYPE:]0.01 (one in a hundred), [TYPE:]50th (every
                       fiftieth) or [TYPE:]@5s (5 s after connecting); TYPE is a
                       message's type, e.g. chat or "user-*"
`;

/** The plan of a file and flags; undefined where neither says anything. Throws UsageError. */
export function readFaultFlags(flags: Flags): FaultPlan | undefined {
  const file = textOf(flags, "fault");
  const plan = file === undefined ? { faults: [] } : readFile(file);
  const faults = [...plan.faults, ...rulesOf(flags)];
  if (faults.length > 0) return { ...plan, faults };
  for (const name of ["fault-user", "fault-direction"]) {
    if (flags[name] !== undefined) throw new UsageError(`Cannot use --${name} without a fault`);
  }
  return undefined;
}

/** The fault flags as they were given, to be typed again. */
export function faultFlagsAgain(flags: Flags): string {
  return Object.keys(FAULT_FLAGS).flatMap((name) => {
    const value = flags[name];
    if (typeof value !== "string") return [];
    return [/^[\w.:@/-]+$/.test(value) ? `--${name}=${value}` : `--${name}='${value}'`];
  }).join(" ");
}

function rulesOf(flags: Flags): FaultRule[] {
  const rules: object[] = [];
  for (const kind of ["latency", "jitter"] as const) {
    const ms = durationOf(flags, kind);
    if (ms !== undefined) rules.push({ kind, ms: Math.round(ms) });
  }
  const range = { from: 1, to: MAX_BYTES_PER_SECOND, isWhole: true };
  const bytesPerSecond = numberOf(flags, "bandwidth", range);
  if (bytesPerSecond !== undefined) rules.push({ kind: "bandwidth", bytesPerSecond });
  const pieces = numberOf(flags, "fragment", { from: 2, to: MAX_PIECES, isWhole: true });
  if (pieces !== undefined) rules.push({ kind: "fragment", pieces });
  for (const kind of TIMED) {
    const text = textOf(flags, kind);
    if (text !== undefined) rules.push({ kind, ...readWhen(kind, text) });
  }
  const direction = textOf(flags, "fault-direction");
  const user = textOf(flags, "fault-user");
  const common = {
    ...(direction === undefined ? {} : { direction }),
    ...(user === undefined ? {} : { user }),
  };
  const all: object[] = rules.map((rule) => ({ ...rule, ...common }));
  const skewMs = skewOf(flags);
  if (skewMs !== undefined) {
    all.push({ kind: "clock-skew", ms: skewMs, ...(user === undefined ? {} : { user }) });
  }
  try {
    return [...readFaultPlan({ faults: all }).faults];
  } catch (error) {
    if (!(error instanceof FaultPlanError)) throw error;
    const reason = error.message.replace(/^faults\[\d+\]\./, "");
    throw new UsageError(`Cannot use the fault flags: ${reason}`, { cause: error });
  }
}

/** `chat:0.01`, `50th`, `@5s`. */
function readWhen(kind: string, text: string): object {
  const match = /^(?:(?<type>[^:]+):)?(?<when>[^:]+)$/.exec(text);
  const { type, when = "" } = match?.groups ?? {};
  const own = type === undefined ? {} : { type };
  if (/^(0(\.\d+)?|1(\.0+)?)$/.test(when)) return { ...own, probability: Number(when) };
  const nth = /^([1-9]\d{0,8})(?:st|nd|rd|th)$/.exec(when)?.[1];
  if (nth !== undefined) return { ...own, every: Number(nth) };
  if (when.startsWith("@")) {
    const atMs = durationOf({ [kind]: when.slice(1) }, kind);
    return { ...own, atMs: Math.round(atMs!) }; // It is given, so it is a number or has thrown.
  }
  throw new UsageError(
    `Cannot use --${kind} "${text}": expected like 0.01, 50th, @5s, or chat:0.01`,
  );
}

function skewOf(flags: Flags): number | undefined {
  const text = textOf(flags, "clock-skew");
  if (text === undefined) return undefined;
  const isBehind = text.startsWith("-");
  const ms = durationOf({ "clock-skew": isBehind ? text.slice(1) : text }, "clock-skew")!;
  return Math.round(isBehind ? -ms : ms);
}

function readFile(path: string): FaultPlan {
  try {
    return parseFaultPlan(Deno.readTextFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --fault "${path}": ${reason}`, { cause: error });
  }
}
