/** What qualities of a picture there are to choose from. */
import assert from "node:assert/strict";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { Publication } from "../../../src/media/sfu/publication.ts";
import { id, KEY } from "../support/room_bench.ts";

function publish(codec: CodecName, changed: () => void = () => {}): Publication {
  return new Publication({
    trackId: "1",
    userId: id("ann"),
    source: "camera",
    media: {
      mid: "0",
      kind: "video",
      codec: { name: codec, payloadType: 96 },
      extensionIds: {
        absSendTime: 0,
        transportCc: 0,
        mid: 0,
        rid: 0,
        repairedRid: 0,
        audioLevel: 0,
        videoOrientation: 0,
        dependencyDescriptor: 0,
      },
      rids: [],
      ssrcs: [],
      rtxSsrcs: [],
    },
    qualitiesChanged: changed,
  });
}

function receive(publication: Publication, ssrc: number, rid: string, payload: Uint8Array): void {
  const layer = publication.layerOf(ssrc, rid);
  const packet = new RtpPacket();
  packet.read(buildRtpPacket({
    ssrc,
    payloadType: 96,
    sequenceNumber: 1,
    timestamp: 1,
    payload,
  }));
  layer.touched(0);
  publication.receive(packet, layer, 0);
}

function shown(publication: Publication, at: number) {
  return publication.qualities(at).map(({ layer, spatialId, height }) => [
    layer.rid,
    spatialId,
    height,
  ]);
}

Deno.test("Publication.qualities are its layers that come, smallest first", () => {
  const publication = publish("VP8");
  const [high, low] = [publication.layerOf(2, "h"), publication.layerOf(1, "l")];
  high.height = 720;
  low.height = 180;

  assert.deepEqual(shown(publication, 0), []);
  high.touched(0);
  low.touched(1_000);

  assert.deepEqual(shown(publication, 1_000), [["l", 4, 180], ["h", 4, 720]]);
  assert.deepEqual(shown(publication, 2_000), [["l", 4, 180]]);
});

Deno.test("Publication.qualities have a layer that was given up because nobody wanted it", () => {
  const publication = publish("VP8");
  const [high, low] = [publication.layerOf(2, "h"), publication.layerOf(1, "l")];
  high.height = 720;
  low.height = 180;
  publication.wanted.update(180, 0);
  publication.wanted.update(180, 2_000);
  low.touched(9_000);

  assert.deepEqual(shown(publication, 9_000), [["l", 4, 180], ["h", 4, 720]]);
});

Deno.test("Publication.qualities of VP9 with spatial layers are those, each twice as tall", () => {
  let changes = 0;
  const publication = publish("VP9", () => changes++);
  for (const spatialId of [0, 1, 2]) {
    const payload = new Uint8Array([0x2c, spatialId << 1, 0, 0x86, 0, ...new Uint8Array(20)]);
    receive(publication, 1, "", payload);
  }
  const [layer] = publication.layers;
  layer!.height = 180;
  for (const meter of layer!.spatialMeters) {
    meter.tick(0);
    meter.add(10_000);
    meter.tick(500);
  }

  assert.deepEqual(shown(publication, 0), [["", 0, 180], ["", 1, 360], ["", 2, 720]]);
  const bitrates = publication.qualities(0).map(({ bitrate }) => bitrate);
  assert.deepEqual(bitrates, [160_000, 320_000, 480_000]);
  assert.ok(changes >= 2);
});

Deno.test("Publication tells when a picture has another size, and only then", () => {
  let changes = 0;
  const publication = publish("VP8", () => changes++);

  receive(publication, 1, "", KEY);
  const first = changes;
  receive(publication, 1, "", KEY);
  assert.equal(changes, first);
  const smaller = KEY.slice();
  smaller[7] = 0x40;
  smaller[8] = 1;
  receive(publication, 1, "", smaller);

  assert.equal(changes, first + 1);
  assert.deepEqual(publication.layers.map(({ width, height }) => [width, height]), [[320, 360]]);
});

Deno.test("Publication.layerOf takes another SSRC of the same rid for the same layer, begun anew", () => {
  const publication = publish("VP8");
  const output = { forward() {} };
  const before = publication.layerOf(1, "h");
  before.addOutput(output);

  const after = publication.layerOf(2, "h");

  assert.deepEqual(publication.layers, [after]);
  assert.deepEqual(after.outputs, [output]);
  assert.equal(publication.layerOf(2, "h"), after);
});
