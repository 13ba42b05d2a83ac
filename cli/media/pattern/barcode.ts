/**
 * The number of a frame as a row of light and dark cells, so that whoever sees the picture can read
 * it: a camera, a page's canvas, a test with ffmpeg. A white and a black cell, 16 bits in Gray code,
 * of which one changes from one frame to the next, and two cells that say whether they are even.
 */

/** Cells of a barcode. */
export const CELLS = 20;
const BITS = 16;
const DATA_AT = 2;
/** Numbers go round. */
export const NUMBERS = 2 ** BITS;

/** Whether each cell is light. */
export function cellsOf(number: number): boolean[] {
  const gray = number % NUMBERS ^ (number % NUMBERS >> 1);
  const bits = Array.from({ length: BITS }, (_, index) => (gray >> BITS - 1 - index & 1) === 1);
  return [true, false, ...bits, ...checksOf(bits)];
}

/** The number that so bright cells show (0 dark to 255 light); undefined: it is no barcode. */
export function readCells(brightness: readonly number[]): number | undefined {
  const [white = 0, black = 255] = brightness;
  if (brightness.length !== CELLS || white - black < MIN_CONTRAST) return undefined;
  const middle = (white + black) / 2;
  const cells = brightness.map((value) => value > middle);
  const bits = cells.slice(DATA_AT, DATA_AT + BITS);
  const checks = checksOf(bits);
  if (cells[CELLS - 2] !== checks[0] || cells[CELLS - 1] !== checks[1]) return undefined;
  let binary = 0;
  let bit = 0;
  for (const isSet of bits) {
    bit ^= isSet ? 1 : 0;
    binary = binary << 1 | bit;
  }
  return binary;
}

const MIN_CONTRAST = 64;

/** Of the bits at even and at odd places, whether an even number is set. */
function checksOf(bits: readonly boolean[]): [boolean, boolean] {
  const isEven = (from: number) =>
    bits.filter((isSet, index) => index % 2 === from && isSet).length % 2 === 0;
  return [isEven(0), isEven(1)];
}
