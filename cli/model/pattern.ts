/**
 * What the model expects to be said: messages in which some values are known only once they were
 * seen. A hole takes what fits it; a named one takes the same value ever after. Pure.
 */

/** A decoded message, expected or seen. */
export type Message = Readonly<Record<string, unknown>>;

/** A place in an expected message that the server fills. */
export type Hole =
  /** A time, a count. */
  | { readonly hole: "whole number" }
  | { readonly hole: "text" }
  | { readonly hole: "one of"; readonly values: readonly string[] }
  /** A resume token, a host key; the same wherever the name stands. */
  | { readonly hole: "secret"; readonly name: string }
  /** A number that stands for something; the same wherever the name stands. */
  | { readonly hole: "number"; readonly name: string }
  /** Six digits (rule CR1). */
  | { readonly hole: "code"; readonly name: string }
  /** The `messageId` of the message with that place in its room's life; grows (rule CH3). */
  | { readonly hole: "messageId"; readonly life: string; readonly place: number };

/** The values that named holes have taken so far. */
export class Bindings {
  readonly #values: Map<string, string>;
  readonly #lives: Map<string, ReadonlyMap<number, string>>;

  /** None, or a copy of `other`'s. */
  constructor(other?: Bindings) {
    this.#values = new Map(other === undefined ? [] : other.#values);
    this.#lives = new Map(other === undefined ? [] : other.#lives);
  }

  /** What the hole of that name took. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Whether `value` fits; a named hole keeps it. */
  take(hole: Hole, value: unknown): boolean {
    switch (hole.hole) {
      case "whole number":
        return Number.isSafeInteger(value);
      case "text":
        return typeof value === "string" && value !== "";
      case "one of":
        return hole.values.includes(`${value}`);
      case "secret":
        return typeof value === "string" && value !== "" && this.#keep(hole.name, value);
      case "number":
        return Number.isSafeInteger(value) && this.#keep(hole.name, `${value}`);
      case "code":
        return /^\d{6}$/.test(`${value}`) && this.#keep(hole.name, `${value}`);
      case "messageId":
        return typeof value === "string" && this.#order(hole.life, hole.place, value);
    }
  }

  #keep(name: string, value: string): boolean {
    const known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, value);
    return known === undefined || known === value;
  }

  #order(life: string, place: number, value: string): boolean {
    const known = this.#lives.get(life) ?? new Map<number, string>();
    const same = known.get(place);
    if (same !== undefined) return same === value;
    for (const [other, id] of known) {
      if (other < place ? !isAfter(value, id) : !isAfter(id, value)) return false;
    }
    this.#lives.set(life, new Map([...known, [place, value]]));
    return true;
  }
}

/** Whether a value is a {@linkcode Hole}. */
export function isHole(value: unknown): value is Hole {
  return typeof value === "object" && value !== null && "hole" in value;
}

/** Whether two ids are one: the same text, or the same hole. */
export function isSame(one: unknown, other: unknown): boolean {
  const nameOf = (id: unknown) => (id as { name?: string } | undefined)?.name;
  if (typeof one === "string" || typeof other === "string") return one === other;
  return nameOf(one) !== undefined && nameOf(one) === nameOf(other);
}

/** Where `actual` does not fit `expected`: the path of the first field, or undefined where it does. */
export function misfit(
  expected: unknown,
  actual: unknown,
  bindings: Bindings,
  path: string = "",
): string | undefined {
  if (isHole(expected)) return bindings.take(expected, actual) ? undefined : path;
  if (typeof expected !== "object" || expected === null) {
    return Object.is(expected, actual) ? undefined : path;
  }
  if (typeof actual !== "object" || actual === null) return path;
  if (Array.isArray(expected) !== Array.isArray(actual)) return path;
  const there = actual as Message; // An object, or an array, whose keys are its places.
  for (const [key, value] of Object.entries(expected)) {
    const found = misfit(value, there[key], bindings, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  const extra = Object.keys(there).find((key) => !Object.hasOwn(expected, key));
  return extra === undefined ? undefined : path === "" ? extra : `${path}.${extra}`;
}

/** `value` with its named holes filled; what has no value yet is left out. */
export function filled(value: unknown, bindings: Bindings): unknown {
  if (isHole(value)) return "name" in value ? bindings.get(value.name) : undefined;
  if (Array.isArray(value)) return value.map((item) => filled(item, bindings));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, bindings)]),
  );
}

/** Whether one message id comes after another: as numbers where both are, else as text. */
function isAfter(later: string, earlier: string): boolean {
  const isNumber = /^\d{1,15}$/;
  if (isNumber.test(later) && isNumber.test(earlier)) return Number(later) > Number(earlier);
  return later > earlier;
}
