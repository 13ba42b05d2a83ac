/**
 * Takes the steps of a schedule against a real server and, beside it, in the model, and compares
 * what every connection heard after each. A step ends with a barrier: the sender's ping is answered,
 * then everybody else's, so whatever the step caused has arrived. Only what the network has to
 * notice by itself (a closed socket, an expired seat) is waited for.
 */
import type { Clock } from "../../src/base/mod.ts";
import { STATS_SUMMARY_PERIOD_MS } from "../../src/protocol/mod.ts";
import {
  connect,
  disconnect,
  expire,
  garble,
  newConnection,
  passOf,
  readOn,
  resume,
  strikeOut,
  STRIKES,
} from "../model/connections.ts";
import { tokenOf } from "../model/departures.ts";
import { show, shownFrame } from "../model/frames.ts";
import { interleavings } from "../model/interleavings.ts";
import { filled } from "../model/pattern.ts";
import type { Conditions } from "../model/fitting.ts";
import { plan, takesOver } from "../model/plan.ts";
import { carryOut } from "../model/requests.ts";
import { type Connection, newState, type State, userIdOf } from "../model/state.ts";
import { garbageOf, type RequestStep, type Step } from "../model/steps.ts";
import type { Target } from "../target.ts";
import { Barrier } from "./barrier.ts";
import { bytesOf } from "./frames.ts";
import { GhostHunt } from "./ghost_hunt.ts";
import { Judge, type Way } from "./judge.ts";
import { ANSWER_TIMEOUT_MS, Line, type Numbering } from "./line.ts";
import type { ServerView } from "./server_view.ts";
import { Inconclusive, Violation } from "./violation.ts";

/** What the place of the run allows. */
export type DriverConditions = {
  /** The server counts its connections, and nobody else is there. */
  readonly canCount: boolean;
  /** A grace time up to this is waited for. */
  readonly maxGraceMs: number;
};

/** What a driver is made with. */
export type DriverOptions = {
  readonly target: Target;
  readonly view: ServerView;
  readonly clock: Clock;
  readonly users: number;
  /** Ids of rooms that nobody else uses. */
  readonly roomIds: readonly string[];
  readonly conditions: DriverConditions;
  /** How long a lost seat is kept, until the server says otherwise. */
  readonly graceMs: number;
  /** How long the network may take to notice something. */
  readonly patienceMs: number;
  /** Wrong passcodes that may be tried. */
  readonly guesses: number;
};

/** Rooms that are asked for by code, beside the named ones. */
const CODE_SLOTS = 1;
/** A seat that has been lost for this share of its grace time is waited out before the next step. */
const SAFE_SHARE = 0.5;
/** Beyond this share of it, what a step saw proves nothing. */
const SURE_SHARE = 0.9;

