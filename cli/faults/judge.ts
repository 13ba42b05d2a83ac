/**
 * Which fault hits which message. Pure: a choice is a function of the seed, whose connection it is,
 * the direction, the rule, and how many messages that fit the rule came before; never of time, but
 * for rules that name one. So the same seed does the same to the same messages. Each direction of a
 * connection has a {@linkcode Judge}.
 */
import type { Course, FaultKind, FaultPlan, FaultRule } from "./fault_plan.ts";
import { fitsGlob } from "./glob.ts";

/** A connection as the choices know it. */
export type ConnectionName = {
  /** Goes into the choices: the user's name where it is known beforehand, else a number. */
  readonly key: string;
  /** Which of the connections of `key` this is, from 1. */
  readonly connection: number;
  /** Who speaks, once that is known. */
  user: string | undefined;
};

/** One fault that hits, as a line of the log. */
export type Decision = {
  readonly user: string;
  readonly connection: number;
  readonly direction: Course;
  /** The message's number in this direction of this connection, from 1. */
  readonly index: number;
  readonly type: string;
  readonly fault: FaultKind;
  /** The rule's number in the plan, from 0. */
  readonly rule: number;
  /** How much longer the message takes, where the fault is about that. */
  readonly ms?: number;
};

/** A decision with the rule that it follows. */
export type Hit = { readonly decision: Decision; readonly rule: FaultRule };

type Counter = { fitting: number; isDone: boolean };

/** Judges the messages of one direction of one connection. */
export class Judge {
  readonly #plan: FaultPlan;
  readonly #seed: number;
  readonly #name: ConnectionName;
  readonly #direction: Course;
  readonly #counters: Counter[];
  #index = 0;

  constructor(
    plan: FaultPlan,
    about: { seed: number; name: ConnectionName; direction: Course },
  ) {
    this.#plan = plan;
    this.#seed = about.seed;
    this.#name = about.name;
    this.#direction = about.direction;
    this.#counters = plan.faults.map(() => ({ fitting: 0, isDone: false }));
  }

  /** What hits the next message; `elapsedMs` is for rules with a time. */
  judge(type: string, elapsedMs: number): Hit[] {
    this.#index++;
    return this.#plan.faults.flatMap((rule, number) => {
      if (!this.#fits(rule) || !fitsType(rule, type)) return [];
      const counter = this.#counters[number]!;
      counter.fitting++;
      if (counter.isDone || !this.#isDue(rule, number, elapsedMs)) return [];
      return [{ rule, decision: this.#decide(rule, number, type) }];
    });
  }

  /** Rule `number` strikes by itself, at its time, if it is about this connection. */
  strike(number: number): Hit | undefined {
    const rule = this.#plan.faults[number];
    const counter = this.#counters[number];
    if (rule === undefined || counter === undefined || counter.isDone) return undefined;
    if (!this.#fits(rule)) return undefined;
    counter.isDone = true;
    this.#index++;
    const decision = this.#decide(rule, number, "(time)");
    this.#index--;
    return { rule, decision };
  }

  #fits(rule: FaultRule): boolean {
    const { direction = "both" } = rule as { direction?: Course | "both" };
    if (direction !== "both" && direction !== this.#direction) return false;
    return rule.user === undefined || fitsGlob(rule.user, this.#name.user ?? "");
  }

  #isDue(rule: FaultRule, number: number, elapsedMs: number): boolean {
    const { probability, every, atMs } = rule as {
      probability?: number;
      every?: number;
      atMs?: number;
    };
    const counter = this.#counters[number]!;
    if (every !== undefined) return counter.fitting % every === 0;
    if (probability !== undefined) return this.#roll(number, "hit") < probability;
    if (atMs === undefined) return true;
    counter.isDone = elapsedMs >= atMs;
    return counter.isDone;
  }

  #decide(rule: FaultRule, number: number, type: string): Decision {
    const { user, key, connection } = this.#name;
    return {
      user: user ?? key,
      connection,
      direction: this.#direction,
      index: this.#index,
      type,
      fault: rule.kind,
      rule: number,
      ...(rule.kind === "latency" ? { ms: rule.ms } : {}),
      ...(rule.kind === "stop-reading" && rule.forMs !== undefined ? { ms: rule.forMs } : {}),
      ...(rule.kind === "jitter" ? { ms: Math.round(this.#roll(number, "ms") * rule.ms) } : {}),
    };
  }

  /** A number from 0 up to 1 that only this choice has. */
  #roll(number: number, purpose: string): number {
    const { key, connection } = this.#name;
    const { fitting } = this.#counters[number]!;
    return rollOf([this.#seed, key, connection, this.#direction, number, fitting, purpose].join());
  }
}

function fitsType(rule: FaultRule, type: string): boolean {
  const { type: pattern } = rule as { type?: string };
  return pattern === undefined || fitsGlob(pattern, type);
}

/** A number from 0 up to, but not including, 1 that looks random and is a function of `text`. */
export function rollOf(text: string): number {
  let hash = 0x811c9dc5; // FNV-1a, and the last mixing of MurmurHash3 to spread what it leaves.
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
