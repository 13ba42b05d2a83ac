/** What the reports of a receiver say of its path. */
import assert from "node:assert/strict";
import { Congestion, LEAST_FOR_LOSS, type Verdict } from "../../../src/media/sfu/congestion.ts";

const SENT = 1_000_000;
const calm: Verdict = { kind: "calm" };
const uneasy: Verdict = { kind: "uneasy" };

Deno.test("Congestion.judge wants no more before anything was heard", () => {
  assert.deepEqual(judge(new Congestion(), 5_000), uneasy);
});

/** Part of a thousand packets that was lost. */
const losses: [loss: number, verdict: Verdict][] = [
  [0, calm],
  [0.019, calm],
  [0.02, uneasy],
  [0.1, uneasy],
  [0.2, { kind: "congested", bitrate: 900_000 }],
  [1, { kind: "congested", bitrate: 500_000 }],
];
for (const [loss, verdict] of losses) {
  Deno.test(`Congestion.judge of ${loss} lost: ${verdict.kind}`, () => {
    const congestion = new Congestion();

    congestion.loss(loss, 1_000);

    assert.deepEqual(judge(congestion, 1_000), verdict);
  });
}

Deno.test("Congestion.judge weighs streams by their packets", () => {
  const congestion = new Congestion();
  congestion.loss(0.5, 10);
  congestion.loss(0, 990);

  assert.deepEqual(judge(congestion, 1_000), calm);
});

Deno.test("Congestion.judge waits for enough packets, and for a second between two judgements", () => {
  const congestion = new Congestion();
  congestion.loss(1, 5);
  assert.deepEqual(judge(congestion, 0), calm);
  congestion.loss(1, 15);
  assert.equal(judge(congestion, 100).kind, "congested");

  congestion.loss(0, 1_000);
  assert.equal(judge(congestion, 500).kind, "congested");
  assert.deepEqual(judge(congestion, 1_100), calm);
});

Deno.test("Congestion.judge goes no lower for loss than where it could not help", () => {
  const congestion = new Congestion();
  congestion.loss(0.9, 100);

  assert.deepEqual(
    congestion.judge({ atMs: 0, sent: 50_000, isTrial: false }),
    { kind: "congested", bitrate: LEAST_FOR_LOSS },
  );
});

Deno.test("Congestion.judge forgets loss after three seconds without reports", () => {
  const congestion = new Congestion();
  congestion.loss(0.05, 100);

  assert.deepEqual([0, 3_000, 3_001].map((at) => judge(congestion, at)), [uneasy, uneasy, calm]);
});

Deno.test("Congestion.judge of an estimate that lags behind and never fell: calm", () => {
  const congestion = new Congestion();
  congestion.receiverEstimate(300_000, 0);
  congestion.receiverEstimate(320_000, 1_000);
  congestion.roundTrip(40, 1_000);

  assert.deepEqual(judge(congestion, 1_000), calm);
});

/** An estimate that fell to 600 kbit/s, and what else is heard 500 ms later. */
const falls: [what: string, hear: (congestion: Congestion) => void, verdict: Verdict][] = [
  ["nothing", () => {}, uneasy],
  ["no delay", (congestion) => congestion.roundTrip(90, 500), uneasy],
  ["a delay", (congestion) => congestion.roundTrip(105, 500), {
    kind: "congested",
    bitrate: 600_000,
  }],
  ["loss", (congestion) => congestion.loss(0.03, 100), { kind: "congested", bitrate: 600_000 }],
  ["packets asked for again", (congestion) => congestion.nacked(10, 500), {
    kind: "congested",
    bitrate: 600_000,
  }],
  ["one packet asked for again", (congestion) => congestion.nacked(1, 500), uneasy],
  ["much loss", (congestion) => congestion.loss(1, 100), { kind: "congested", bitrate: 500_000 }],
  ["that it is up again", (congestion) => congestion.receiverEstimate(1_100_000, 500), calm],
];
for (const [what, hear, verdict] of falls) {
  Deno.test(`Congestion.judge of an estimate that fell, with ${what}: ${verdict.kind}`, () => {
    const congestion = fallen();

    hear(congestion);

    assert.deepEqual(judge(congestion, 500), verdict);
  });
}

