/**
 * One WebSocket between a client and the server with the faults of a plan on it: a lane each way, and
 * what ends them both. `FaultProxy` makes one when the handshake is done.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Course, FaultPlan, FaultRule } from "./fault_plan.ts";
import { FaultyLane } from "./faulty_lane.ts";
import { fitsGlob } from "./glob.ts";
import { type ConnectionName, type Decision, Judge } from "./judge.ts";
import { type Ending, MessageFaults } from "./message_faults.ts";
import { closeConnection, isConnectionEnd } from "./tcp.ts";

/** What a connection works with. */
export type FaultyConnectionOptions = {
  readonly client: Deno.Conn;
  readonly server: Deno.Conn;
  /** What had come from each side beyond its handshake. */
  readonly first: Readonly<Record<Course, Uint8Array>>;
  readonly name: ConnectionName;
  /** Text frames of the server may hold several messages. */
  readonly isPacked: boolean;
  readonly plan: FaultPlan;
  readonly seed: number;
  readonly clock: Clock;
  /** Hears each decision before it takes effect. */
  readonly onDecision: (decision: Decision) => void;
  /** Everything stops. */
  readonly signal: AbortSignal;
};

/** A side that does not close after the other has is closed. */
const LINGER_MS = 2_000;

/** Carries a WebSocket. */
export class FaultyConnection {
  readonly #options: FaultyConnectionOptions;
  readonly #judges: Readonly<Record<Course, Judge>>;
  readonly #lanes: Readonly<Record<Course, FaultyLane>>;
  readonly #over = new AbortController();
  #ending: Ending | undefined;

  constructor(options: FaultyConnectionOptions) {
    this.#options = options;
    const { plan, seed, name } = options;
    const judgeOf = (direction: Course) => new Judge(plan, { seed, name, direction });
    this.#judges = { "to-server": judgeOf("to-server"), "to-client": judgeOf("to-client") };
    const { client, server } = options;
    this.#lanes = {
      "to-server": this.#lane("to-server", { from: client, to: server }),
      "to-client": this.#lane("to-client", { from: server, to: client }),
    };
  }

  /** Carries until both sides have ended. Never rejects: a side that breaks ends the other. */
  async run(): Promise<void> {
    const { client, server, signal, clock } = this.#options;
    const stop = () => this.#close();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const timers = this.#strikeOnTime();
    let cancelLinger = () => {};
    const carry = async (direction: Course) => {
      try {
        await this.#lanes[direction].run();
      } catch (error) {
        if (!isConnectionEnd(error)) throw error;
        // A side that breaks has nothing more to say; in a silent connection nobody hears of it.
        if (this.#ending !== "half-open") this.#close();
      }
      if (this.#ending === "stop-reading") this.#close();
      if (this.#ending === undefined) {
        cancelLinger();
        cancelLinger = clock.after(LINGER_MS, () => this.#close());
      }
    };
    await Promise.all([carry("to-server"), carry("to-client")]);
    cancelLinger();
    for (const cancel of timers) cancel();
    signal.removeEventListener("abort", stop);
    closeConnection(client);
    closeConnection(server);
  }

  #lane(direction: Course, ends: { from: Deno.Conn; to: Deno.Conn }): FaultyLane {
    const { first, name, isPacked, clock } = this.#options;
    return new FaultyLane({
      ...ends,
      first: first[direction],
      isMasked: direction === "to-server",
      faults: new MessageFaults(this.#judges[direction], {
        name,
        isPacked: isPacked && direction === "to-client",
      }),
      clock,
      baseDelayMs: () => this.#baseDelayMs(direction),
      bytesPerSecond: () => this.#bytesPerSecond(direction),
      onShipment: ({ decisions, ending }) => {
        for (const decision of decisions) this.#options.onDecision(decision);
        if (ending !== undefined) this.#end(ending, direction);
      },
      onCut: () => this.#close(),
      signal: this.#over.signal,
    });
  }

  /** How long what has no type takes longer: control frames, and the end. */
  #baseDelayMs(direction: Course): number {
    return this.#rulesOn(direction).reduce(
      (sum, rule) => rule.kind === "latency" && rule.type === undefined ? sum + rule.ms : sum,
      0,
    );
  }

  #bytesPerSecond(direction: Course): number | undefined {
    const rates = this.#rulesOn(direction).flatMap((rule) =>
      rule.kind === "bandwidth" ? [rule.bytesPerSecond] : []
    );
    return rates.length === 0 ? undefined : Math.min(...rates);
  }

  #rulesOn(direction: Course): FaultRule[] {
    const { plan, name } = this.#options;
    return plan.faults.filter((rule) => {
      const { direction: course = "both" } = rule as { direction?: string }; // One kind has none.
      const fits = course === "both" || course === direction;
      return fits && (rule.user === undefined || fitsGlob(rule.user, name.user ?? ""));
    });
  }

  /** A silence with a time comes at that time, also where nothing is said. */
  #strikeOnTime(): (() => void)[] {
    const { plan, clock, onDecision } = this.#options;
    return plan.faults.flatMap((rule, number) => {
      const isSilence = rule.kind === "half-open" ||
        (rule.kind === "stop-reading" && rule.forMs === undefined);
      if (!isSilence || rule.atMs === undefined) return [];
      return [clock.after(rule.atMs, () => {
        for (const direction of ["to-client", "to-server"] as const) {
          if (this.#ending !== undefined) return;
          const hit = this.#judges[direction].strike(number);
          if (hit === undefined) continue;
          onDecision(hit.decision);
          this.#end(rule.kind, direction);
        }
      })];
    });
  }

  #end(ending: Ending, direction: Course): void {
    this.#ending ??= ending;
    if (ending === "half-open") {
      for (const lane of Object.values(this.#lanes)) lane.silence();
    }
    if (ending === "stop-reading") this.#lanes[direction].stopReading();
  }

  /** Both sides lose their connection, without a word. */
  #close(): void {
    this.#over.abort();
    closeConnection(this.#options.client);
    closeConnection(this.#options.server);
  }
}
