/**
 * The objectives of a run, as the reports show them. Read from the document with care rather than by its
 * type: an objective is an expression, what was seen, and whether that met it, whoever drew it up.
 */

/** One objective. */
export type Objective = {
  readonly expression: string;
  /** What was measured, in words; empty where nothing was. */
  readonly seen: string;
  readonly isMet: boolean;
};

/** The objectives of a report; none where it has none. */
export function objectivesOf(report: object): Objective[] {
  const slos = "slos" in report ? report.slos : undefined;
  if (!Array.isArray(slos)) return [];
  return slos.flatMap((slo: unknown) => {
    if (typeof slo !== "object" || slo === null || !("isMet" in slo)) return [];
    const fields = new Map<string, unknown>(Object.entries(slo));
    const expression = fields.get("expression") ?? fields.get("slo");
    const seen = fields.get("seen") ?? fields.get("measured") ?? "";
    if (typeof expression !== "string") return [];
    return [{ expression, seen: inWords(seen), isMet: slo.isMet === true }];
  });
}

function inWords(value: unknown): string {
  if (typeof value !== "number") return `${value}`;
  return Number.isInteger(value) ? `${value}` : value.toFixed(3);
}
