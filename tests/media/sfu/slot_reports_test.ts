/** Reports that go to a receiver, and what its own say. */
import assert from "node:assert/strict";
import { readRtcp } from "../../../src/media/rtp/rtcp.ts";
import { SlotReports } from "../../../src/media/sfu/slot_reports.ts";

const STATE = { ssrc: 7, packets: 12, bytes: 3_400, rtpTimestamp: 90_000 };
const BLOCK = {
  ...{ ssrc: 7, fractionLost: 0, packetsLost: 0, highestSequenceNumber: 100, jitter: 0 },
  ...{ lastSenderReport: 0, delaySinceLastSenderReport: 0 },
};

/** Writes one at `at`; returns what a receiver names it by. */
function write(reports: SlotReports, at: number): number {
  const [report] = readRtcp(reports.write({ ...STATE, ntpMs: 1_767_225_600_000 + at }, at));
  assert.ok(report?.type === "sender-report");
  const { ssrc, packetCount, octetCount, rtpTimestamp } = report;
  assert.deepEqual([ssrc, packetCount, octetCount, rtpTimestamp], [7, 12, 3_400, 90_000]);
  return ((report.ntpHigh & 0xffff) << 16 | report.ntpLow >>> 16) >>> 0;
}

Deno.test("SlotReports measures the round trip by the report that the receiver names", () => {
  const reports = new SlotReports();
  const [first] = [write(reports, 1_000), write(reports, 2_000)];
  const delaySinceLastSenderReport = 500 * 65.536;

  reports.reported({ ...BLOCK, lastSenderReport: first, delaySinceLastSenderReport }, 1_540);

  assert.ok(Math.abs(reports.roundTripMs - 40) < 0.1, `${reports.roundTripMs}`);
});

Deno.test("SlotReports measures nothing by reports that it does not know, or that cannot be", () => {
  const reports = new SlotReports();
  const first = write(reports, 1_000);
  for (let at = 2_000; at <= 5_000; at += 1_000) write(reports, at);
  const last = write(reports, 6_000);

  reports.reported({ ...BLOCK, lastSenderReport: first }, 7_000);
  reports.reported(BLOCK, 7_000);
  reports.reported(
    { ...BLOCK, lastSenderReport: last, delaySinceLastSenderReport: 2 ** 17 },
    6_100,
  );

  assert.equal(reports.roundTripMs, 0);
});

Deno.test("SlotReports tells how many packets a report is about, and keeps what was lost", () => {
  const reports = new SlotReports();

  const about = [100, 130, 130].map((highestSequenceNumber, n) =>
    reports.reported({ ...BLOCK, highestSequenceNumber, packetsLost: n }, 0)
  );

  assert.deepEqual([about, reports.lost], [[0, 30, 0], 2]);
  reports.reported({ ...BLOCK, packetsLost: -3 }, 0);
  assert.equal(reports.lost, 0, "doubles hide losses");
});