Deno.test("Congestion.judge of a fall to more than is sent: calm", () => {
  const congestion = fallen();
  congestion.roundTrip(105, 500);

  assert.deepEqual(congestion.judge({ atMs: 500, sent: 500_000, isTrial: false }), calm);
});

Deno.test("Congestion.judge takes a fall that nothing agreed with for a burst after three seconds", () => {
  const congestion = fallen();

  assert.deepEqual(judge(congestion, 3_000), uneasy);
  assert.deepEqual(judge(congestion, 3_001), calm);
});

Deno.test("Congestion.judge believes a lasting fall where no round trip is known", () => {
  const congestion = new Congestion();
  congestion.receiverEstimate(1_400_000, 0);
  congestion.receiverEstimate(600_000, 0);

  assert.deepEqual([1_999, 2_000].map((at) => judge(congestion, at)), [
    uneasy,
    { kind: "congested", bitrate: 600_000 },
  ]);
});

/** Round trips that came each second after one of 40 ms. */
const delays: [roundTrips: number[], isTrial: boolean, verdict: Verdict["kind"]][] = [
  [[139], false, "calm"],
  [[140], false, "uneasy"],
  [[240], false, "uneasy"],
  [[240], true, "congested"],
  [[240, 240, 240], false, "uneasy"],
  [[240, 240, 240, 240], false, "congested"],
  [[240, 240, 230, 240], false, "uneasy"],
  [[240, 240, 240, 40], false, "calm"],
];
for (const [roundTrips, isTrial, kind] of delays) {
  Deno.test(`Congestion.judge of ${roundTrips} ms ${isTrial ? "in a trial" : ""}: ${kind}`, () => {
    const congestion = new Congestion();
    congestion.roundTrip(40, 0);
    let verdict: Verdict = calm;

    for (const [second, ms] of roundTrips.entries()) {
      congestion.roundTrip(ms, (second + 1) * 1_000);
      verdict = congestion.judge({ atMs: (second + 1) * 1_000, sent: SENT, isTrial });
    }

    assert.equal(verdict.kind, kind);
  });
}

Deno.test("Congestion.judge gets used to a longer path within a minute", () => {
  const congestion = new Congestion();
  congestion.roundTrip(40, 0);

  const kinds = [30, 45, 61].map((second) => {
    for (let n = 0; n < second; n++) congestion.roundTrip(160, second * 1_000);
    return judge(congestion, second * 1_000).kind;
  });

  assert.deepEqual(kinds, ["uneasy", "uneasy", "calm"]);
});

Deno.test("Congestion.forget leaves the shortest round trip, and nothing else", () => {
  const congestion = fallen();
  congestion.loss(0.5, 100);
  congestion.nacked(100, 400);
  congestion.roundTrip(400, 400);
  assert.equal(judge(congestion, 500).kind, "congested");

  congestion.forget();
  assert.deepEqual(judge(congestion, 500), calm);
  congestion.roundTrip(140, 600);
  assert.deepEqual(judge(congestion, 600), uneasy);
});

Deno.test("Congestion takes what is no number for nothing", () => {
  const congestion = new Congestion();
  for (const nonsense of [NaN, -1, Infinity]) {
    congestion.receiverEstimate(nonsense, 0);
    congestion.loss(nonsense, 100);
    congestion.loss(0.5, nonsense);
    congestion.roundTrip(nonsense, 0);
  }
  congestion.receiverEstimate(0, 0);

  assert.deepEqual(judge(congestion, 0), uneasy);
});

function fallen(): Congestion {
  const congestion = new Congestion();
  congestion.roundTrip(40, 0);
  congestion.receiverEstimate(1_400_000, 0);
  congestion.receiverEstimate(600_000, 0);
  return congestion;
}

function judge(congestion: Congestion, atMs: number): Verdict {
  return congestion.judge({ atMs, sent: SENT, isTrial: false });
}
