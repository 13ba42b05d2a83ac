/**
 * What is to go wrong: the faults of a run as a list of rules, from a JSON file or from flags
 * (`fault_flags.ts`). The schemas are the description of the file; a key that no schema knows is
 * refused with its path and what is allowed there.
 */
import Type, { type Static, type TObject, type TProperties } from "typebox";
import { Compile } from "typebox/compile";

/** Which way a message travels. */
export type Course = "to-server" | "to-client";

const share = {
  direction: Type.Optional(Type.Union([
    Type.Literal("to-server"),
    Type.Literal("to-client"),
    Type.Literal("both"),
  ], { description: "Which way; default: both." })),
  user: Type.Optional(Type.String({
    minLength: 1,
    description: "Whose connections, * and ? stand for any text and any letter; default: all.",
  })),
  type: Type.Optional(Type.String({
    minLength: 1,
    description: "Which messages, by their type, * and ? as above; default: all.",
  })),
};
const when = {
  probability: Type.Optional(Type.Number({
    minimum: 0,
    maximum: 1,
    description: "How likely each message is hit; default: 1, each.",
  })),
  every: Type.Optional(Type.Integer({
    minimum: 1,
    description: "Hits every Nth message that fits, from the Nth on.",
  })),
  atMs: Type.Optional(Type.Integer({
    minimum: 0,
    maximum: 86_400_000,
    description: "Hits once, this long after the connection opened.",
  })),
};
const ms = (description: string) => Type.Integer({ minimum: 0, maximum: 600_000, description });

/** The schema of each kind of fault. */
export const faultSchemas = {
  latency: rule("latency", { ms: ms("How long each message takes longer.") }, share),
  jitter: rule("jitter", { ms: ms("How much longer at most; by chance.") }, share),
  bandwidth: rule("bandwidth", {
    bytesPerSecond: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  }, { direction: share.direction, user: share.user }),
  drop: rule("drop", {}, { ...share, ...when }),
  duplicate: rule("duplicate", {}, { ...share, ...when }),
  reorder: rule("reorder", {}, { ...share, ...when }),
  "half-open": rule("half-open", {}, { ...share, ...when }),
  "stop-reading": rule("stop-reading", {
    forMs: Type.Optional(ms("Reads on after this long; default: never.")),
  }, { ...share, ...when }),
  cut: rule("cut", {}, { ...share, ...when }),
  "byte-wise": rule("byte-wise", {
    bytes: Type.Optional(Type.Integer({
      minimum: 1,
      maximum: 65_536,
      description: "So many go one by one, the rest of the message at once; default: 1024.",
    })),
  }, { ...share, ...when }),
  fragment: rule("fragment", {
    pieces: Type.Optional(Type.Integer({
      minimum: 2,
      maximum: 1_000,
      description: "Frames that a message is sent in; default: 3.",
    })),
  }, { ...share, ...when }),
  "clock-skew": rule("clock-skew", {
    ms: Type.Integer({ description: "How far the client's clock is ahead; behind if below 0." }),
  }, { user: share.user }),
};

/** A kind of fault. */
export type FaultKind = keyof typeof faultSchemas;
/** One rule of a plan. */
export type FaultRule = { [Kind in FaultKind]: Static<(typeof faultSchemas)[Kind]> }[FaultKind];

/** What is to go wrong. */
export type FaultPlan = {
  /** Makes the same choices again; undefined: the caller's own seed. */
  readonly seed?: number | undefined;
  readonly faults: readonly FaultRule[];
};

/** A plan that cannot be read. The message is one line that names the place. */
export class FaultPlanError extends Error {
  override readonly name = "FaultPlanError";
}

/** Faults that change nothing but when and in which pieces bytes arrive: a run must verify. */
export const TRANSPARENT: readonly FaultKind[] = [
  ...(["latency", "jitter", "bandwidth", "byte-wise", "fragment", "clock-skew"] as const),
];
/** Faults that end a connection, or silence it for good. */
export const ENDING: readonly FaultKind[] = ["cut", "half-open", "stop-reading"];
/** Faults that change what arrives: whoever compares has to find them. */
export const ALTERING: readonly FaultKind[] = ["drop", "duplicate", "reorder"];

/** The triggers, of which a rule has one at most. */
const TRIGGERS = ["probability", "every", "atMs"] as const;

const checks = new Map(
  Object.entries(faultSchemas).map(([kind, schema]) => [kind, Compile(schema as TObject)]),
);

/** Reads the text of a file; throws {@linkcode FaultPlanError}. */
export function parseFaultPlan(text: string): FaultPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new FaultPlanError(`it is not JSON: ${reason}`, { cause: error });
  }
  return readFaultPlan(value);
}

/** Checks a plan; throws {@linkcode FaultPlanError}. */
export function readFaultPlan(value: unknown): FaultPlan {
  const plan = fieldsAt("the file", value);
  refuseUnknown("", plan, ["seed", "faults"]);
  const { seed, faults } = plan;
  if (seed !== undefined && !(Number.isInteger(seed) && Number(seed) >= 0)) {
    throw new FaultPlanError(`seed is ${shown(seed)}: expected a whole number from 0`);
  }
  if (!Array.isArray(faults)) {
    throw new FaultPlanError(`faults is ${shown(faults)}: expected a list of faults`);
  }
  const rules = faults.map((one, index) => readRule(`faults[${index}]`, one));
  return { faults: rules, ...(seed === undefined ? {} : { seed: Number(seed) }) };
}

function readRule(path: string, value: unknown): FaultRule {
  const fields = fieldsAt(path, value);
  const kind = Object.keys(faultSchemas).find((one) => one === fields.kind);
  if (kind === undefined) {
    const known = Object.keys(faultSchemas).join(", ");
    throw new FaultPlanError(`${path}.kind is ${shown(fields.kind)}: expected one of ${known}`);
  }
  const schema = faultSchemas[kind as FaultKind] as TObject; // The line above found it there.
  refuseUnknown(path, fields, Object.keys(schema.properties));
  const check = checks.get(kind)!;
  if (!check.Check(fields)) {
    const [error] = check.Errors(fields);
    const field = error?.instancePath.split("/")[1];
    const place = field === undefined ? path : `${path}.${field}`;
    const found = field === undefined ? "" : ` is ${shown(fields[field])}`;
    throw new FaultPlanError(`${place}${found}: ${error?.message ?? "it does not fit"}`);
  }
  const triggers = TRIGGERS.filter((name) => fields[name] !== undefined);
  if (triggers.length > 1) {
    throw new FaultPlanError(`${path} has ${triggers.join(" and ")}: expected one of them`);
  }
  return fields as FaultRule; // Its own schema has checked it.
}

function refuseUnknown(
  path: string,
  fields: Record<string, unknown>,
  allowed: readonly string[],
): void {
  const unknown = Object.keys(fields).find((key) => !allowed.includes(key));
  if (unknown === undefined) return;
  const place = path === "" ? unknown : `${path}.${unknown}`;
  throw new FaultPlanError(`${place} is not known: allowed are ${allowed.join(", ")}`);
}

function fieldsAt(path: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>; // A non-null object that is no array.
  }
  throw new FaultPlanError(`${path} is ${shown(value)}: expected an object`);
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 80);
}

/** A schema that knows its kind and its own fields, and nothing else. */
function rule<Kind extends string, Own extends TProperties, Common extends TProperties>(
  kind: Kind,
  own: Own,
  common: Common,
) {
  return Type.Object({ kind: Type.Literal(kind), ...own, ...common }, {
    additionalProperties: false,
  });
}
