/**
 * A picture of blocks, each of one colour: what the test pattern draws and its encoder writes. A block
 * is a macroblock of H.264, 16 x 16 pixels.
 */

/** Of a block, both ways. */
export const BLOCK_PIXELS = 16;

/** A colour as video has it (BT.601, limited range). */
export type Colour = { readonly y: number; readonly u: number; readonly v: number };

/** A rectangle in blocks. */
export type Area = {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
};

/** A picture. */
export class BlockPicture {
  readonly columns: number;
  readonly rows: number;
  readonly #blocks: Colour[];

  /** All of one colour. */
  constructor(columns: number, rows: number, colour: Colour) {
    this.columns = columns;
    this.rows = rows;
    this.#blocks = new Array<Colour>(columns * rows).fill(colour);
  }

  /** The colour of a block; undefined: beyond the edges. */
  at(column: number, row: number): Colour | undefined {
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return undefined;
    return this.#blocks[row * this.columns + column];
  }

  /** Paints what of an area is within the edges. */
  paint(area: Area, colour: Colour): void {
    const lastColumn = Math.min(this.columns, area.column + area.columns);
    const lastRow = Math.min(this.rows, area.row + area.rows);
    for (let row = Math.max(0, area.row); row < lastRow; row++) {
      for (let column = Math.max(0, area.column); column < lastColumn; column++) {
        this.#blocks[row * this.columns + column] = colour;
      }
    }
  }
}

/** Whether two are one colour. */
export function isSameColour(one: Colour | undefined, other: Colour | undefined): boolean {
  return one !== undefined && other !== undefined &&
    one.y === other.y && one.u === other.u && one.v === other.v;
}
