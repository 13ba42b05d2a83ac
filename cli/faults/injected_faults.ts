/**
 * The faults of a simulation: a proxy of its own in front of the server, and a ledger of what was done
 * to whom, so that the run does not blame the server for a fault that was injected. The simulation
 * starts one where faults are asked for; each user connects through it by a path of its own.
 */
import type { Clock } from "../../src/base/mod.ts";
import { counted } from "../report/words.ts";
import { ALTERING, ENDING, type FaultKind, type FaultPlan } from "./fault_plan.ts";
import { FaultProxy } from "./fault_proxy.ts";
import type { Decision } from "./judge.ts";

/** What it is started with. */
export type InjectedFaultsOptions = {
  readonly plan: FaultPlan;
  readonly seed: number;
  /** The server's WebSocket. */
  readonly socketUrl: string;
  readonly clock: Clock;
  /** Hears each decision; default: nobody. */
  readonly onDecision?: (decision: Decision) => void;
};

/** Of one user's connection, which fault ended or silenced it. */
type Watch = { readonly after: number; readonly onSilence: () => void; isEnded: boolean };

/** A sentence names this many faults at most. */
const MAX_NAMED = 3;

/** The proxy of a run, and its ledger. */
export class InjectedFaults {
  readonly #proxy: FaultProxy;
  readonly #socketUrl: URL;
  readonly #onDecision: (decision: Decision) => void;
  readonly #counts = new Map<FaultKind, number>();
  readonly #watches = new Map<string, Watch>();
  readonly #altered = new Map<string, string[]>();
  readonly #ended = new Set<string>();

  private constructor(options: InjectedFaultsOptions) {
    const { plan, seed, socketUrl, clock } = options;
    this.#socketUrl = new URL(socketUrl);
    this.#onDecision = options.onDecision ?? (() => {});
    this.#proxy = FaultProxy.listen({
      hostname: "127.0.0.1",
      port: 0,
      target: new URL(this.#socketUrl.origin.replace(/^ws/, "http")),
      plan,
      seed: plan.seed ?? seed,
      clock,
      onDecision: (decision) => this.#note(decision),
      isUserInPath: true,
    });
  }

  /** Starts the proxy. */
  static start(options: InjectedFaultsOptions): InjectedFaults {
    return new InjectedFaults(options);
  }

  /** Where `userId` connects. */
  urlFor(userId: string): string {
    const { pathname, search } = this.#socketUrl;
    return `ws://${this.#proxy.address}${FaultProxy.pathFor(userId, pathname)}${search}`;
  }

  /** `userId` is about to connect; `onSilence` is called when a fault silences that connection. */
  watch(userId: string, onSilence: () => void): void {
    const after = this.#proxy.connectionsOf(userId);
    this.#watches.set(userId, { after, onSilence, isEnded: false });
  }

  /** Whether a fault has ended the present connection of `userId`, or silenced it. */
  hasEnded(userId: string): boolean {
    return this.#watches.get(userId)?.isEnded ?? false;
  }

  /** What to say beside a finding of `userId`: which faults the verifier may have found there. */
  remarkFor(userId: string): string {
    const own = this.#altered.get(userId);
    if (own !== undefined) return ` (injected on this connection: ${named(own)})`;
    const others = [...this.#altered.keys()];
    return others.length === 0 ? "" : ` (injected on the connection of ${named(others)})`;
  }

  /** What was done, in a sentence; undefined: nothing. */
  get summary(): string | undefined {
    const hits = [...this.#counts].map(([kind, count]) => `${count} ${kind}`);
    if (hits.length === 0) return undefined;
    const lost = this.#ended.size === 0
      ? ""
      : `; ${counted(this.#ended.size, "user")} lost a connection to them and count as dropped`;
    return `Faults injected: ${hits.join(", ")}${lost}`;
  }

  /** Ends the proxy and every connection through it. */
  close(): Promise<void> {
    return this.#proxy.close();
  }

  #note(decision: Decision): void {
    const { user, fault, type, index, direction, connection } = decision;
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
    this.#onDecision(decision);
    if (ALTERING.includes(fault)) {
      const words = `${fault} of ${type} ${direction}, message ${index}`;
      this.#altered.set(user, [...this.#altered.get(user) ?? [], words]);
    }
    const watch = this.#watches.get(user);
    // Stopping for a while delays, and ends nothing by itself; but the server may lose its patience.
    if (!ENDING.includes(fault) || watch === undefined || connection <= watch.after) return;
    watch.isEnded = true;
    if (decision.ms !== undefined) return;
    this.#ended.add(user);
    if (fault !== "cut") watch.onSilence();
  }
}

function named(list: readonly string[]): string {
  const more = list.length - MAX_NAMED;
  const shown = list.slice(0, MAX_NAMED).join("; ");
  return more > 0 ? `${shown}; and ${more} more` : shown;
}
