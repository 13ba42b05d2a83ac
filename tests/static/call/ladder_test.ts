/** The ladder of a viewer: what it asks for and shows in every state, by what comes and by the time. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ASK_AGAIN_MS,
  CLIMB_MS,
  FIRST_MS,
  MIN_RETRY_MS,
  NEXT_MS,
  RETRY_MS,
  STALL_MS,
  TRIAL_MS,
  TURN_BACK_MS,
} from "../../../static/call/ladder.ts";
import { LOOK_MS, states, Viewer, went } from "../support/ladder_viewer.ts";

/** What can happen, by its name. */
const events: Record<string, (viewer: Viewer) => void> = {
  "media": (viewer) => viewer.pass(LOOK_MS, { media: true }),
  "long media": (viewer) => viewer.pass(CLIMB_MS + LOOK_MS, { media: true }),
  "frames": (viewer) => viewer.pass(LOOK_MS, { relay: true }),
  "silence": (viewer) => viewer.pass(STALL_MS, {}),
  "long silence": (viewer) => viewer.pass(TRIAL_MS + LOOK_MS, {}),
  "nobody shows": (viewer) => {
    viewer.see({ isExpected: false });
    viewer.pass(20_000, {});
  },
  "sleep": (viewer) => viewer.see({ at: viewer.seen.at + 60_000 - RETRY_MS / 2 }),
  "network": (viewer) => {
    viewer.ladder.networkChanged(viewer.seen.at);
    viewer.pass(LOOK_MS, {});
  },
  "no forwarding": (viewer) => {
    viewer.ladder.forwardingRefused();
    viewer.pass(LOOK_MS, {});
  },
  "no frames": (viewer) => {
    viewer.ladder.relayRefused(viewer.seen.at);
    viewer.pass(LOOK_MS, {});
  },
};

/** What is shown and asked for after each event in each state. */
const table: Record<string, Record<string, string>> = {
  "new": {
    "media": "media",
    "long media": "media",
    "frames": "media",
    "silence": "media",
    "long silence": "media forwarding",
    "nobody shows": "media",
    "sleep": "media",
    "network": "media",
    "no forwarding": "media",
    "no frames": "media",
  },
  "direct": {
    "media": "media",
    "long media": "media",
    "frames": "media",
    "silence": "media forwarding",
    "long silence": "media forwarding relay",
    "nobody shows": "media",
    "sleep": "media",
    "network": "media",
    "no forwarding": "media",
    "no frames": "media",
  },
  "asking": {
    "media": "media forwarding",
    "long media": "media forwarding",
    "frames": "media forwarding",
    "silence": "media forwarding",
    "long silence": "media forwarding relay",
    "nobody shows": "media forwarding",
    "sleep": "media forwarding",
    "network": "media forwarding",
    "no forwarding": "media relay",
    "no frames": "media forwarding",
  },
  "forwarded": {
    "media": "media forwarding",
    "long media": "media forwarding",
    "frames": "media forwarding",
    "silence": "media forwarding relay",
    "long silence": "media forwarding relay",
    "nobody shows": "media forwarding",
    "sleep": "media forwarding",
    "network": "media",
    "no forwarding": "media",
    "no frames": "media forwarding",
  },
  "in a large room": {
    "media": "media",
    "long media": "media",
    "frames": "media",
    "silence": "media relay",
    "long silence": "media relay",
    "nobody shows": "media",
    "sleep": "media",
    "network": "media",
    "no forwarding": "media",
    "no frames": "media",
  },
  "waiting for frames": {
    "media": "media forwarding relay",
    "long media": "media forwarding",
    "frames": "relay forwarding relay",
    "silence": "media forwarding relay",
    "long silence": "media forwarding relay",
    "nobody shows": "media forwarding relay",
    "sleep": "media forwarding relay",
    "network": "media relay",
    "no forwarding": "media relay",
    "no frames": "media forwarding",
  },
  "relayed": {
    "media": "relay forwarding relay",
    "long media": "media forwarding",
    "frames": "relay forwarding relay",
    "silence": "relay forwarding relay",
    "long silence": "relay forwarding relay",
    "nobody shows": "relay forwarding relay",
    "sleep": "relay forwarding relay",
    "network": "relay relay",
    "no forwarding": "relay relay",
    "no frames": "media forwarding",
  },
  "on trial": {
    "media": "media",
    "long media": "media",
    "frames": "media",
    "silence": "media",
    "long silence": "media forwarding",
    "nobody shows": "media",
    "sleep": "media",
    "network": "media",
    "no forwarding": "media",
    "no frames": "media",
  },
};

