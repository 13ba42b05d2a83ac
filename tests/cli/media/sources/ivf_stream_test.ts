/** IVF and Ogg as they come out of an encoder. */
import assert from "node:assert/strict";
import { readIvf } from "../../../../cli/media/ivf.ts";
import { MediaFileError } from "../../../../cli/media/media_file.ts";
import { IvfStream } from "../../../../cli/media/sources/ivf_stream.ts";
import { MediaFiles } from "../../../support/media_files.ts";

Deno.test("IvfStream finds the frames that readIvf finds, whatever pieces they come in", async () => {
  await using files = await MediaFiles.make();
  const bytes = await Deno.readFile(await files.picture("VP8", { seconds: 2 }));
  const { frames } = readIvf(bytes);

  for (const size of [1_000, 77, bytes.length]) {
    const stream = new IvfStream();
    const found = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(...stream.add(bytes.subarray(at, at + size)));
    }
    assert.deepEqual(
      found,
      frames.map(({ bytes, isKeyFrame }) => ({ bytes: new Uint8Array(bytes), isKeyFrame })),
    );
  }
});

Deno.test("IvfStream refuses what is no IVF", () => {
  assert.throws(() => new IvfStream().add(new Uint8Array(200).fill(1, 44, 45)), MediaFileError);
});
