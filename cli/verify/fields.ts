/**
 * First looks at what came over the wire, before anything is known of it.
 */

/** Longest piece of a received value that stands in a finding. */
const MAX_SHOWN = 120;

/** The value as an object with fields, or undefined when it is none. */
export function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>; // A non-null object that is no array has string keys.
}

/** A received value as text: a string as it is, anything else as JSON. */
export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : jsonOf(value);
}

/** A received value as it may stand in a sentence: JSON, cut. */
export function shown(value: unknown): string {
  const text = jsonOf(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Never `String(value)`: what came over the wire may have a `toString` that is no function. */
function jsonOf(value: unknown): string {
  if (value === undefined) return "nothing";
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deep)"; // JSON.parse takes what JSON.stringify overflows the stack with.
  }
}
