/** The display of a run: in place on a terminal, plain lines elsewhere. */
import assert from "node:assert/strict";
import { LiveDisplay } from "../../../cli/report/live_display.ts";
import { Simulation } from "../../../cli/scenarios/simulation.ts";
import { readTarget } from "../../../cli/target.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { verifiedReport } from "../../support/simulation_reports.ts";

Deno.test("LiveDisplay writes one line for each phase that ends, without a terminal", () => {
  const { clock, simulation, display, written } = setUp(false);
  display.start();
  Object.assign(simulation.progress.phase("connect"), { state: "done", total: 5, done: 5, ms: 15 });

  clock.advance(1_000);
  display.stop();

  assert.equal(written(), "Connect done 5/5 15 ms\n");
  assert.equal(clock.pending, 0);
});

Deno.test("LiveDisplay gives signs of life in a long phase, without a terminal", () => {
  const { clock, simulation, display, written } = setUp(false);
  display.start();
  Object.assign(simulation.progress.phase("join"), {
    state: "running",
    total: 5,
    done: 3,
    note: "user-1 waits",
  });

  clock.advance(11_000);
  display.stop();

  assert.equal(written().split("\n").filter((line) => line.startsWith("Join running")).length, 2);
  assert.match(written(), /user-1 waits/);
});

Deno.test("LiveDisplay draws in place on a terminal and gives the cursor back", () => {
  const { clock, simulation, display, written } = setUp(true);
  display.start();
  Object.assign(simulation.progress.phase("chat"), { state: "running", total: 10, done: 5 });

  clock.advance(100);
  display.stop();

  assert.ok(written().startsWith("\x1b[?25l"));
  assert.ok(written().includes("\x1b[6A"));
  assert.match(written(), /Chat .*█.*░.* 5\/10/);
  assert.ok(written().endsWith("\x1b[?25h\n"));
});

function setUp(isTty: boolean) {
  const clock = new FakeClock();
  const settings = { rate: undefined, durationMs: undefined, ...verifiedReport.settings };
  const { signal } = new AbortController();
  const target = readTarget("ws://127.0.0.1:9");
  const simulation = new Simulation({ settings, target, clock, signal });
  let text = "";
  const stream = makeStream((more) => text += more, { isTty, hasColour: false });
  return {
    clock,
    simulation,
    display: new LiveDisplay(simulation, stream, clock),
    written: () => text,
  };
}
