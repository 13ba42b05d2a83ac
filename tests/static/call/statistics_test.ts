/** Reports as browsers give them, and what is read of two of them. */
import assert from "node:assert/strict";
import type { LinkReport } from "../../../static/call/link_report.ts";
import { readLink } from "../../../static/call/statistics.ts";
import type { Sample } from "../../../static/call/stats_entries.ts";
import type { StreamCounters } from "../../../static/call/stream_counters.ts";
import type { Slot } from "../../../static/call/transport.ts";

type Entries = Record<string, Record<string, unknown>>;
const SLOTS = new Map<string, Slot>([
  ...([["0", "microphone"], ["1", "camera"], ["2", "screen"], ["3", "screenSound"]] as const),
]);

/** As Chromium reports it, without what nobody reads. */
const CHROMIUM: Entries = {
  T01: { type: "transport", selectedCandidatePairId: "CP1" },
  CP0: { type: "candidate-pair", state: "failed", nominated: false },
  CP1: {
    ...{ type: "candidate-pair", state: "succeeded", nominated: true },
    ...{ localCandidateId: "I1", remoteCandidateId: "I2" },
    ...{ currentRoundTripTime: 0.0423, availableOutgoingBitrate: 1_234_567 },
  },
  I1: { type: "local-candidate", candidateType: "srflx" },
  I2: { type: "remote-candidate", candidateType: "prflx" },
  COT111: { type: "codec", mimeType: "audio/opus" },
  COT96: { type: "codec", mimeType: "video/VP9" },
  SA: { type: "media-source", kind: "audio", audioLevel: 0.25 },
  SV: { type: "media-source", kind: "video", width: 1280, height: 720 },
  RA: { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.0156, jitter: 0.002 },
  RV: { type: "remote-inbound-rtp", kind: "video", fractionLost: 0, jitter: 0.0051 },
  OA: {
    ...{ type: "outbound-rtp", kind: "audio", mid: "0", codecId: "COT111", mediaSourceId: "SA" },
    ...{ remoteId: "RA", bytesSent: 10_000 },
  },
  OV: {
    ...{ type: "outbound-rtp", kind: "video", mid: "1", codecId: "COT96", mediaSourceId: "SV" },
    ...{ remoteId: "RV", bytesSent: 100_000, framesEncoded: 90, framesPerSecond: 30 },
    ...{ frameWidth: 640, frameHeight: 360, qualityLimitationReason: "bandwidth" },
  },
  IA: {
    ...{ type: "inbound-rtp", kind: "audio", mid: "0", codecId: "COT111", audioLevel: 0.5 },
    ...{ bytesReceived: 20_000, packetsReceived: 100, packetsLost: 1, jitter: 0.003 },
  },
  IV: {
    ...{ type: "inbound-rtp", kind: "video", mid: "1", codecId: "COT96", jitter: 0.01 },
    ...{ bytesReceived: 50_000, packetsReceived: 200, packetsLost: 10 },
    ...{ framesDecoded: 60, framesPerSecond: 25, frameWidth: 320, frameHeight: 180 },
  },
  D1: { type: "data-channel", bytesSent: 9_999_999 },
};

/** The same two seconds later. */
const LATER = changed(CHROMIUM, {
  OA: { bytesSent: 20_000 },
  OV: { bytesSent: 350_000, framesEncoded: 150 },
  IA: { bytesReceived: 32_500, packetsReceived: 199, packetsLost: 2 },
  IV: { bytesReceived: 175_000, packetsReceived: 340, packetsLost: 20, framesDecoded: 110 },
});

Deno.test("readLink of two reports of Chromium", () => {
  assert.deepEqual(readLink(sample(3_000, LATER), sample(1_000, CHROMIUM), SLOTS), {
    at: 3_000,
    path: "p2p",
    roundTripMs: 42.3,
    availableOutgoingBitrate: 1_234_567,
    kbpsUp: 40 + 1_000,
    kbpsDown: 50 + 500,
    sent: [
      {
        ...{ slot: "microphone", kbps: 40, codec: "opus", loss: 0.016, jitterMs: 2 },
        ...{ audioLevel: 0.25, counters: counted({ bytes: 20_000 }) },
      },
      {
        ...{ slot: "camera", kbps: 1_000, codec: "VP9", loss: 0, jitterMs: 5.1 },
        ...{ width: 640, height: 360, framesPerSecond: 30, frames: 150, limitedBy: "bandwidth" },
        counters: counted({ bytes: 350_000 }),
      },
    ],
    received: [
      {
        ...{ slot: "microphone", kbps: 50, codec: "opus", loss: 0.01, jitterMs: 3 },
        ...{ audioLevel: 0.5, counters: counted({ packets: 199, bytes: 32_500, lost: 2 }) },
      },
      {
        ...{ slot: "camera", kbps: 500, codec: "VP9", loss: 0.067, jitterMs: 10 },
        ...{ width: 320, height: 180, framesPerSecond: 25, frames: 110 },
        counters: counted({ packets: 340, bytes: 175_000, lost: 20 }),
      },
    ],
  });
});

Deno.test("readLink without a report before has no rates", () => {
  const report = readLink(sample(3_000, LATER), undefined, SLOTS);

  assert.deepEqual([report.kbpsUp, report.kbpsDown, report.received[1]!.loss], [0, 0, 0]);
  assert.equal(report.received[1]!.frames, 110);
});

