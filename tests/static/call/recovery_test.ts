/** Every state of a link, and what each event makes of it. */
import assert from "node:assert/strict";
import {
  CONNECT_MS,
  DISCONNECTED_MS,
  LONGEST_PAUSE_MS,
  POLITE_FACTOR,
  Recovery,
  RESTART_MS,
} from "../../../static/call/recovery.ts";
import type { LinkState } from "../../../static/call/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";

type Event = "described" | "adopted" | "network" | RTCPeerConnectionState;
const STATES: readonly LinkState[] = [
  ...(["waiting", "connecting", "connected", "interrupted", "failed"] as const),
];

/** What comes of each event, in the order of STATES; `!` where ICE is restarted at once. */
const table: [event: Event, expected: string][] = [
  ["described", "connecting connecting connected interrupted failed"],
  ["adopted", "waiting connecting interrupted interrupted failed"],
  ["network", "waiting! connecting! connected! interrupted! interrupted!"],
  ["connected", "connected connected connected connected connected"],
  ["disconnected", "waiting connecting interrupted interrupted failed"],
  ["failed", "waiting! connecting! interrupted! interrupted! failed!"],
  ["connecting", "waiting connecting connected interrupted failed"],
  ["new", "waiting connecting connected interrupted failed"],
  ["closed", "waiting connecting connected interrupted failed"],
];

for (const [event, expected] of table) {
  Deno.test(`Recovery, in every state: ${event}`, () => {
    const seen = STATES.map((state) => {
      const { recovery, log } = inState(state);
      log.length = 0;
      tell(recovery, event);
      const result = `${recovery.state}${log.includes("restart") ? "!" : ""}`;
      recovery.close();
      return result;
    });

    assert.equal(seen.join(" "), expected);
  });
}

Deno.test("Recovery restarts ICE once a disconnection has lasted", () => {
  const { clock, recovery, log } = inState("connected");

  recovery.moved("disconnected");
  clock.advance(DISCONNECTED_MS - 1);
  assert.deepEqual(log, []);
  clock.advance(1);

  assert.deepEqual(log, ["restart"]);
  recovery.close();
});

Deno.test("Recovery lets a short disconnection pass", () => {
  const { clock, recovery, log } = inState("connected");

  recovery.moved("disconnected");
  clock.advance(DISCONNECTED_MS - 1);
  recovery.moved("connected");
  clock.advance(LONGEST_PAUSE_MS);

  assert.deepEqual([log, recovery.state, clock.pending], [[], "connected", 0]);
});

for (const isPolite of [false, true]) {
  const factor = isPolite ? POLITE_FACTOR : 1;
  Deno.test(`Recovery replaces the connection after growing pauses, polite: ${isPolite}`, () => {
    const { clock, recovery, log } = inState("connected", isPolite);
    recovery.moved("failed");
    log.length = 0;

    const times: number[] = [];
    for (let count = 1; count <= 5; count++) {
      while (log.length < count) clock.advance(500);
      times.push(clock.elapsed() / factor);
    }

    assert.deepEqual(times.map((time, index) => time - (times[index - 1] ?? 0)), [
      ...[RESTART_MS, 2 * RESTART_MS, 4 * RESTART_MS, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS],
    ]);
    assert.deepEqual([new Set(log), recovery.state], [new Set(["replace"]), "failed"]);
    recovery.close();
  });
}

Deno.test("Recovery gives a first connection longer than a restart", () => {
  const { clock, recovery, log } = inState("connecting");

  clock.advance(CONNECT_MS - 1);
  assert.deepEqual(log, []);
  clock.advance(1);

  assert.deepEqual([log, recovery.state], [["replace"], "connecting"]);
  recovery.close();
});

Deno.test("Recovery begins with short pauses again after a success and on another network", () => {
  for (const event of ["connected", "network"] as const) {
    const { clock, recovery, log } = inState("failed");
    tell(recovery, event);
    recovery.moved("failed");
    log.length = 0;

    clock.advance(RESTART_MS);

    assert.deepEqual(log, ["replace"], event);
    recovery.close();
  }
});

Deno.test("Recovery.close stops the timers and hears nothing more", () => {
  const { clock, recovery, log } = inState("interrupted");
  log.length = 0;

  recovery.close();
  recovery.close();
  for (const event of ["failed", "disconnected", "connected", "network"] as const) {
    tell(recovery, event);
  }
  clock.advance(LONGEST_PAUSE_MS);

  assert.deepEqual([log, recovery.state, clock.pending], [[], "interrupted", 0]);
});

function tell(recovery: Recovery, event: Event): void {
  if (event === "described") recovery.described();
  else if (event === "adopted") recovery.adopted();
  else if (event === "network") recovery.networkChanged();
  else recovery.moved(event);
}

/** A recovery that has come to a state, and what it did since. */
function inState(state: LinkState, isPolite = false) {
  const clock = new FakeClock();
  const log: string[] = [];
  const recovery = new Recovery({
    clock,
    isPolite,
    restart: () => log.push("restart"),
    replace: () => log.push("replace"),
    changed: () => {},
  });
  if (state !== "waiting") recovery.described();
  if (state === "connected" || state === "interrupted") recovery.moved("connected");
  if (state === "interrupted") recovery.moved("failed");
  if (state === "failed") { while (recovery.state !== "failed") clock.advance(RESTART_MS); }
  if (state === "interrupted") log.length = 0;
  assert.equal(recovery.state, state);
  return { clock, recovery, log };
}
