/** Sums that do not go down while streams come and go. */
import assert from "node:assert/strict";
import { CounterSums } from "../../../src/media/child/counter_sums.ts";
import type { MediaRoomStats, StreamCounters } from "../../../src/media/port.ts";
import type { UserId } from "../../../src/protocol/mod.ts";

const ANN = "ann" as UserId; // A good user id.
const BOB = "bob" as UserId; // A good user id.

function counters(packets: number, lost = 0): StreamCounters {
  return { packets, bytes: packets * 100, lost, nacks: packets, plis: 0, retransmitted: 0 };
}

/** Ann's camera with as many packets a layer, and what Bob got of it. */
function stats(layers: Record<string, number>, sent?: number, lost = 0): MediaRoomStats {
  return {
    publications: [{
      userId: ANN,
      trackId: "1",
      source: "camera",
      codec: "VP8",
      layers: Object.entries(layers).map(([rid, packets]) => ({
        ...{ rid, bitrateKbps: 1, width: 2, height: 3, ...counters(packets, lost) },
      })),
    }],
    subscriptions: sent === undefined ? [] : [{
      ...{ userId: BOB, from: ANN, trackId: "1", source: "camera", rid: "h", height: 3 },
      ...{ isPaused: false, bitrateKbps: 1, roundTripMs: 1 },
      ...counters(sent),
    }],
    estimates: [],
  };
}

Deno.test("CounterSums adds up what streams have grown by", () => {
  const sums = new CounterSums();

  sums.look(1, stats({ l: 10, h: 20 }, 5));
  sums.look(1, stats({ l: 15, h: 20 }, 9));

  assert.deepEqual(sums.received, counters(35));
  assert.deepEqual(sums.sent, counters(9));
});

Deno.test("CounterSums keeps what streams counted that are gone", () => {
  const sums = new CounterSums();

  sums.look(1, stats({ l: 10 }, 5));
  sums.look(1, { publications: [], subscriptions: [], estimates: [] });
  sums.look(1, stats({ l: 3 }, 2));
  sums.forget(1);
  sums.look(1, stats({ l: 4 }));

  assert.deepEqual([sums.received.packets, sums.sent.packets], [17, 7]);
});

Deno.test("CounterSums takes a stream that counts less for another", () => {
  const sums = new CounterSums();

  sums.look(1, stats({ l: 10 }));
  sums.look(1, stats({ l: 4 }));

  assert.deepEqual(sums.received, counters(14));
});

Deno.test("CounterSums does not go down when what was lost is found", () => {
  const sums = new CounterSums();

  sums.look(1, stats({ l: 10 }, undefined, 3));
  sums.look(1, stats({ l: 11 }, undefined, 1));

  assert.deepEqual([sums.received.lost, sums.received.packets], [3, 11]);
});

Deno.test("CounterSums keeps rooms apart", () => {
  const sums = new CounterSums();

  sums.look(1, stats({ l: 10 }));
  sums.look(2, stats({ l: 10 }));

  assert.equal(sums.received.packets, 20);
});
