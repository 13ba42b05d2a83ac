/** What the accessibility rules of axe say of a page. */
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** Each violation as rule, element and what to do; empty where there is none. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
  );
}
