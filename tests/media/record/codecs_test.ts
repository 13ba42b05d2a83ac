/** Each codec from packets to a file that ffmpeg reads without a complaint. */
import assert from "node:assert/strict";
import { decodeErrors, pictureHashes, probe } from "../../support/ffmpeg.ts";
import { encodeSound, encodeVideo, toStream } from "./encoded_media.ts";
import { packetize, type SenderOptions } from "./packetizers.ts";
import { filesOf, RecorderFixture } from "./recorder_fixture.ts";

const CASES = [
  { codec: "VP8", wish: "webm", extension: "webm", name: "vp8" },
  { codec: "VP9", wish: "webm", extension: "webm", name: "vp9" },
  { codec: "AV1", wish: "webm", extension: "webm", name: "av1" },
  { codec: "H264", wish: "webm", extension: "mp4", name: "h264" },
  { codec: "VP8", wish: "mp4", extension: "webm", name: "vp8" },
  { codec: "VP9", wish: "mp4", extension: "mp4", name: "vp9" },
  { codec: "AV1", wish: "mp4", extension: "mp4", name: "av1" },
  { codec: "H264", wish: "mp4", extension: "mp4", name: "h264" },
] as const;

for (const { codec, wish, extension, name } of CASES) {
  Deno.test(`RoomRecorder writes ${codec} with its sound, ${wish} wished for`, async () => {
    const bounds = { maxBytes: 1e9, maxMs: 1e6, container: wish };
    await using fixture = new RecorderFixture({ bounds });
    const [pictures, sounds] = [await encodeVideo({ codec }), await encodeSound({})];
    const camera: SenderOptions = { codec, ssrc: 1 };
    const microphone: SenderOptions = { codec: "opus", ssrc: 2 };
    const video = fixture.begin("alice", "camera", codec);
    const audio = fixture.begin("alice", "microphone", "opus");
    fixture.report(video, camera);
    fixture.report(audio, microphone);

    fixture.feed(
      fixture.sent(video, packetize(pictures, camera)),
      fixture.sent(audio, packetize(sounds, microphone)),
    );
    const index = await fixture.stop();

    const [file, ...others] = filesOf(index);
    assert.deepEqual(others, []);
    assert.equal(file?.name, `01-alice-person-1.${extension}`);
    const path = fixture.path(file!.name);
    const { streams, duration } = await probe(path);
    const found = Object.fromEntries(streams.map((stream) => [stream.codec, stream]));
    assert.equal(found[name]?.packets, pictures.length);
    assert.equal(found[name]?.width, 160);
    assert.equal(found[name]?.height, 120);
    assert.equal(found["opus"]?.packets, sounds.length);
    assert.equal(found[name]?.keyFrames.filter(Boolean).length, 2);
    assert.ok(Math.abs(duration - 2) < 0.1, `${duration} s`);
    assert.equal(await decodeErrors(path), "");
    const original = fixture.path("original");
    await Deno.writeFile(original, toStream(codec, pictures));
    const hashes = await pictureHashes(path);
    assert.equal(hashes.length, pictures.length);
    assert.deepEqual(hashes, await pictureHashes(original));
  });
}
