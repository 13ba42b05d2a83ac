/** H.264 without an encoder, as ffmpeg decodes it: every pixel is the one that was drawn. */
import assert from "node:assert/strict";
import { annexB } from "../../../../cli/media/annex_b.ts";
import { BlockEncoder } from "../../../../cli/media/pattern/block_encoder.ts";
import { BLOCK_PIXELS, BlockPicture } from "../../../../cli/media/pattern/block_picture.ts";
import { provide } from "../../../support/debian_package.ts";
import { FFMPEG } from "../../../support/ffmpeg.ts";
import { SeededRandom } from "../../../../cli/scenarios/random.ts";

const COLUMNS = 7;
const ROWS = 5;
const COLOURS = [[128, 128, 128], [16, 128, 128], [235, 100, 30], [90, 16, 240], [0, 0, 0]]
  .map(([y = 0, u = 0, v = 0]) => ({ y, u, v }));

Deno.test("BlockEncoder's pictures are decoded as they were drawn, key frames or not", async () => {
  const random = new SeededRandom(7);
  const encoder = new BlockEncoder({ columns: COLUMNS, rows: ROWS });
  const picture = () => {
    const drawn = new BlockPicture(COLUMNS, ROWS, COLOURS[random.below(COLOURS.length)]!);
    for (let n = random.below(12); n > 0; n--) {
      drawn.paint({
        ...{ column: random.below(COLUMNS), row: random.below(ROWS) },
        ...{ columns: 1 + random.below(3), rows: 1 + random.below(3) },
      }, COLOURS[random.below(COLOURS.length)]!);
    }
    return drawn;
  };
  const drawn = Array.from({ length: 60 }, picture);

  const stream = annexB(
    drawn.flatMap((one, index) => encoder.encode(one, { isKeyFrame: index % 20 === 0 })),
  );

  const decoded = await decode(stream);
  const [width, height] = [COLUMNS * BLOCK_PIXELS, ROWS * BLOCK_PIXELS];
  const frameBytes = width * height * 1.5;
  assert.equal(decoded.length, drawn.length * frameBytes);
  drawn.forEach((one, index) => {
    const frame = decoded.subarray(index * frameBytes, (index + 1) * frameBytes);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const { y: luma, u } = one.at(x >> 4, y >> 4)!;
        const chroma = frame[width * height + (y >> 1) * (width / 2) + (x >> 1)];
        if (frame[y * width + x] !== luma || chroma !== u) {
          assert.fail(`picture ${index}, pixel ${x}, ${y}: ${frame[y * width + x]}, not ${luma}`);
        }
      }
    }
  });
});

Deno.test("BlockEncoder begins with a key frame, and writes next to nothing of what stays", () => {
  const encoder = new BlockEncoder({ columns: COLUMNS, rows: ROWS });
  const picture = new BlockPicture(COLUMNS, ROWS, COLOURS[1]!);

  const first = encoder.encode(picture, { isKeyFrame: false });
  const second = encoder.encode(picture, { isKeyFrame: false });

  assert.deepEqual(first.map(([head]) => head! & 0x1f), [7, 8, 5]);
  assert.deepEqual(second.map(([head]) => head! & 0x1f), [1]);
  assert.ok(second[0]!.length < 12, `${second[0]!.length} bytes`);
});

async function decode(stream: Uint8Array): Promise<Uint8Array> {
  const child = new Deno.Command(await provide(FFMPEG), {
    args: ["-v", "error", "-xerror", "-f", "h264", "-i", "-", "-f", "rawvideo", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const writing = writer.write(stream).then(() => writer.close());
  const { success, stdout, stderr } = await child.output();
  await writing;
  assert.ok(success, new TextDecoder().decode(stderr));
  return stdout;
}
