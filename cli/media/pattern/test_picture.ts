/**
 * The test pattern: bars of colour, a block that moves over them, a light that goes on for a moment
 * with each beep of the sound, and the number of the frame as a barcode at the lower edge.
 */
import { CELLS, cellsOf } from "./barcode.ts";
import { BLOCK_PIXELS, BlockPicture, type Colour } from "./block_picture.ts";

/** Pixels. */
export const PATTERN_SIZE = { width: 640, height: 480 } as const;
/** Pictures a second. */
export const PATTERN_RATE = 25;
/** A beep begins with every so many pictures, and lasts so many. */
export const BEEP = { every: PATTERN_RATE, frames: 5 } as const;
/** Where the barcode stands: its cells share the width of the picture, so many pixels high. */
export const BARCODE = { top: PATTERN_SIZE.height - 64, height: 32 } as const;

const COLUMNS = PATTERN_SIZE.width / BLOCK_PIXELS;
const ROWS = PATTERN_SIZE.height / BLOCK_PIXELS;
const LIGHT: Colour = { y: 235, u: 128, v: 128 };
const DARK: Colour = { y: 16, u: 128, v: 128 };
/** EBU bars at 75 %: white, yellow, cyan, green, magenta, red, blue, black. */
const BARS: readonly Colour[] = [
  ...[[180, 128, 128], [162, 44, 142], [131, 156, 44], [112, 72, 58]],
  ...[[84, 184, 198], [65, 100, 212], [35, 212, 114], [16, 128, 128]],
].map(([y = 0, u = 0, v = 0]) => ({ y, u, v }));
const BAR_COLUMNS = COLUMNS / BARS.length;
const CELL_COLUMNS = COLUMNS / CELLS;
const MOVER = { size: 3, row: 8, rows: 10 };
const LAMP = { column: COLUMNS - 5, row: 2, columns: 3, rows: 3 };

/** Draws frame `number`. */
export function testPicture(number: number): BlockPicture {
  const picture = new BlockPicture(COLUMNS, ROWS, DARK);
  BARS.forEach((colour, index) => {
    picture.paint(
      { column: index * BAR_COLUMNS, row: 0, columns: BAR_COLUMNS, rows: ROWS },
      colour,
    );
  });
  const { size, row, rows } = MOVER;
  const at = { column: number % (COLUMNS - size), row: row + (number >> 2) % rows };
  picture.paint({ ...at, columns: size, rows: size }, LIGHT);
  picture.paint(LAMP, number % BEEP.every < BEEP.frames ? LIGHT : DARK);
  cellsOf(number).forEach((isLight, index) => {
    picture.paint({
      column: index * CELL_COLUMNS,
      row: BARCODE.top / BLOCK_PIXELS,
      columns: CELL_COLUMNS,
      rows: BARCODE.height / BLOCK_PIXELS,
    }, isLight ? LIGHT : DARK);
  });
  return picture;
}