type Expected = Partial<{ path: string; up: number; down: number; loss: number; rtt: unknown }>;
const cases: [title: string, changes: Entries, expected: Expected][] = [
  ["a relay here", { I1: { candidateType: "relay" } }, { path: "turn" }],
  ["a relay there", { I2: { candidateType: "relay" } }, { path: "turn" }],
  ["hosts", { I1: { candidateType: "host" }, I2: { candidateType: "host" } }, { path: "p2p" }],
  [
    "candidates that are hidden",
    { I1: { type: "x", candidateType: 1 }, I2: { candidateType: "" } },
    {
      path: "unknown",
    },
  ],
  ["no selected pair, a nominated one", { T01: { selectedCandidatePairId: undefined } }, {
    path: "p2p",
    rtt: 42.3,
  }],
  ["no transport, a pair marked as selected", {
    T01: { type: "none" },
    CP1: { nominated: false, selected: true },
  }, { path: "p2p" }],
  ["no pair at all", { T01: { type: "none" }, CP1: { type: "none" } }, {
    path: "unknown",
    rtt: undefined,
  }],
  ["a round trip that is no number", { CP1: { currentRoundTripTime: NaN } }, { rtt: undefined }],
  ["a stream of no slot", { OV: { mid: "9" } }, { up: 40 }],
  ["a counter of bytes that starts anew", { OV: { bytesSent: 25_000 } }, { up: 40 + 100 }],
  ["all counters of a stream start anew", {
    IV: { bytesReceived: 5_000, packetsReceived: 90, packetsLost: 10 },
  }, { down: 50 + 20, loss: 0.1 }],
  ["lost packets that came late", { IV: { packetsLost: 4 } }, { loss: 0 }],
  ["nothing but losses", { IV: { packetsReceived: 200, packetsLost: 60 } }, { loss: 1 }],
  ["nothing came", { IV: { packetsReceived: 200, packetsLost: 10 } }, { loss: 0 }],
  ["a stream that was not there before", { IV: { id: "new" } }, { down: 50, loss: 0 }],
];

for (const [title, changes, expected] of cases) {
  Deno.test(`readLink with ${title}`, () => {
    const now = sample(3_000, changed(LATER, changes));

    const report = readLink(now, sample(1_000, CHROMIUM), SLOTS);

    const found = summary(report);
    assert.deepEqual({ ...found, ...expected }, found);
  });
}

Deno.test("readLink of nothing, of rubbish and of no time is a report without streams", () => {
  const rubbish = sample(5, { A: { type: 7 }, B: { type: "transport" } });
  rubbish.stats.set("C", null);
  rubbish.stats.set("D", "text");

  for (const now of [sample(5, {}), rubbish]) {
    const report = readLink(now, sample(5, CHROMIUM), SLOTS);

    assert.deepEqual(summary(report), {
      ...{ path: "unknown", up: 0, down: 0, loss: undefined, rtt: undefined },
    });
  }
  assert.equal(readLink(sample(5, LATER), sample(5, CHROMIUM), SLOTS).kbpsDown, 0);
});

Deno.test("readLink passes on no reason that it does not know", () => {
  const now = sample(5, changed(CHROMIUM, { OV: { qualityLimitationReason: "weather" } }));

  assert.ok(!("limitedBy" in readLink(now, undefined, SLOTS).sent[1]!));
});

Deno.test("readLink makes one stream of the layers of a picture", () => {
  const layer = (rid: string, fields: Record<string, unknown>) => ({
    ...CHROMIUM.OV,
    rid,
    ...fields,
  });
  const layers = {
    OV: layer("h", { frameWidth: 1280, frameHeight: 720, active: false, bytesSent: 100_000 }),
    OM: layer("m", { frameWidth: 640, frameHeight: 360, bytesSent: 150_000, framesEncoded: 91 }),
    OL: layer("l", { frameWidth: 320, frameHeight: 180, qualityLimitationReason: "cpu" }),
    OX: layer("x", { frameWidth: undefined, frameHeight: undefined }),
  };
  const before = { ...CHROMIUM, ...layers, OM: { ...layers.OM, bytesSent: 50_000 } };

  const report = readLink(
    sample(3_000, { ...CHROMIUM, ...layers }),
    sample(1_000, before),
    SLOTS,
  );

  const camera = report.sent.find(({ slot }) => slot === "camera")!;
  assert.equal(report.sent.length, 2);
  assert.deepEqual([camera.kbps, camera.width, camera.frames], [400, 640, 91]);
  assert.equal(camera.limitedBy, "cpu");
  assert.equal(camera.counters?.bytes, 450_000);
  assert.deepEqual(
    camera.layers?.map(({ rid, height, kbps, isSending }) => [rid, height, kbps, isSending]),
    [["l", 180, 0, true], ["m", 360, 400, true], ["h", 720, 0, false], ["x", undefined, 0, false]],
  );
});

function counted(some: Partial<StreamCounters>): StreamCounters {
  return { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0, ...some };
}

function summary(report: LinkReport) {
  const { path, kbpsUp: up, kbpsDown: down, roundTripMs: rtt, received } = report;
  return { path, up, down, rtt, loss: received.find(({ slot }) => slot === "camera")?.loss };
}

function changed(entries: Entries, changes: Entries): Entries {
  const all = Object.entries(entries).map(([id, entry]) => [id, { ...entry, ...changes[id] }]);
  return Object.fromEntries(all);
}

function sample(at: number, entries: Entries): Sample & { stats: Map<string, unknown> } {
  const all = Object.entries(entries).map(([id, entry]) => [id, { id, ...entry }] as const);
  return { at, stats: new Map<string, unknown>(all) };
}
