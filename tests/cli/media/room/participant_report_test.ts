/** How the media of a headless participant fare, in numbers and in words. */
import assert from "node:assert/strict";
import { ReceivedTrack } from "../../../../cli/media/received/received_track.ts";
import { linesOf, ParticipantReports } from "../../../../cli/media/room/participant_report.ts";
import { PatternPackets, readPacket } from "../../../support/pattern_packets.ts";

Deno.test("ParticipantReports speaks of the time since the report before", () => {
  const reports = new ParticipantReports();
  const pattern = new PatternPackets();
  const track = new ReceivedTrack(true);
  const one = { userId: "ann", source: "camera", way: "p2p", track } as const;
  const sent = { bytes: 0, nacks: 1, plis: 2 };
  const comes = (from: number, to: number) => {
    for (let at = from; at < to; at += 40) {
      for (const bytes of pattern.at(at)) {
        track.take(readPacket(bytes), { codec: "H264", isRepair: false, at });
      }
    }
  };
  comes(0, 1_000);
  const first = reports.report({ at: 1_000, tracks: [one], sent: { ...sent, bytes: 12_500 } });
  comes(1_000, 1_500);
  const second = reports.report({ at: 2_000, tracks: [one], sent: { ...sent, bytes: 25_000 } });

  assert.deepEqual(first.sent, { kbps: 100, nacks: 1, plis: 2 });
  assert.deepEqual([first.tracks[0]!.fps, second.tracks[0]!.fps], [25, 13]);
  assert.deepEqual([second.tracks[0]!.frames, second.tracks[0]!.frameNumber], [38, 37]);
  assert.equal(second.tracks[0]!.path, "p2p");
  assert.ok(first.tracks[0]!.kbps > 50);
  assert.equal(second.sent.kbps, 100);
});

Deno.test("linesOf is a table, and tells when nothing comes or a picture stands still", () => {
  const reports = new ParticipantReports();
  const sent = { bytes: 0, nacks: 0, plis: 0 };
  const track = new ReceivedTrack(true);
  const tracks = [{ userId: "ann", source: "camera", way: "sfu", track }] as const;
  assert.match(linesOf(reports.report({ at: 1, tracks, sent }))[0]!, /nothing comes yet/);
  for (const bytes of new PatternPackets().at(0)) {
    track.take(readPacket(bytes), { codec: "H264", isRepair: false, at: 0 });
  }

  const [, row] = linesOf(reports.report({ at: 5_000, tracks, sent }));

  assert.match(
    row!,
    /^ann {2}camera {2}sfu {2}H264 {2}640x480 .* 1 key frames {2}FROZEN {2}frame 0$/,
  );
});
