/** Opus in Ogg as it comes out of an encoder. */
import assert from "node:assert/strict";
import { MediaFileError } from "../../../../cli/media/media_file.ts";
import { readOggOpus } from "../../../../cli/media/ogg_opus.ts";
import { OggStream } from "../../../../cli/media/sources/ogg_stream.ts";
import { MediaFiles } from "../../../support/media_files.ts";

Deno.test("OggStream finds the packets that readOggOpus finds, whatever pieces they come in", async () => {
  await using files = await MediaFiles.make();
  const bytes = await Deno.readFile(await files.sound({ seconds: 2 }));
  const { frames } = readOggOpus(bytes);

  for (const size of [333, 26, bytes.length]) {
    const stream = new OggStream();
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(...stream.add(bytes.subarray(at, at + size)));
    }
    assert.deepEqual(found, frames.map(({ bytes }) => new Uint8Array(bytes)));
  }
});

Deno.test("OggStream refuses what is no Ogg", () => {
  assert.throws(() => new OggStream().add(new Uint8Array(100)), MediaFileError);
});