for (const [state, row] of Object.entries(table)) {
  for (const [event, wishes] of Object.entries(row)) {
    Deno.test(`[TO5, FR2] Ladder, ${state}, upon ${event}: ${wishes}`, () => {
      const viewer = states[state]!();

      events[event]!(viewer);

      assert.equal(viewer.wishes, wishes);
    });
  }
}

Deno.test("the table of the ladder has every state and every event", () => {
  assert.deepEqual(Object.keys(table), Object.keys(states));
  for (const row of Object.values(table)) assert.deepEqual(Object.keys(row), Object.keys(events));
});

Deno.test("Ladder is on the socket within ten seconds where nothing else comes", () => {
  const viewer = new Viewer();

  viewer.pass(8_000, { relay: true });

  assert.deepEqual([viewer.advice.rung, viewer.advice.why], ["relay", "no-media-path"]);
});

Deno.test("Ladder is on the socket within six seconds when everything stalls", () => {
  const viewer = states.direct!();

  viewer.pass(STALL_MS + NEXT_MS + 2 * LOOK_MS, { relay: true });

  assert.equal(viewer.advice.rung, "relay");
});

Deno.test("Ladder falls to the socket where the server never turns the room", () => {
  const viewer = new Viewer();
  viewer.isFollowed = false;

  viewer.pass(FIRST_MS + NEXT_MS + LOOK_MS, { relay: true });

  assert.equal(viewer.wishes, "relay forwarding relay");
});

for (
  const [name, forced, expected] of [
    ["p2p", "p2p", "media"],
    ["turn", "turn", "media"],
    ["sfu", "sfu", "media forwarding"],
    ["relay", "relay", "relay relay"],
  ] as const
) {
  Deno.test(`Ladder that is forced to ${name} stays there, whatever comes`, () => {
    const viewer = new Viewer(forced);

    for (const event of Object.values(events).slice(0, 8)) event(viewer);
    viewer.pass(2 * RETRY_MS, {});

    assert.equal(viewer.wishes, expected);
    assert.equal(viewer.advice.why, "forced");
    assert.equal(viewer.changes.length, 1);
  });
}

for (
  const [isTurn, topology, rung, why] of [
    [false, "mesh", "p2p", undefined],
    [true, "mesh", "turn", "no-direct-path"],
    [false, "sfu", "sfu", "others-need-it"],
  ] as const
) {
  Deno.test(`Ladder names the rung ${rung}, and why it is that`, () => {
    const viewer = new Viewer(undefined, { isTurn, topology });
    viewer.isFollowed = false;

    viewer.pass(1_000, { media: true });

    assert.deepEqual([viewer.advice.rung, viewer.advice.why], [rung, why]);
  });
}

Deno.test("Ladder names a large room as the reason for the server's way", () => {
  assert.equal(states["in a large room"]!().advice.why, "room-is-large");
});

Deno.test("Ladder is on no rung while nothing comes", () => {
  const viewer = states.direct!();

  assert.equal(viewer.advice.rung, "p2p");
  assert.equal(viewer.pass(STALL_MS).rung, undefined);
});

Deno.test("[TO5] Ladder tries the direct way after a minute, then after twice as long", () => {
  const viewer = went(new Viewer(), [FIRST_MS, {}]);
  const starts: number[] = [];

  for (let n = 0; n < 4; n++) {
    const from = viewer.seen.at;
    while (viewer.advice.wantsForwarding) viewer.pass(LOOK_MS, { media: true });
    starts.push(Math.round((viewer.seen.at - from) / 1_000));
    viewer.pass(TRIAL_MS + LOOK_MS, {});
    assert.ok(viewer.advice.wantsForwarding, "the trial was in vain");
  }

  assert.deepEqual(starts, [60, 120, 240, 480]);
});

Deno.test("[TO5] Ladder stays on the direct way where its trial bears", () => {
  const viewer = states["on trial"]!();

  viewer.pass(5 * RETRY_MS, { media: true });

  assert.equal(viewer.wishes, "media");
  assert.deepEqual([viewer.advice.rung, viewer.advice.why], ["p2p", undefined]);
});

Deno.test("[TO4] Ladder wants forwarding again before what was above it is gone", () => {
  const viewer = states.forwarded!();
  viewer.ladder.networkChanged(viewer.seen.at);
  viewer.pass(LOOK_MS, { media: true });
  const from = viewer.seen.at;

  while (!viewer.advice.wantsForwarding) viewer.pass(LOOK_MS, {});

  assert.ok(viewer.seen.at - from < 10_000, `${viewer.seen.at - from} ms`);
});

