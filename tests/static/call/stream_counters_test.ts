/** What a browser has counted, under the names of the server. */
import assert from "node:assert/strict";
import { Entry } from "../../../static/call/stats_entries.ts";
import {
  addCounters,
  receivedCounters,
  sentCounters,
} from "../../../static/call/stream_counters.ts";

const NONE = { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };

Deno.test("[MS1] sentCounters reads what was sent, and what the other side missed of it", () => {
  const entry = new Entry({
    ...{ type: "outbound-rtp", packetsSent: 90, bytesSent: 80_000, nackCount: 3, pliCount: 2 },
    ...{ retransmittedPacketsSent: 7, packetsReceived: 1 },
  });

  assert.deepEqual(sentCounters(entry, new Entry({ packetsLost: 5, packetsReceived: 85 })), {
    ...{ packets: 90, bytes: 80_000, lost: 5, nacks: 3, plis: 2, retransmitted: 7 },
  });
});

Deno.test("[MS1] receivedCounters reads what came, and what was missed", () => {
  const entry = new Entry({
    ...{ type: "inbound-rtp", packetsReceived: 90, bytesReceived: 80_000, packetsLost: 4 },
    ...{ nackCount: 3, pliCount: 2, retransmittedPacketsReceived: 6, packetsSent: 1 },
  });

  assert.deepEqual(receivedCounters(entry), {
    ...{ packets: 90, bytes: 80_000, lost: 4, nacks: 3, plis: 2, retransmitted: 6 },
  });
});

Deno.test("sentCounters and receivedCounters take what is left out, or no number, as none", () => {
  const rubbish = new Entry({ packetsSent: "9", packetsReceived: null, packetsLost: -3 });

  assert.deepEqual(sentCounters(rubbish, undefined), NONE);
  assert.deepEqual(sentCounters(rubbish, rubbish), NONE);
  assert.deepEqual(receivedCounters(rubbish), NONE);
});

Deno.test("addCounters adds each counter by itself", () => {
  const one = { packets: 1, bytes: 2, lost: 3, nacks: 4, plis: 5, retransmitted: 6 };
  const other = { packets: 10, bytes: 20, lost: 30, nacks: 40, plis: 50, retransmitted: 60 };

  assert.deepEqual(addCounters([one, other]), {
    ...{ packets: 11, bytes: 22, lost: 33, nacks: 44, plis: 55, retransmitted: 66 },
  });
  assert.deepEqual(addCounters([]), NONE);
});
