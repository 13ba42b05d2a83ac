/** Every state of a connection to the server, and what each event makes of it. */
import assert from "node:assert/strict";
import {
  CONNECT_MS,
  DISCONNECTED_MS,
  EXPECT_MS,
  FIRST_PAUSE_MS,
  HASTY_MS,
  LONGEST_PAUSE_MS,
  STABLE_MS,
  Upkeep,
} from "../../../../static/call/sfu/upkeep.ts";
import type { LinkState } from "../../../../static/call/transport.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

type Event = "began" | "lost" | "replaced" | "rest" | "network" | RTCPeerConnectionState;
const STATES: readonly LinkState[] = [
  ...(["waiting", "connecting", "connected", "interrupted", "failed"] as const),
];

/** What comes of each event, in the order of STATES; `!` where another connection is made at once. */
const table: [event: Event, expected: string][] = [
  ["began", "connecting connecting connected interrupted failed"],
  ["lost", "waiting! connecting! interrupted! interrupted! failed"],
  ["replaced", "waiting connecting interrupted interrupted failed"],
  ["rest", "waiting waiting waiting waiting waiting"],
  ["network", "waiting connecting connected interrupted! failed!"],
  ["connected", "connected connected connected connected connected"],
  ["disconnected", "waiting connecting interrupted interrupted failed"],
  ["failed", "waiting! connecting! interrupted! interrupted! failed"],
  ["connecting", "waiting connecting connected interrupted failed"],
  ["new", "waiting connecting connected interrupted failed"],
  ["closed", "waiting connecting connected interrupted failed"],
];

for (const [event, expected] of table) {
  Deno.test(`Upkeep, in every state: ${event}`, () => {
    const seen = STATES.map((state) => {
      const { upkeep, renewals } = inState(state);
      renewals.length = 0;
      tell(upkeep, event);
      const result = `${upkeep.state}${renewals.length > 0 ? "!" : ""}`;
      upkeep.close();
      return result;
    });

    assert.equal(seen.join(" "), expected);
  });
}

Deno.test("Upkeep gives a disconnection its time, and lets a short one pass", () => {
  const { clock, upkeep, renewals } = inState("connected");

  upkeep.moved("disconnected");
  clock.advance(DISCONNECTED_MS - 1);
  upkeep.moved("connected");
  clock.advance(CONNECT_MS);
  const short = renewals.length;
  upkeep.moved("disconnected");
  clock.advance(DISCONNECTED_MS);

  assert.deepEqual([short, renewals.length, upkeep.state], [0, 1, "interrupted"]);
  upkeep.close();
});

Deno.test("Upkeep waits for no disconnection soon after the network has changed", () => {
  const { clock, upkeep, renewals } = inState("connected");
  upkeep.networkChanged();
  clock.advance(HASTY_MS - 1);

  upkeep.moved("disconnected");

  assert.equal(renewals.length, 1);
  upkeep.close();
});

Deno.test("Upkeep tries again after growing pauses while every attempt is refused", () => {
  const { clock, upkeep, renewals } = inState("connected");

  for (let count = 0; count < 12; count++) {
    upkeep.lost();
    const before = renewals.length;
    while (renewals.length === before && count > 0) clock.advance(FIRST_PAUSE_MS);
  }

  const pauses = renewals.slice(1).map((at, index) => at - renewals[index]!);
  assert.deepEqual(pauses.slice(0, 4), [1, 2, 4, 8].map((factor) => factor * FIRST_PAUSE_MS));
  assert.ok(pauses.every((pause) => pause <= LONGEST_PAUSE_MS), `${pauses}`);
  assert.equal(upkeep.state, "failed");
  upkeep.close();
});

Deno.test("Upkeep gives every attempt its time to connect", () => {
  const { clock, upkeep, renewals } = inState("connecting");

  clock.advance(CONNECT_MS - 1);
  assert.equal(renewals.length, 0);
  clock.advance(1);
  assert.equal(renewals.length, 1);
  clock.advance(CONNECT_MS + FIRST_PAUSE_MS);

  assert.equal(renewals.length, 2);
  upkeep.close();
});

Deno.test("[SB5] Upkeep waits for the server's own offer, and asks for one when none comes", () => {
  const { clock, upkeep, renewals } = inState("connected");

  upkeep.replaced();
  clock.advance(EXPECT_MS - 1);
  assert.equal(renewals.length, 0);
  clock.advance(1);

  assert.equal(renewals.length, 1);
  upkeep.close();
});

Deno.test("[SB4] Upkeep.expect asks for what does not come, and leaves a pause as it is", () => {
  const { clock, upkeep, renewals } = inState("waiting");
  upkeep.expect();
  clock.advance(EXPECT_MS - 1);
  const before = renewals.length;
  clock.advance(1);
  const pausing = inState("failed");
  pausing.upkeep.expect();
  const { pending } = pausing.clock;

  assert.deepEqual([before, renewals.length, pending], [0, 1, 1]);
  upkeep.close();
  pausing.upkeep.close();
});

const lives: [ms: number, isPromptAgain: boolean][] = [[STABLE_MS, true], [STABLE_MS - 1, false]];
for (const [ms, isPromptAgain] of lives) {
  Deno.test(`Upkeep after a connection that lived ${ms} ms begins anew at once: ${isPromptAgain}`, () => {
    const { clock, upkeep, renewals } = inState("connected");
    upkeep.lost();
    upkeep.moved("connected");
    clock.advance(ms);
    renewals.length = 0;

    upkeep.lost();

    assert.equal(renewals.length === 1, isPromptAgain);
    upkeep.close();
  });
}

Deno.test("Upkeep.close stops the timers and hears nothing more", () => {
  const { clock, upkeep, renewals } = inState("interrupted");

  upkeep.close();
  upkeep.close();
  for (const event of ["lost", "replaced", "failed", "connected", "network", "began"] as const) {
    tell(upkeep, event);
  }
  clock.advance(LONGEST_PAUSE_MS);

  assert.deepEqual([renewals.length, upkeep.state, clock.pending], [0, "interrupted", 0]);
});

function tell(upkeep: Upkeep, event: Event): void {
  if (event === "began") upkeep.began();
  else if (event === "lost") upkeep.lost();
  else if (event === "replaced") upkeep.replaced();
  else if (event === "rest") upkeep.rest();
  else if (event === "network") upkeep.networkChanged();
  else upkeep.moved(event);
}

/** An upkeep that has come to a state, and when it made another connection since. */
function inState(state: LinkState) {
  const clock = new FakeClock();
  const renewals: number[] = [];
  const upkeep = new Upkeep({
    clock,
    renew: () => renewals.push(clock.elapsed()),
    changed: () => {},
  });
  if (state !== "waiting") upkeep.began();
  if (state === "connected" || state === "interrupted") upkeep.moved("connected");
  if (state === "interrupted") upkeep.moved("disconnected");
  while (state === "failed" && upkeep.state !== "failed") upkeep.lost();
  renewals.length = 0;
  assert.equal(upkeep.state, state);
  return { clock, upkeep, renewals };
}
