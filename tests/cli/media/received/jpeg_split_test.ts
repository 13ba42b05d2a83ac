/** Pictures out of a stream of them. */
import assert from "node:assert/strict";
import { JpegSplit } from "../../../../cli/media/received/jpeg_split.ts";

const ONE = Uint8Array.of(0xff, 0xd8, 1, 0xff, 0x00, 0xff, 2, 0xff, 0xd9);
const OTHER = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

Deno.test("JpegSplit finds each picture, whatever pieces the bytes come in", () => {
  const stream = Uint8Array.from([...ONE, ...OTHER, ...ONE]);
  for (let size = 1; size <= stream.length; size++) {
    const split = new JpegSplit();
    const found: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      found.push(...split.add(stream.subarray(at, at + size)));
    }
    assert.deepEqual(found, [ONE, OTHER, ONE], `pieces of ${size}`);
  }
});

Deno.test("JpegSplit forgets what is no picture of any length", () => {
  const split = new JpegSplit();
  for (let n = 0; n < 20; n++) split.add(new Uint8Array(1024 * 1024));

  const [picture] = split.add(ONE);
  assert.ok(picture!.length < 17 * 1024 * 1024);
});
