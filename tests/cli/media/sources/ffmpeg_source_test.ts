/** What ffmpeg encodes, as a source; with the real ffmpeg. */
import assert from "node:assert/strict";
import {
  cameraArguments,
  microphoneArguments,
} from "../../../../cli/media/sources/ffmpeg_arguments.ts";
import { FfmpegSource } from "../../../../cli/media/sources/ffmpeg_source.ts";
import type { SourceFrame } from "../../../../cli/media/sources/frame_source.ts";
import { JoinedSource } from "../../../../cli/media/sources/joined_source.ts";
import { waitUntil } from "../../../support/wait_until.ts";

const now = () => performance.now();

Deno.test("FfmpegSource gives the pictures and the sound of devices, until it is closed", async () => {
  const source = new JoinedSource([
    new FfmpegSource({
      args: cameraArguments("lavfi:testsrc2=size=160x120:rate=10", "linux"),
      ...{ kind: "picture", what: "--camera", now },
    }),
    new FfmpegSource({
      args: microphoneArguments("lavfi:sine=frequency=440", "linux"),
      ...{ kind: "sound", what: "--microphone", now },
    }),
  ]);
  const frames: SourceFrame[] = [];

  await waitUntil(() => {
    frames.push(...source.due(now()));
    const count = (codec: string) => frames.filter((frame) => frame.codec === codec).length;
    const isEnough = count("VP8") >= 20 && count("opus") >= 50;
    return isEnough ? undefined : `${count("VP8")} pictures, ${count("opus")} pieces of sound`;
  });
  await source.close();

  const pictures = frames.filter(({ codec }) => codec === "VP8");
  assert.deepEqual(source.codecs, ["VP8", "opus"]);
  assert.equal(pictures[0]!.isKeyFrame, true);
  assert.ok(pictures.filter(({ isKeyFrame }) => isKeyFrame).length >= 2, "one a second");
  assert.equal(source.failure, undefined);
});

Deno.test("FfmpegSource tells why it gives nothing any more", async () => {
  const args = cameraArguments("/dev/no-such-camera", "linux");
  const source = new FfmpegSource({ args, kind: "picture", what: "--camera", now });

  await waitUntil(() => source.failure === undefined ? "it goes on" : undefined);

  assert.match(source.failure!, /^--camera: ffmpeg has ended: .*no-such-camera/);
  assert.deepEqual(source.due(), []);
  await source.close();
});
