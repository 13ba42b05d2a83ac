/**
 * The thread of one tester of several: runs its part of a simulation and says how far it is, until
 * it has an outcome. `Testers` starts and ends it.
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { systemClock } from "../../src/base/mod.ts";
import { readTarget } from "../target.ts";
import { contentsOf, type OutcomeContents } from "./outcome.ts";
import type { Part } from "./part.ts";
import type { Phase } from "./progress.ts";
import type { SimulationSettings } from "./settings.ts";
import { Simulation } from "./simulation.ts";

/** What the thread is told. */
export type ToTester =
  | {
    readonly type: "start";
    readonly settings: SimulationSettings;
    readonly url: string;
    readonly part: Part;
  }
  | { readonly type: "interrupt" };

/** What the thread says. */
export type FromTester =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly phases: readonly Phase[]; readonly received: number }
  | { readonly type: "outcome"; readonly outcome: OutcomeContents };

const PROGRESS_MS = 100;
const controller = new AbortController();

self.onmessage = ({ data }: MessageEvent<ToTester>) => {
  if (data.type === "interrupt") return controller.abort();
  return run(data);
};
say({ type: "ready" });

async function run({ settings, url, part }: ToTester & { type: "start" }): Promise<void> {
  const target = readTarget(url);
  const { signal } = controller;
  const simulation = new Simulation({ settings, target, part, signal, clock: systemClock });
  const stop = systemClock.every(PROGRESS_MS, () =>
    say({
      type: "progress",
      phases: simulation.progress.phases,
      received: simulation.run.received,
    }));
  try {
    await simulation.execute();
  } finally {
    stop();
  }
  say({ type: "outcome", outcome: contentsOf(simulation) });
}

function say(message: FromTester): void {
  self.postMessage(message);
}
