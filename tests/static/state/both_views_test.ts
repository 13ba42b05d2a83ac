/** Streams as browser and server count them, side by side. */
import assert from "node:assert/strict";
import { receivedViews, sentViews } from "../../../static/state/both_views.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import type { Counters } from "../../../static/state/server_counters.ts";
import { report, stream } from "../support/fake_call.ts";

const bob = parseUserId("bob")!;
const eve = parseUserId("eve")!;
const some = { packets: 10, bytes: 1_000, lost: 1, nacks: 2, plis: 3, retransmitted: 4 };
const more = { packets: 5, bytes: 500, lost: 0, nacks: 1, plis: 0, retransmitted: 0 };

/** Of ours a camera in two sizes; of bob's a camera and a voice, of eve's a paused camera. */
const counters: Counters = {
  published: [{
    ...{ trackId: "1", source: "camera", codec: "VP8" },
    layers: [
      { rid: "h", bitrateKbps: 0, width: 1280, height: 720, ...more },
      { rid: "q", bitrateKbps: 90, width: 320, height: 180, ...some },
    ],
  }],
  received: [
    received({ trackId: "2", source: "microphone", bitrateKbps: 30 }),
    received({ trackId: "3", source: "camera", rid: "h", height: 360, bitrateKbps: 400 }),
    received({ trackId: "4", source: "camera", userId: eve, paused: true }),
  ],
  estimateKbps: 900,
};

Deno.test("[MS1] sentViews puts what comes to the server beside what was sent", () => {
  const camera = stream({ slot: "camera", kbps: 95, height: 180, counters: more });

  assert.deepEqual(sentViews(report({ sent: [stream(), camera] }), counters), [{
    slot: "camera",
    browser: { kbps: 95, height: 180, ...more },
    server: {
      ...{ kbps: 90, height: 180, packets: 15, bytes: 1_500, lost: 1, nacks: 3, plis: 3 },
      retransmitted: 4,
    },
    isPaused: false,
  }]);
});

Deno.test("[MS1] receivedViews shows the streams of one, pictures first", () => {
  const voice = stream({ kbps: 29, counters: some });

  const views = receivedViews(bob, report({ received: [voice] }), counters);

  assert.deepEqual(views, [
    {
      slot: "camera",
      browser: undefined,
      server: { kbps: 400, height: 360, rid: "h", ...some },
      isPaused: false,
    },
    {
      slot: "microphone",
      browser: { kbps: 29, ...some },
      server: { kbps: 30, ...some },
      isPaused: false,
    },
  ]);
  const [paused] = receivedViews(eve, undefined, counters);
  assert.deepEqual([paused?.isPaused, paused?.browser], [true, undefined]);
});

Deno.test("receivedViews takes the later of two tracks of a slot, and none of an unknown source", () => {
  const received = [
    ...counters.received,
    { ...counters.received[1]!, trackId: "9", bitrateKbps: 7 },
    { ...counters.received[1]!, trackId: "10", source: "smell" as "camera" }, // A newer server's.
  ];

  const views = receivedViews(bob, undefined, { ...counters, received });

  assert.deepEqual(views.map(({ slot, server }) => [slot, server?.kbps]), [
    ...[["camera", 7], ["microphone", 30]],
  ]);
});

Deno.test("sentViews and receivedViews have nothing to show where the server counts nothing", () => {
  const camera = stream({ slot: "camera", counters: some });

  assert.deepEqual(sentViews(report({ sent: [camera] }), undefined), []);
  assert.deepEqual(receivedViews(bob, report({ received: [camera] }), undefined), []);
});

function received(
  more: Partial<Counters["received"][number]>,
): Counters["received"][number] {
  return {
    ...{ trackId: "0", userId: bob, source: "camera", rid: "", height: 0, paused: false },
    ...{ bitrateKbps: 0, roundTripMs: 0, ...some },
    ...more,
  };
}
