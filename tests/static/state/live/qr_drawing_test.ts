/** A text as a QR code: a decoder that is not ours reads it back from the drawing. */
import assert from "node:assert/strict";
import jsQR from "jsqr";
import { drawQr, type QrDrawing, QUIET_MODULES } from "../../../../static/state/live/qr_drawing.ts";

const SCALE = 4;

for (
  const text of [
    "http://127.0.0.1:4000/live/482913",
    "https://signalbox.example.org:8443/live/012345",
    "https://a-rather-long-name.of-a-server.in-some-place.example.org/live/999999",
  ]
) {
  Deno.test(`drawQr draws ${text} so that it can be read`, () => {
    const drawing = drawQr(text);

    assert.equal(read(drawing), text);
  });
}

Deno.test("drawQr keeps the light border that readers need", () => {
  const { side, path } = drawQr("http://127.0.0.1/live/482913");

  const places = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) =>
    [Number(x), Number(x) + Number(width), Number(y)] as const
  );
  assert.ok(
    places.every(([left, right, y]) =>
      left >= QUIET_MODULES && right <= side - QUIET_MODULES && y >= QUIET_MODULES &&
      y < side - QUIET_MODULES
    ),
  );
});

/** Paints the path on white, and has it decoded. */
function read({ side, path }: QrDrawing): string | undefined {
  const width = side * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++) {
      const start = Number(x) * SCALE;
      for (let column = start; column < start + Number(length) * SCALE; column++) {
        pixels.set([0, 0, 0, 255], (row * width + column) * 4);
      }
    }
  }
  return decode(pixels, width, width)?.data;
}

/** The package is CommonJS: its type says `default` twice, at run time there is one. */
function decode(pixels: Uint8ClampedArray, width: number, height: number) {
  return (jsQR as unknown as typeof jsQR.default)(pixels, width, height);
}
