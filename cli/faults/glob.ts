/**
 * Patterns with `*` for any text and `?` for any letter, as the fault rules name users and types.
 */

/** Whether `text` fits `pattern` from its beginning to its end. */
export function fitsGlob(pattern: string, text: string): boolean {
  return expressionOf(pattern).test(text);
}

const cache = new Map<string, RegExp>();

/** A plan has few patterns, and each is asked for every message. */
function expressionOf(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const source = [...pattern].map((letter) => {
    if (letter === "*") return ".*";
    return letter === "?" ? "." : letter.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  const expression = new RegExp(`^${source.join("")}$`, "su");
  cache.set(pattern, expression);
  return expression;
}
