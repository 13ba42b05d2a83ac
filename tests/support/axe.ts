/** What axe-core finds wrong with a page, in words: for the browser tests. */
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** One line for each element that breaks a rule. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
  );
}
