/**
 * Where each participant stands in the picture of a recording: a grid, or shared screens large with
 * the faces in a column beside them. Whole pixels, nothing overlaps, nothing outside.
 */

/** A place in the picture. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between tiles, and between tiles and the edge. */
const GAP = 8;
/** How much of the width the faces take beside a shared screen. */
const COLUMN_SHARE = 0.2;
/** Cameras are this wide for their height. */
const ASPECT = 16 / 9;

/** The places of `screens` shared screens and `faces` participants in a picture of this size. */
export function layOutPicture(
  count: { readonly screens: number; readonly faces: number },
  size: { readonly width: number; readonly height: number },
): { readonly screens: readonly Rect[]; readonly faces: readonly Rect[] } {
  const whole = { x: 0, y: 0, ...size };
  if (count.screens === 0) return { screens: [], faces: grid(count.faces, whole) };
  if (count.faces === 0) return { screens: grid(count.screens, whole), faces: [] };
  const columnWidth = Math.round(size.width * COLUMN_SHARE);
  const rest = size.width - columnWidth;
  return {
    screens: grid(count.screens, { ...whole, width: rest }),
    faces: grid(count.faces, { ...whole, x: rest, width: columnWidth }),
  };
}

/** So many tiles as large as they can be; the last row stands in the middle. */
function grid(count: number, area: Rect): Rect[] {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const width = tileWidth(columns, Math.ceil(count / columns), area);
    if (width > best.width) best = { columns, width };
  }
  const width = Math.floor(best.width);
  const height = Math.floor(best.width / ASPECT);
  const rows = Math.ceil(count / best.columns);
  const top = area.y + Math.floor((area.height - rows * height - (rows - 1) * GAP) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / best.columns);
    const inRow = Math.min(best.columns, count - row * best.columns);
    const left = area.x + Math.floor((area.width - inRow * width - (inRow - 1) * GAP) / 2);
    const x = left + (index - row * best.columns) * (width + GAP);
    return { x, y: top + row * (height + GAP), width, height };
  });
}

function tileWidth(columns: number, rows: number, area: Rect): number {
  const byWidth = (area.width - (columns + 1) * GAP) / columns;
  const byHeight = (area.height - (rows + 1) * GAP) / rows * ASPECT;
  return Math.max(0, Math.min(byWidth, byHeight));
}

/** The largest part of a source of this size that fills `place`, cut at the sides or above and below. */
export function cover(source: { width: number; height: number }, place: Rect): Rect {
  const scale = Math.max(place.width / source.width, place.height / source.height);
  const width = place.width / scale;
  const height = place.height / scale;
  return { x: (source.width - width) / 2, y: (source.height - height) / 2, width, height };
}

/** The place inside `place` where the whole source fits. */
export function contain(source: { width: number; height: number }, place: Rect): Rect {
  const scale = Math.min(place.width / source.width, place.height / source.height);
  const width = source.width * scale;
  const height = source.height * scale;
  return {
    x: place.x + (place.width - width) / 2,
    y: place.y + (place.height - height) / 2,
    width,
    height,
  };
}