/** One schedule's dealings with a server. */
export class Driver {
  /** What the model knows; replaced by the way things went. */
  state: State;
  readonly #options: DriverOptions;
  readonly #judge: Judge;
  readonly #ghosts: GhostHunt;
  readonly #numberings = new Map<string, Numbering>();
  readonly #lostAt = new Map<number, number>();
  readonly #pings: Barrier;
  /** Since when a seat has been lost that may expire during the present step. */
  #lostSince: number | undefined;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#judge = new Judge(options.graceMs);
    this.#pings = new Barrier(this.#judge.lines);
    this.#ghosts = new GhostHunt(options.view, options.clock);
    const { users, roomIds, guesses } = options;
    this.state = newState({ users, roomIds, codes: CODE_SLOTS, guesses });
  }

  /** How often each rule was seen to hold. */
  get checked(): ReadonlyMap<string, number> {
    return this.#judge.checked;
  }

  /** What is possible now. */
  get conditions(): Conditions {
    const { canCount, maxGraceMs } = this.#options.conditions;
    return { canCount, canExpire: this.#graceMs <= maxGraceMs };
  }

  /** Waits out seats that might expire during the next step. Rejects as {@linkcode take}. */
  async prepare(): Promise<void> {
    const since = this.#longestLost();
    const isSoon = (lostAt: number) =>
      this.#options.clock.elapsed() - lostAt > this.#graceMs * SAFE_SHARE;
    if (since !== undefined && isSoon(since)) await this.#judged(() => this.#grace());
  }

  /** Takes one possible step; rejects with {@linkcode Violation} or {@linkcode Inconclusive}. */
  async take(step: Step): Promise<void> {
    await this.#judged(() => this.#perform(step));
  }

  /** Everybody goes; then nothing may be left. Rejects as {@linkcode take}. */
  async finish(): Promise<void> {
    await this.#judged(async () => {
      await this.#reclaimLost();
      await this.#closeAll();
      const { users, roomIds, patienceMs } = this.#options;
      for (const roomId of roomIds) {
        await this.#ghosts.checkRoom(roomId, 0, patienceMs);
        this.#judge.hold("LE5");
      }
      const { guessesLeft: guesses } = this.state;
      this.state = newState({ users, roomIds, codes: CODE_SLOTS, guesses });
      await this.#counted(patienceMs);
    });
  }

  /** Looks at what is there before the first step: it is not of this schedule's making. */
  async start(): Promise<void> {
    if (this.#options.conditions.canCount) await this.#ghosts.begin();
  }

  /** Leaves with every connection, and waits for the seats that are kept; nothing is judged. */
  async abandon(): Promise<void> {
    if (this.#judge.lines.size === 0 && this.state.lost.length === 0) return;
    await this.#closeAll();
    if (this.#options.conditions.canCount) await this.#ghosts.untilEmpty(this.#graceMs * 1.5);
  }

  async #closeAll(): Promise<void> {
    const { lines } = this.#judge;
    await Promise.all([...lines.values()].map((line) => line.close()));
    lines.clear();
  }

  /** Runs `act`; what it finds counts only if no seat may have expired meanwhile. */
  async #judged(act: () => Promise<void>): Promise<void> {
    this.#lostSince = this.#longestLost();
    this.#judge.begin(this.state);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const lostMs = this.#options.clock.elapsed() - (this.#lostSince ?? Infinity);
      if (lostMs <= this.#graceMs * SURE_SHARE || Number.isNaN(lostMs)) throw error;
      throw new Inconclusive("A seat may have expired meanwhile", { cause: error });
    }
  }

  async #perform(step: Step): Promise<void> {
    switch (step.do) {
      case "grace":
        return await this.#grace();
      case "together":
        return await this.#request(step.steps);
      case "resume":
        return await this.#resume(step);
      case "close":
        return await this.#close(step);
      case "garbage":
      case "strikes":
        return await this.#garble(step);
      case "summary":
        return await this.#summary(step);
      case "show":
        return await this.#show(step);
      case "stall": {
        const connection = this.state.users[step.user]!.connection!;
        connection.isStalled = true;
        return this.#line(connection).stall();
      }
      case "read-on": {
        const connection = this.state.users[step.user]!.connection!;
        const line = this.#line(connection);
        line.readOn();
        this.#judge.readsOn(line);
        readOn(this.state, connection);
        return await this.#settleAll();
      }
      default:
        return await this.#request([step]);
    }
  }

  async #request(steps: readonly RequestStep[]): Promise<void> {
    for (const { user } of steps) await this.#connected(user);
    const sent = steps.map((step) => ({ user: step.user, request: plan(this.state, step) }));
    for (const { user, request } of sent) {
      await this.#line(this.state.users[user]!.connection!).send(
        filled(request, this.#judge.bindings),
      );
    }
    const answer = await this.#barrier(new Set(steps.map(({ user }) => user)));
    this.#settle(
      interleavings(sent, ({ user }) => user).map((order) => (state) => {
        for (const { user, request } of order) {
          carryOut(state, state.users[user]!.connection!, request);
        }
        answer(state);
      }),
    );
  }

  async #garble(step: Extract<Step, { do: "garbage" | "strikes" }>): Promise<void> {
    const connection = await this.#connected(step.user);
    const line = this.#line(connection);
    const garbage = garbageOf(step);
    if (step.do === "garbage") {
      await line.sendText(garbage.frame);
      garble(this.state, connection, garbage);
      return await this.#settleAll();
    }
    for (let n = 0; n < STRIKES; n++) await line.sendText(garbage.frame);
    await line.until(() => line.end !== undefined, ANSWER_TIMEOUT_MS);
    strikeOut(this.state, connection, garbage);
    await this.#settleAll();
  }

  /** Sends a frame; the others get it before the answers to their pings. */
  async #show(step: Extract<Step, { do: "show" }>): Promise<void> {
    const connection = await this.#connected(step.user);
    const number = this.state.next++;
    const frame = { ...shownFrame(step), number };
    this.#line(connection).sendFrame(bytesOf(frame));
    const answer = await this.#barrier(new Set([step.user]));
    this.#settle([(state) => {
      show(state, state.users[step.user]!.connection!, frame);
      answer(state);
    }]);
  }

  async #close({ user, how }: Extract<Step, { do: "close" }>): Promise<void> {
    const connection = this.state.users[user]!.connection!;
    const { stay, no } = connection;
    const line = this.#line(connection);
    if (stay !== undefined) this.#lostAt.set(stay.no, this.#options.clock.elapsed());
    if (how === "drop") await line.drop();
    else await line.close(how === "done" ? 1000 : 4000);
    this.#judge.lines.delete(no);
    disconnect(this.state, connection, how !== "done");
    await this.#settleInTime();
  }

  async #resume({ user, from }: Extract<Step, { do: "resume" }>): Promise<void> {
    const isTakeover = takesOver(this.state, user);
    const connection = isTakeover ? newConnection(this.state, user) : await this.#connected(user);
    if (isTakeover) await this.#open(connection);
    const line = this.#line(connection);
    const before = this.state.users[user]!.connection!;
    const resumeToken = filled(passOf(this.state, user), this.#judge.bindings);
    const numbering = this.#numberings.get(`${resumeToken}`);
    const last = (numbering?.next ?? 1) - 1;
    const lastSeq = { latest: last, behind: Math.max(0, last - 3), start: 0, beyond: BEYOND }[from];
    const requestId = this.state.next++;
    const request = { type: "resume", resumeToken, lastSeq, requestId };
    await line.resume(request, numbering);
    const isAnswered = () => line.heard.some((message) => message.requestId === requestId);
    await line.until(() => isAnswered() || line.end !== undefined, ANSWER_TIMEOUT_MS);
    const isSeated = resume(this.state, connection, request);
    if (isTakeover && isSeated) {
      const old = this.#line(before);
      await old.until(() => old.end !== undefined, this.#options.patienceMs);
    }
    await this.#settleAll();
    if (!isTakeover || isSeated) return;
    await line.close();
    this.#judge.lines.delete(line.no);
  }

  /** A report is summed up for everybody in the room, in the time of one period (rule SS2). */
  async #summary({ user, bitrateKbps }: Extract<Step, { do: "summary" }>): Promise<void> {
    await this.#request([{ do: "stats", user, bitrateKbps, asks: true, anyway: true }]);
    const members = this.state.users[user]!.connection!.stay!.room.members;
    for (const { connection } of members) {
      if (connection === undefined || connection.isStalled) continue;
      const line = this.#line(connection);
      const isThere = () => line.summaries.length > 0 || this.#judge.summarized.has(line.no);
      const maxMs = STATS_SUMMARY_PERIOD_MS + this.#options.patienceMs;
      if (await line.until(isThere, maxMs)) continue;
      const expected = "a stats-summary";
      throw new Violation({ rule: "SS2", seenBy: line.name, expected, seen: "nothing" });
    }
    await this.#settleAll();
  }

  /** Waits until every lost seat is given up (rule RE8). */
  async #grace(): Promise<void> {
    const { clock, patienceMs } = this.#options;
    const graceEndsAt = Math.max(...this.#lostTimes()) + this.#graceMs;
    while (this.state.lost.length > 0) {
      expire(this.state);
      this.#judge.allowSummaries(this.state);
    }
    this.#lostSince = undefined;
    const restMs = graceEndsAt - clock.elapsed();
    if (restMs > 0) await new Promise<void>((resolve) => clock.after(restMs, resolve));
    await this.#settleInTime(patienceMs + this.#graceMs / 2);
    // Seats that nobody saw go may take a little longer than those that somebody did.
    await this.#counted(patienceMs);
    for (const { id, room } of this.state.slots.slice(0, this.state.namedSlots)) {
      await this.#ghosts.checkRoom(`${id}`, room?.members.length ?? 0, patienceMs);
    }
  }

  /** Waits for what somebody is to hear of an end; where nobody is, for the server's own count. */
  async #settleInTime(patienceMs: number = this.#options.patienceMs): Promise<void> {
    const isToldOf = Object.values(this.state.told).some((told) => told.length > 0);
    if (isToldOf) {
      await this.#comes(
        () => this.#judge.differences(this.state, this.state) === undefined,
        patienceMs,
      );
    } else await this.#counted(patienceMs);
    this.#settle([() => {}]);
    await this.#settleAll();
  }

  async #counted(patienceMs: number): Promise<void> {
    if (!this.#options.conditions.canCount) return;
    await this.#ghosts.compare(this.state, this.#judge.lines.size, patienceMs);
  }

  #settle(ways: readonly Way[]): void {
    this.state = this.#judge.settle(this.state, ways);
  }

  get #graceMs(): number {
    return this.#judge.graceMs;
  }

  /** Everybody's ping is answered, and the model's effects so far are what everybody heard. */
  async #settleAll(): Promise<void> {
    const answer = await this.#barrier(new Set());
    this.#settle([answer]);
  }

  /** The senders' pings first, then the others'. Returns what the model has to know of it. */
  async #barrier(senders: ReadonlySet<number>): Promise<Way> {
    const live = this.state.users.flatMap(({ connection }) =>
      connection === undefined || connection.isStalled ? [] : [connection]
    );
    return await this.#pings.pass(live, senders);
  }

  async #comes(holds: () => boolean, patienceMs: number): Promise<void> {
    const { clock } = this.#options;
    const endAt = clock.elapsed() + patienceMs;
    while (!holds() && clock.elapsed() < endAt) {
      await new Promise<void>((resolve) => clock.after(1, resolve));
    }
  }

  /** Takes the lost seats again, and leaves them: nobody has to wait for their end. */
  async #reclaimLost(): Promise<void> {
    for (const stay of [...this.state.lost]) {
      const resumeToken = this.#judge.bindings.get(tokenOf(stay.no));
      const line = await this.#open(newConnection(this.state, stay.user));
      await line.send({ type: "resume", resumeToken, lastSeq: 0 });
      await line.send({ type: "leave" });
      await line.send({ type: "ping", at: 0 });
      await line.until(() => line.heard.some(({ type }) => type === "pong"), ANSWER_TIMEOUT_MS);
    }
  }

  async #connected(user: number): Promise<Connection> {
    const { connection } = this.state.users[user]!;
    if (connection !== undefined) return connection;
    const made = connect(this.state, user);
    await this.#open(made);
    return made;
  }

  async #open({ no, user }: Connection): Promise<Line> {
    const { target: { socketUrl: url }, clock } = this.#options;
    const numberings = this.#numberings;
    const line = await Line.open({ no, name: userIdOf(user), url, clock, numberings });
    this.#judge.lines.set(no, line);
    return line;
  }

  #line({ no }: Connection): Line {
    return this.#judge.lines.get(no)!; // Each connection of the model has its line.
  }

  #lostTimes(): number[] {
    return this.state.lost.map(({ no }) => this.#lostAt.get(no) ?? 0);
  }

  #longestLost(): number | undefined {
    return this.state.lost.length === 0 ? undefined : Math.min(...this.#lostTimes());
  }
}

/** A number that no server has sent. */
const BEYOND = Number.MAX_SAFE_INTEGER;
