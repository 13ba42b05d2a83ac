/**
 * A text as a QR code (ISO/IEC 18004), as what an SVG element draws: the side of a square in modules,
 * and one path of the dark ones. Pure.
 */
import { encode } from "uqr";

/** The standard wants so many light modules around. */
export const QUIET_MODULES = 4;

/** A QR code to be drawn. */
export interface QrDrawing {
  /** In modules, the light border included. */
  readonly side: number;
  /** The dark modules, as the `d` of a path. */
  readonly path: string;
}

/** Draws `text`; a code that a finger or a reflection covers in part is read all the same. */
export function drawQr(text: string): QrDrawing {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_MODULES });
  return { side: size, path: data.map(pathOfRow).join("") };
}

/** Neighbours in a row are one rectangle: fewer edges for a renderer to blur. */
function pathOfRow(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length;) {
    const end = endOfRun(row, x);
    if (row[x]) path += `M${x} ${y}h${end - x}v1h${x - end}z`;
    x = end;
  }
  return path;
}

function endOfRun(row: readonly boolean[], start: number): number {
  const end = row.findIndex((isDark, x) => x > start && isDark !== row[start]);
  return end < 0 ? row.length : end;
}