Deno.test("[TO5] Ladder lets a room be that goes through the server for others", () => {
  const viewer = states.forwarded!();
  viewer.isFollowed = false;
  viewer.ladder.networkChanged(viewer.seen.at);

  viewer.pass(TURN_BACK_MS + LOOK_MS, { media: true });

  assert.equal(viewer.wishes, "media");
  assert.deepEqual([viewer.advice.rung, viewer.advice.why], ["sfu", "others-need-it"]);
});

Deno.test("Ladder tries the direct way no more often than its bound, however the network changes", () => {
  const viewer = states.forwarded!();

  for (let n = 0; n < 200; n++) {
    viewer.ladder.networkChanged(viewer.seen.at);
    viewer.pass(LOOK_MS, { media: viewer.advice.wantsForwarding });
  }

  const trials = viewer.changes.filter(({ forwarding }) => !forwarding).slice(1);
  for (const [n, { at }] of trials.slice(1).entries()) {
    assert.ok(at - trials[n]!.at >= MIN_RETRY_MS);
  }
});

Deno.test("[FR3] Ladder asks a broadcaster that refused again, after a while", () => {
  const viewer = states["waiting for frames"]!();
  viewer.ladder.relayRefused(viewer.seen.at);

  viewer.pass(ASK_AGAIN_MS - LOOK_MS, {});
  const before = viewer.advice.wantsRelay;
  viewer.pass(2 * LOOK_MS, {});

  assert.deepEqual([before, viewer.advice.wantsRelay], [false, true]);
});

Deno.test("Ladder climbs later each time that a return did not last", () => {
  const viewer = states.relayed!();
  const waits: number[] = [];

  for (let n = 0; n < 4; n++) {
    const from = viewer.seen.at;
    while (viewer.advice.wantsRelay) viewer.pass(LOOK_MS, { media: true, relay: true });
    waits.push(Math.floor((viewer.seen.at - from) / 1_000));
    while (viewer.advice.shown === "media") viewer.pass(LOOK_MS, { relay: true });
  }

  assert.deepEqual(waits, [2, 4, 8, 16]);
});

/** One stretch of time, and what comes in it. */
const stretch = fc.record({
  ms: fc.integer({ min: LOOK_MS, max: 20_000 }),
  media: fc.boolean(),
  relay: fc.boolean(),
  isTurn: fc.boolean(),
  isLarge: fc.boolean(),
  isExpected: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  isFollowed: fc.boolean(),
  happens: fc.constantFrom("network", "nothing", "no frames"),
});

Deno.test("Ladder never turns faster than its hysteresis, and shows nothing that does not come", () => {
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 40 }), (stretches) => {
      const viewer = new Viewer();
      let [network, refused] = [0, 0];
      for (const { ms, media, relay, happens, isFollowed, ...seen } of stretches) {
        if (happens === "network") network += 1;
        if (happens === "no frames") refused += 1;
        if (happens === "network") viewer.ladder.networkChanged(viewer.seen.at);
        if (happens === "no frames") viewer.ladder.relayRefused(viewer.seen.at);
        viewer.isFollowed = isFollowed;
        viewer.seen = { ...viewer.seen, ...seen };
        viewer.pass(ms, { media, relay });
      }
      const { changes } = viewer;
      const climbs = changes.filter(({ shown }, n) =>
        shown === "media" && changes[n - 1]?.shown === "relay"
      );
      for (const [n, climb] of climbs.slice(1).entries()) {
        const apart = climb.at - climbs[n]!.at;
        assert.ok(refused > 0 || apart >= CLIMB_MS + STALL_MS, `climbs ${apart} ms apart`);
      }
      const trials = changes.filter(({ forwarding }, n) =>
        !forwarding && changes[n - 1]?.forwarding
      );
      const longMs = viewer.seen.at;
      assert.ok(trials.length <= network + longMs / RETRY_MS, `${trials.length} trials`);
      for (const { shown, relay } of changes) assert.ok(shown === "media" || relay);
    }),
    { numRuns: 500 },
  );
});

Deno.test("Ladder finds the best way that bears, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(states)),
      fc.array(stretch, { maxLength: 12 }),
      (state, stretches) => {
        const viewer = states[state]!();
        for (const { ms, media, relay } of stretches) viewer.pass(ms, { media, relay });
        const isRelay = viewer.pass(30_000, { relay: true }).rung === "relay";

        viewer.pass(70_000, { media: true, relay: true });

        assert.ok(isRelay, "nothing else came");
        assert.notEqual(viewer.advice.rung, "relay");
        assert.equal(viewer.advice.wantsRelay, false);
      },
    ),
    { numRuns: 300 },
  );
});
