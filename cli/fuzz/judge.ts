/**
 * Judges what the lines of a schedule heard by what the model expects: one of the ways in which
 * things may have gone has to explain all of it. The driver owns one and asks after each step.
 */
import { isWanted } from "../model/frames.ts";
import { Bindings, type Message, misfit } from "../model/pattern.ts";
import { type State, summaryOf } from "../model/state.ts";
import { compare, type Difference } from "./comparison.ts";
import type { Line } from "./line.ts";
import { Violation } from "./violation.ts";

/** One way in which a step may have gone, carried out on a state. */
export type Way = (state: State) => void;

type Found = { matched: number; difference: Difference & { seenBy: string } };

/** The judge of one schedule. */
export class Judge {
  /** The open sockets by the number of their connection in the model. */
  readonly lines = new Map<number, Line>();
  /** How often each rule was seen to hold. */
  readonly checked = new Map<string, number>();
  /** What the holes of messages have taken so far. */
  readonly bindings = new Bindings();
  /** How long a lost seat is kept, as the server last said. */
  graceMs: number;
  /** Connections that heard a summary in the present step. */
  readonly summarized = new Set<number>();
  /** Its summaries were true when they were sent; nobody knows when that was. */
  #catchingUp: Line | undefined;
  /** The summaries that each connection may have been sent since the step began. */
  readonly #summaries = new Map<number, Message[]>();
  /** The connections that may have been asked for a key frame since the step began. */
  readonly #mayBeAsked = new Set<number>();

  constructor(graceMs: number) {
    this.graceMs = graceMs;
  }

  /** A step begins. */
  begin(state: State): void {
    state.told = {};
    state.ended = {};
    this.#summaries.clear();
    this.#mayBeAsked.clear();
    this.summarized.clear();
    this.#catchingUp = undefined;
    this.allowSummaries(state);
  }

  /** A line reads what has waited for it. */
  readsOn(line: Line): void {
    this.#catchingUp = line;
  }

  /**
   * One of `ways` must explain what everybody heard; returns the state that it leads to. Throws
   * {@linkcode Violation}.
   */
  settle(before: State, ways: readonly Way[]): State {
    let best: Found | undefined;
    for (const way of ways) {
      const state = ways.length === 1 ? before : structuredClone(before);
      way(state);
      const found = this.differences(before, state);
      if (found === undefined) {
        this.allowSummaries(state);
        this.#judgeSummaries();
        this.#judgeKeyFrameRequests();
        this.#commit(state);
        return state;
      }
      if (best === undefined || found.matched > best.matched) best = found;
    }
    throw new Violation(best!.difference);
  }

  /** Where the lines differ from the model, and how much agrees; undefined where all does. */
  differences(before: State, state: State): Found | undefined {
    const bindings = new Bindings(this.bindings);
    let matched = 0;
    let difference: Found["difference"] | undefined;
    for (const [no, line] of this.lines) {
      if (line.fault !== undefined) throw line.fault;
      const code = state.ended[no];
      const isInRoom = isInRoomOf(before, no) || isInRoomOf(state, no);
      const expected = state.told[no] ?? [];
      const compared = compare(expected, line.heard, { bindings, isInRoom });
      matched += compared.matched.length;
      if (compared.difference !== undefined) {
        difference ??= { ...compared.difference, seenBy: line.name };
      } else if (line.end?.code !== code) {
        difference ??= {
          rule: "CO9",
          seenBy: line.name,
          expected: code === undefined ? "an open connection" : `the end with ${code}`,
          seen: line.end === undefined ? "none" : `the end with ${line.end.code}`,
        };
      }
    }
    return difference === undefined ? undefined : { matched, difference };
  }

  #commit(state: State): void {
    const { bindings } = this;
    for (const [no, line] of this.lines) {
      const expected = state.told[no] ?? [];
      const { matched } = compare(expected, line.heard, { bindings, isInRoom: true });
      for (const { rule } of matched) this.hold(rule);
      const granted = line.heard.find(({ resumeGraceMs }) => typeof resumeGraceMs === "number");
      if (granted !== undefined) this.graceMs = Number(granted.resumeGraceMs);
      line.heard = [];
      if (line.end !== undefined) this.lines.delete(no);
    }
    state.told = {};
    state.ended = {};
  }

  /** What a summary may say from now on, to each connection, and who may be asked for key frames. */
  allowSummaries({ users }: State): void {
    for (const { connection } of users) {
      if (connection?.stay === undefined || connection.stay.isWaiting) continue;
      const before = this.#summaries.get(connection.no) ?? [];
      this.#summaries.set(connection.no, [...before, summaryOf(connection.stay.room)]);
      if (isWanted(connection.stay)) this.#mayBeAsked.add(connection.no);
    }
  }

  /** A summary comes when it likes, but it is true (rules SS2, SS3). */
  #judgeSummaries(): void {
    for (const [no, line] of this.lines) {
      if (line === this.#catchingUp) line.summaries = [];
      const allowed = this.#summaries.get(no) ?? [];
      for (const summary of line.summaries.splice(0)) {
        const isTrue = allowed.some((one) => misfit(one, summary, new Bindings()) === undefined);
        if (isTrue) {
          this.summarized.add(no);
          this.hold("SS2");
        } else {
          const [expected, seen] = [allowed, summary].map((value) => JSON.stringify(value));
          const rule = allowed.length === 0 ? "OR2" : "SS2";
          throw new Violation({ rule, seenBy: line.name, expected: expected!, seen: seen! });
        }
      }
    }
  }

  /** A key frame is asked for when it is needed, but of nobody whose frames nobody wants (FR5). */
  #judgeKeyFrameRequests(): void {
    for (const [no, line] of this.lines) {
      const isAsked = line.keyFrameRequests > 0;
      line.keyFrameRequests = 0;
      if (!isAsked || line === this.#catchingUp) continue;
      if (!this.#mayBeAsked.has(no)) {
        const words = { expected: "no request of a key frame", seen: "relay-key-frame" };
        throw new Violation({ rule: "FR5", seenBy: line.name, ...words });
      }
      this.hold("FR5");
    }
  }

  /** A rule was seen to hold. */
  hold(rule: string): void {
    this.checked.set(rule, (this.checked.get(rule) ?? 0) + 1);
  }
}

function isInRoomOf({ users }: State, no: number): boolean {
  return users.some(({ connection }) =>
    connection?.no === no && connection.stay !== undefined && !connection.stay.isWaiting
  );
}
