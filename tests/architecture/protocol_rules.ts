/** The ids of the rules of PROTOCOL.md, for the tests that hold something against them. */

/** The rules that a page defines, in its order; not those that it only mentions. */
export function rulesIn(page: string): string[] {
  return [...page.matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map((match) => match[1]!);
}
