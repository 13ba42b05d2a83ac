/**
 * Finds the addresses in a text that somebody wrote, so that they can be shown as links: http and
 * https alone, whole and visible. Pure; what makes elements of it never makes markup of text.
 */

/** A part of a text; `href` is set where it is an address. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

const ADDRESS = /https?:\/\/[^\s\p{Cc}<>"'`{}|\\^]+/giu;
/** A sentence ends behind an address, not in it. */
const TRAILING = /[.,;:!?…。，；：！？、)\]】）》]+$/u;

/** `text` in parts, in order; together they are `text` again. */
export function findLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trim(match[0]);
    const href = safeAddress(found);
    if (href === undefined) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The address in the form in which the browser follows it; undefined where it is none of ours. */
export function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  // A name and a password before the host disguise where an address leads.
  return isWeb && url.username === "" && url.password === "" ? url.href : undefined;
}

/** Brackets that belong to the address stay. */
function trim(found: string): string {
  const tail = TRAILING.exec(found)?.[0] ?? "";
  const closes = tail.startsWith(")") && found.includes("(");
  return closes
    ? found.slice(0, found.length - tail.length + 1)
    : found.slice(0, found.length - tail.length);
}
