/** Files of what is received, as ffprobe reads them. */
import assert from "node:assert/strict";
import type { Followed } from "../../../../cli/media/received/followed_tracks.ts";
import { ParticipantRecorder } from "../../../../cli/media/received/participant_recorder.ts";
import { testSound } from "../../../../cli/media/pattern/test_sound.ts";
import { silentLogger, systemClock } from "../../../../src/base/mod.ts";
import { buildRtpPacket } from "../../../../src/media/rtp/packet.ts";
import { probe } from "../../../support/ffmpeg.ts";
import { PatternPackets, readPacket } from "../../../support/pattern_packets.ts";

const wantKeyFrame = () => {};
const camera: Followed = { userId: "ann", source: "camera", wantKeyFrame };
const microphone: Followed = { userId: "ann", source: "microphone", wantKeyFrame };

Deno.test("ParticipantRecorder puts picture and sound of one into one file, MP4 for H.264", async () => {
  const folder = await Deno.makeTempDir();
  const recorder = start(folder);
  const pattern = new PatternPackets();
  const began = systemClock.elapsed();
  for (let ms = 0; ms < 2_000; ms += 20) {
    recorder.packet(microphone, "opus", sound(ms / 20), began + ms);
    for (const bytes of pattern.at(ms)) {
      recorder.packet(camera, "H264", readPacket(bytes), began + ms);
    }
  }
  recorder.ended(camera);
  recorder.ended(microphone);

  const files = await recorder.stop();

  const films = files.filter((path) => path.endsWith(".mp4"));
  assert.equal(films.length, 1, `${files}`);
  const { streams } = await probe(films[0]!);
  assert.deepEqual(streams.map(({ codec }) => codec).sort(), ["h264", "opus"]);
  assert.ok(streams.find(({ codec }) => codec === "h264")!.packets >= 45);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ParticipantRecorder records a sound by itself when no picture comes in time", async () => {
  const folder = await Deno.makeTempDir();
  const recorder = start(folder);
  const began = systemClock.elapsed();
  for (let ms = 0; ms < 2_000; ms += 20) {
    recorder.packet(microphone, "opus", sound(ms / 20), began + ms);
  }

  const files = await recorder.stop();
  assert.deepEqual(await recorder.stop(), files);

  const [film] = files.filter((path) => path.endsWith(".webm"));
  const { streams } = await probe(film!);
  assert.deepEqual(streams.map(({ codec }) => codec), ["opus"]);
  assert.ok(streams[0]!.packets >= 49 && streams[0]!.packets <= 52, `${streams[0]!.packets}`);
  await Deno.remove(folder, { recursive: true });
});

function start(folder: string): ParticipantRecorder {
  return new ParticipantRecorder({
    ...{ folder, roomId: "a room/of.ours", clock: systemClock, log: silentLogger },
    failed: (why) => assert.fail(why),
  });
}

function sound(number: number) {
  return readPacket(buildRtpPacket({
    ...{ ssrc: 5, payloadType: 111, sequenceNumber: number, timestamp: number * 960 },
    ...{ marker: false, payload: testSound(number, 50) },
  }));
}
