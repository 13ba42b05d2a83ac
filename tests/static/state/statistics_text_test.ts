/** Numbers of a stream as words. */
import assert from "node:assert/strict";
import { meetEn } from "../../../static/i18n/meet_en.ts";
import type { BothViews } from "../../../static/state/both_views.ts";
import type { Counters } from "../../../static/state/server_counters.ts";
import {
  countedRows,
  sizesAtServer,
  sizesText,
  streamText,
  wantedText,
} from "../../../static/state/statistics_text.ts";
import { stream } from "../support/fake_call.ts";

Deno.test("streamText tells size and rate, as far as they are known", () => {
  assert.equal(
    streamText(stream({ width: 640, height: 360, framesPerSecond: 29.6 })),
    "640×360 · 30/s",
  );
  assert.equal(streamText(stream({ width: 640, height: 360 })), "640×360");
  assert.equal(streamText(stream({ width: 640 })), "");
  assert.equal(streamText(undefined), "");
});

Deno.test("[PB6] wantedText tells a height, nobody and everything apart", () => {
  assert.deepEqual([undefined, 0, 360].map((height) => wantedText(height, meetEn)), [
    ...["as tall as it comes", "nobody looks", "up to 360 lines"],
  ]);
});

Deno.test("sizesText tells each size that is sent at once, and those that are not", () => {
  const layers = [
    { rid: "l", isSending: true, kbps: 120.4, width: 320, height: 180, framesPerSecond: 15 },
    { rid: "m", isSending: true, kbps: 0 },
    { rid: "h", isSending: false, kbps: 0, width: 1280, height: 720 },
  ];

  assert.equal(
    sizesText(stream({ layers }), meetEn),
    "180 · 15/s · 120 kbit/s, m · 0 kbit/s, 720 off",
  );
  assert.equal(sizesText(stream(), meetEn), "");
});

Deno.test("[MS1] sizesAtServer tells each size that comes to the server, and those that do not", () => {
  const layer = { width: 0, packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
  const layers = [
    { rid: "h", bitrateKbps: 480.2, height: 360, ...layer },
    { rid: "f", bitrateKbps: 0, height: 0, ...layer },
    { rid: "q", bitrateKbps: 120, height: 180, ...layer },
  ];
  const of = (count: number): Counters => ({
    published: [{ trackId: "1", source: "camera", codec: "VP8", layers: layers.slice(0, count) }],
    received: [],
  });

  assert.equal(sizesAtServer(of(3), meetEn), "f off, 180 · 120 kbit/s, 360 · 480 kbit/s");
  assert.equal(sizesAtServer(of(1), meetEn), "");
  assert.equal(sizesAtServer(undefined, meetEn), "");
});

Deno.test("[MS1] countedRows puts the words of both sides beside each other", () => {
  const counters = { packets: 12_345, bytes: 9_876_543, lost: 1, nacks: 2, plis: 3 };
  const view = { kbps: 480.4, height: 360, ...counters, retransmitted: 4 };
  const views: BothViews = {
    slot: "camera",
    browser: view,
    server: { ...view, rid: "h", packets: 12_340 },
    isPaused: false,
  };

  assert.deepEqual(countedRows(views, meetEn, "en"), [
    ["rate", "480 kbit/s", "480 kbit/s"],
    ["picture", "360", "360 · h"],
    ["packets", "12,345", "12,340"],
    ["bytes", "9.9 MB", "9.9 MB"],
    ["lost", "1", "1"],
    ["nacks", "2", "2"],
    ["plis", "3", "3"],
    ["retransmitted", "4", "4"],
  ]);
});

Deno.test("[MS1] countedRows says what is paused, and leaves out what nobody knows", () => {
  const { height: _, ...voice } = { kbps: 0, height: 0, ...COUNTERS };
  const views: BothViews = { slot: "camera", browser: undefined, server: voice, isPaused: true };

  const rows = countedRows(views, meetEn, "en");

  assert.deepEqual(rows[0], ["rate", "", "paused"]);
  assert.ok(rows.every(([name, browser]) => name !== "picture" && browser === ""));
});

const COUNTERS = { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
