/**
 * The entries of what `getStats` returns (W3C webrtc-stats), and how their counters grew. Everything
 * that a browser may leave out is taken as unknown; every counter may start anew when a stream does.
 */

/** One answer of `getStats`, and when it came. */
export interface Sample {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly stats: ReadonlyMap<string, unknown>;
}

/** One entry of a report. Other browsers send other fields, so nothing is taken for granted. */
export class Entry {
  readonly #fields: Readonly<Record<string, unknown>>;

  /** A value that is no object is an entry without fields. */
  constructor(value: unknown) {
    this.#fields = { ...(value as object | undefined) }; // Of a value that is none nothing is spread.
  }

  /** A text; empty where there is none. */
  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === "string" ? value : "";
  }

  /** A finite number; undefined where there is none. */
  number(name: string): number | undefined {
    const value = this.#fields[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  /** Whether it says true. */
  isTrue(name: string): boolean {
    return this.#fields[name] === true;
  }

  /** Whether it says false, which is more than saying nothing. */
  isFalse(name: string): boolean {
    return this.#fields[name] === false;
  }
}

/** The entries of one sample, and of the one before. */
export class Entries {
  readonly #all: readonly Entry[];
  readonly #now: ReadonlyMap<string, unknown>;
  readonly #before: ReadonlyMap<string, unknown>;
  readonly #elapsedMs: number;

  /** Without a sample before nothing has grown. */
  constructor(now: Sample, before?: Sample) {
    this.#now = now.stats;
    this.#all = [...now.stats.values()].map((value) => new Entry(value));
    this.#before = before?.stats ?? new Map();
    this.#elapsedMs = before === undefined ? 0 : now.at - before.at;
  }

  /** All of one type. */
  ofType(type: string): Entry[] {
    return this.#all.filter((entry) => entry.text("type") === type);
  }

  /** The one with this id. */
  byId(id: string): Entry | undefined {
    return this.#now.has(id) ? new Entry(this.#now.get(id)) : undefined;
  }

  /** How much a counter grew. Where `guard` is smaller than before, both have started anew. */
  growth(entry: Entry, name: string, guard = name): number {
    const former = new Entry(this.#before.get(entry.text("id")));
    const now = entry.number(name) ?? 0;
    const before = former.number(name);
    if (before === undefined) return 0;
    const isNew = (entry.number(guard) ?? 0) < (former.number(guard) ?? 0);
    return isNew ? now : now - before;
  }

  /** The growth of a counter of bytes as kilobits a second, a whole number. */
  kbps(entry: Entry, name: string): number {
    if (this.#elapsedMs <= 0) return 0;
    return Math.round(this.growth(entry, name) * 8 / this.#elapsedMs);
  }
}
