/**
 * What a message has to be: its type and some of its fields, compared field by field. The actors use
 * it for all they hear.
 */
import { isDeepStrictEqual } from "node:util";
import { trimmed } from "./transcript.ts";
import { Finding } from "./verdict.ts";

/** A message as it came; its schema has been checked. */
export type Message = { readonly type: string; readonly [field: string]: unknown };

/**
 * Fields by what they have to be: a value (compared deeply), `undefined` (the field is absent), or a
 * {@linkcode Demand}. Fields that are not named are not looked at, except `requestId`: a message that
 * is no reply must not have one.
 */
export type Where = Readonly<Record<string, unknown>>;

const MAX_SHOWN = 600;

/** A demand on a field that is not a fixed value. */
export class Demand {
  /** In words: stands behind "expected". */
  readonly says: string;
  /** Whether a value meets it. */
  readonly holds: (value: unknown) => boolean;

  /** Both at once. */
  constructor(says: string, holds: (value: unknown) => boolean) {
    this.says = says;
    this.holds = holds;
  }
}

/** A demand in words. */
export function that(says: string, holds: (value: unknown) => boolean): Demand {
  return new Demand(says, holds);
}

/** Text that is not empty. */
export const someText: Demand = that(
  "some text",
  (value) => typeof value === "string" && value !== "",
);

/** Throws {@linkcode Finding} unless `message` is of `type` with these fields. */
export function demandMessage(message: Message, type: string, where: Where): void {
  if (meets(message, type, where)) return;
  throw new Finding(described(type, where), shown(message));
}

/** Whether `message` is of `type` with these fields. */
export function meets(message: Message, type: string, where: Where): boolean {
  if (message.type !== type) return false;
  const wantedFields: Where = { requestId: undefined, ...where };
  return Object.entries(wantedFields).every(([field, wanted]) => {
    const found = message[field];
    return wanted instanceof Demand ? wanted.holds(found) : isDeepStrictEqual(found, wanted);
  });
}

/** An expectation in words: `user-left {"userId":"bob"}`. */
export function described(type: string, where: Where): string {
  const fields = Object.entries(where).map(([field, wanted]) => {
    if (wanted === undefined) return `no ${field}`;
    return `${field} ${wanted instanceof Demand ? wanted.says : JSON.stringify(wanted)}`;
  });
  return trimmed([type, fields.join(", ")].filter(Boolean).join(" with "), MAX_SHOWN);
}

/** A value as JSON, cut where it is long. */
export function shown(value: unknown): string {
  return trimmed(JSON.stringify(value) ?? "nothing", MAX_SHOWN);
}

/** Throws {@linkcode Finding} unless the values are deeply equal; `what` says of what they are. */
export function same(what: string, seen: unknown, expected: unknown): void {
  if (isDeepStrictEqual(seen, expected)) return;
  throw new Finding(`${what} ${shown(expected)}`, shown(seen));
}

/** Throws {@linkcode Finding} unless `holds`; `seen` says what is so instead. */
export function demand(holds: boolean, expected: string, seen: unknown): asserts holds {
  if (!holds) throw new Finding(expected, typeof seen === "string" ? seen : shown(seen));
}
