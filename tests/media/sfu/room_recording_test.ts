/** A recording gets each track as one even stream, whatever its layers do. */
import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/mod.ts";
import { RoomRecorder } from "../../../src/media/record/room_recorder.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { Publication } from "../../../src/media/sfu/publication.ts";
import { RoomRecording } from "../../../src/media/sfu/room_recording.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { DELTA, id, KEY } from "../support/room_bench.ts";

const ids = {
  absSendTime: 0,
  transportCc: 0,
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};

function camera(): Publication {
  return new Publication({
    trackId: "1",
    userId: id("ann"),
    source: "camera",
    media: {
      mid: "0",
      kind: "video",
      codec: { name: "VP8", payloadType: 96 },
      extensionIds: ids,
      rids: ["l", "h"],
      ssrcs: [],
      rtxSsrcs: [],
    },
    qualitiesChanged() {},
  });
}

/** A recorder whose disk is a list of bytes. */
function recorderOn(clock: FakeClock) {
  const written = new Map<string, number>();
  const recorder = new RoomRecorder({
    recordingId: "r1",
    roomId: "test",
    folder: "nowhere",
    bounds: { maxBytes: 1_000_000, maxMs: 60_000, container: "webm" },
    clock,
    log: silentLogger,
    onEnded() {},
    disk: {
      prepare: () => Promise.resolve(),
      create: (name) => {
        written.set(name, 0);
        return Promise.resolve({
          append: (bytes: Uint8Array) => {
            written.set(name, written.get(name)! + bytes.length);
            return Promise.resolve();
          },
          overwrite: () => Promise.resolve(),
          close() {},
        });
      },
      replace: (name, text) => {
        written.set(name, text.length);
        return Promise.resolve();
      },
    },
  });
  return { recorder, written };
}

function send(publication: Publication, rid: string, n: number, { isKey, at }: {
  isKey: boolean;
  at: number;
}): void {
  const layer = publication.layerOf(rid === "l" ? 10 : 20, rid);
  const packet = new RtpPacket();
  packet.read(buildRtpPacket({
    ssrc: layer.ssrc,
    payloadType: 96,
    sequenceNumber: n,
    timestamp: n * 3_000,
    marker: true,
    payload: isKey ? KEY : DELTA,
    extensions: [{ id: 3, bytes: new Uint8Array(2) }],
  }));
  layer.touched(at);
  layer.meter.add(rid === "l" ? 100 : 1_000);
  publication.receive(packet, layer, at);
}

Deno.test("RoomRecording takes the best layer, and another while that is gone", async () => {
  const clock = new FakeClock();
  const { recorder, written } = recorderOn(clock);
  const recording = new RoomRecording(recorder, () => clock.elapsed());
  const publication = camera();
  recording.follow([publication]);
  const at = () => clock.elapsed();
  const low = publication.layerOf(10, "l");
  const high = publication.layerOf(20, "h");
  low.height = 180;
  high.height = 360;
  for (let n = 0; n < 10; n++) {
    send(publication, "l", n, { isKey: n === 5, at: at() });
    send(publication, "h", n, { isKey: n === 5, at: at() });
    recording.tick(at());
    clock.advance(100);
  }
  assert.equal(high.outputs.length, 1);
  assert.equal(low.outputs.length, 0);

  for (let n = 10; n < 40; n++) {
    send(publication, "l", n, { isKey: n % 10 === 0, at: at() });
    recording.tick(at());
    clock.advance(100);
  }
  assert.equal(low.outputs.length, 1);

  recording.close();
  await recorder.stop("asked");
  const files = [...written].filter(([name]) => name.endsWith(".webm"));
  assert.equal(files.length, 1);
  assert.ok(files[0]![1] > 100);
  assert.equal(publication.layers.flatMap(({ outputs }) => outputs).length, 0);
});

Deno.test("RoomRecording wants the best of what it records, and of nothing else", async () => {
  const clock = new FakeClock();
  const { recorder } = recorderOn(clock);
  const recording = new RoomRecording(recorder, () => clock.elapsed());
  const [one, other] = [camera(), camera()];

  recording.follow([one]);
  assert.deepEqual(recording.wishesFor(one).map(({ isTallest }) => isTallest), [true]);
  assert.deepEqual(recording.wishesFor(other), []);
  recording.follow([other]);
  assert.deepEqual(recording.wishesFor(one), []);

  recording.close();
  recording.close();
  await recorder.stop("asked");
});
