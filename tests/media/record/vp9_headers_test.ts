/** Pictures of several layers, of which players show one. */
import assert from "node:assert/strict";
import { hiddenFrame, Vp9Headers } from "../../../src/media/record/vp9_headers.ts";
import { buildRtpPacket } from "../../../src/media/rtp/packet.ts";
import { decodeErrors, ffmpeg, pictureHashes } from "../../support/ffmpeg.ts";
import { hex } from "../rtp/hex.ts";
import { encodeVideo } from "./encoded_media.ts";
import { type Delivery, filesOf, RecorderFixture } from "./recorder_fixture.ts";
import { SCALABLE_PICTURES } from "./scalable_pictures.ts";

Deno.test("Vp9Headers.read reads every frame of a browser's layers to the end of its header", () => {
  const headers = new Vp9Headers();

  for (const layer of SCALABLE_PICTURES.flat()) {
    const header = headers.read(layer);
    assert.ok(header?.isShown);
    // The size of the compressed header is what an uncompressed one ends with.
    const endByte = Math.ceil(header.endAt / 8);
    assert.ok(endByte > 10 && endByte < 30, `${endByte} bytes`);
    assert.ok(endByte < layer.length);
  }
});

Deno.test("Vp9Headers.read reads the frames of an encoder of libvpx", async () => {
  const headers = new Vp9Headers();

  const found = (await encodeVideo({ codec: "VP9" })).map(({ data }) => headers.read(data));

  assert.ok(found.every((header) => header !== undefined));
  assert.deepEqual(found.flatMap((header, index) => header?.isKeyFrame ? [index] : []), [0, 25]);
});

Deno.test("Vp9Headers.read refuses what is no header, and one that is cut", () => {
  const headers = new Vp9Headers();
  for (const digits of ["", "00", "42 498342", "82 000000 00", "88", "82 498342 00 00f0 00f0"]) {
    assert.equal(headers.read(hex(digits)), undefined, digits);
  }
  const [[key]] = SCALABLE_PICTURES as [[Uint8Array]];
  assert.equal(headers.read(key.slice(0, 12)), undefined);
});

Deno.test("hiddenFrame hides a frame once, and changes no more than it has to", () => {
  const headers = new Vp9Headers();
  for (const layer of SCALABLE_PICTURES.flat()) {
    const header = headers.read(layer)!;

    const hidden = hiddenFrame(layer, header);

    const again = new Vp9Headers().read(hidden);
    assert.equal(hidden.length - layer.length <= 1, true);
    assert.deepEqual(hidden.slice(-8), layer.slice(-8));
    if (!header.isKeyFrame) continue;
    assert.equal(hidden.length, layer.length);
    assert.equal(again?.isShown, false);
    assert.equal(hiddenFrame(hidden, again!), hidden);
  }
});

Deno.test("RoomRecorder shows the highest layer of each picture, and no other", async () => {
  await using fixture = new RecorderFixture();
  const camera = fixture.begin("alice", "camera", "VP9");
  const packets: Delivery[] = SCALABLE_PICTURES.flatMap((layers, picture) =>
    layers.map((layer, spatialId) => {
      // One packet a layer: L, B and E, P for all pictures but the first, D above the lowest.
      const head = 0x2c | (picture === 0 ? 0 : 0x40);
      const layerByte = spatialId << 1 | (picture === 0 && spatialId > 0 ? 1 : 0);
      const bytes = buildRtpPacket({
        payloadType: 98,
        sequenceNumber: picture * 3 + spatialId,
        timestamp: picture * 3_600,
        ssrc: 1,
        marker: spatialId === layers.length - 1,
        payload: Uint8Array.of(head, layerByte, picture, ...layer),
      });
      return { lane: camera, bytes, atMs: picture * 40 };
    })
  );

  fixture.feed(packets);
  const [file] = filesOf(await fixture.stop());

  const path = fixture.path(file!.name);
  const { tracks: [track] } = file!;
  assert.deepEqual([track!.frames, track!.width, track!.height], [4, 1280, 720]);
  assert.equal(await decodeErrors(path), "");
  const shown = await ffmpeg(["-i", path, "-vf", "showinfo", "-f", "null", "-"]);
  assert.equal(shown.match(/ s:1280x720 /g)?.length, 4);
  assert.equal(shown.match(/ n:\s*\d+ /g)?.length, 4);
  // libvpx shows the highest layer of what the browser sent, whatever the lower ones say.
  const original = fixture.path("original.ivf");
  await Deno.writeFile(original, asSent());
  const hashes = await pictureHashes(path);
  assert.equal(hashes.length, 4);
  assert.deepEqual(hashes, await pictureHashes(original, "libvpx-vp9"));
});

/** The layers as they came, as an IVF file whose pictures have an index each. */
function asSent(): Uint8Array<ArrayBuffer> {
  const header = hex("444b4946 00002000 56503930 0005d002 19000000 01000000 00000000 00000000");
  const pictures = SCALABLE_PICTURES.flatMap((layers, picture) => {
    const sizes = layers.flatMap(({ length }) => [length & 0xff, length >> 8, 0, 0]);
    const body = [...layers.flatMap((layer) => [...layer]), 0xda, ...sizes, 0xda];
    return [
      ...[body.length & 0xff, body.length >> 8, 0, 0],
      ...[picture, 0, 0, 0, 0, 0, 0, 0],
      ...body,
    ];
  });
  return Uint8Array.of(...header, ...pictures);
}
