/**
 * The text format of Prometheus as numbers, as far as the soak reads the server's metrics: gauges and
 * counters, with labels or without. Pure.
 */

/** What a server told. */
export class Exposition {
  readonly #values: ReadonlyMap<string, number>;

  /** Reads `text`; lines that are no sample are passed over. */
  constructor(text: string) {
    const lines = text.matchAll(/^([a-zA-Z_:][\w:]*(?:\{[^\n]*\})?) (\S+)$/gm);
    this.#values = new Map([...lines].map(([, name = "", value]) => [name, Number(value)]));
  }

  /** The value of a metric without labels. Throws where the server does not have it. */
  value(name: string): number {
    const value = this.#values.get(name);
    if (value === undefined || Number.isNaN(value)) {
      throw new Error(`Cannot find ${name} among the metrics`);
    }
    return value;
  }

  /** The values of a metric by the text of one label, added up over the others. */
  byLabel(name: string, label: string): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const [key, value] of this.#values) {
      if (!key.startsWith(`${name}{`)) continue;
      const text = RegExp(`[{,]${label}="([^"]*)"`).exec(key)?.[1];
      if (text !== undefined) sums[text] = (sums[text] ?? 0) + value;
    }
    return sums;
  }
}
