/**
 * Where the tiles of a call stand: pure geometry in whole pixels. A grid of equals, or one large tile
 * with a strip of small ones beside it. Nothing of it depends on who the tiles are.
 */

/** A place on the stage. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The room that there is. */
export interface StageSize {
  readonly width: number;
  readonly height: number;
}

/** A layout; tiles that have no place any more are counted by whoever shows it. */
export interface Layout {
  /** The large tile; undefined in a grid. */
  readonly main: Rect | undefined;
  /** The others, in order. */
  readonly rest: readonly Rect[];
}

/** Between two tiles. */
export const GAP = 8;
/** A tile is no wider than a picture is, and on a wide stage as wide as high: little is cut off. */
const NARROWEST = 1;
const NARROWEST_ON_HIGH_STAGE = 3 / 4;
const WIDEST = 16 / 9;
/** Below this a face is no face any more. */
const MIN_TILE_WIDTH = 120;
const MIN_TILE_HEIGHT = 90;
/** A strip takes this part of the stage, within bounds that keep a face recognisable. */
const STRIP_PART = 0.2;
const MIN_STRIP = 80;
const MAX_STRIP = 200;
/** From here on the strip stands at the side: wide screens have room to spare there. */
const SIDE_RATIO = 1.25;

/** A grid that gives every tile the same and the largest place. */
export function layOutGrid(count: number, stage: StageSize): Layout {
  if (count === 0 || stage.width <= 0 || stage.height <= 0) return { main: undefined, rest: [] };
  const shown = Math.min(count, mostTiles(stage));
  let best = cellsFor(shown, 1, stage);
  for (let columns = 2; columns <= shown; columns++) {
    const next = cellsFor(shown, columns, stage);
    if (next.tile.width * next.tile.height > best.tile.width * best.tile.height) best = next;
  }
  const { tile, columns, rows } = best;
  const rest: Rect[] = [];
  const top = (stage.height - rows * tile.height - (rows - 1) * GAP) / 2;
  for (let index = 0; index < shown; index++) {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, shown - row * columns);
    const left = (stage.width - inRow * tile.width - (inRow - 1) * GAP) / 2;
    rest.push(whole({
      x: left + (index % columns) * (tile.width + GAP),
      y: top + row * (tile.height + GAP),
      ...tile,
    }));
  }
  return { main: undefined, rest };
}

/** One large tile, and as many of the others as fit in a strip at the side or below. */
export function layOutFocus(others: number, stage: StageSize): Layout {
  if (stage.width <= 0 || stage.height <= 0) return { main: undefined, rest: [] };
  const all = { x: 0, y: 0, width: stage.width, height: stage.height };
  if (others === 0) return { main: whole(all), rest: [] };
  return stage.width / stage.height > SIDE_RATIO
    ? withSideStrip(others, stage)
    : withBottomStrip(others, stage);
}

/** How many tiles of a size that is worth showing fit on the stage. */
export function mostTiles(stage: StageSize): number {
  const fit = (length: number, least: number) =>
    Math.max(1, Math.floor((length + GAP) / (least + GAP)));
  return fit(stage.width, MIN_TILE_WIDTH) * fit(stage.height, MIN_TILE_HEIGHT);
}

function withSideStrip(others: number, stage: StageSize): Layout {
  const width = within(stage.width * STRIP_PART, MIN_STRIP * WIDEST, MAX_STRIP * 1.2);
  const height = Math.min(width / WIDEST, stage.height);
  // Where a strip would leave no face in the middle, there is none.
  if (stage.width - width - GAP < MIN_TILE_WIDTH) return layOutFocus(0, stage);
  const fit = Math.max(1, Math.floor((stage.height + GAP) / (height + GAP)));
  const shown = Math.min(others, fit);
  const top = (stage.height - shown * height - (shown - 1) * GAP) / 2;
  return {
    main: whole({ x: 0, y: 0, width: stage.width - width - GAP, height: stage.height }),
    rest: Array.from(
      { length: shown },
      (_, index) =>
        whole({ x: stage.width - width, y: top + index * (height + GAP), width, height }),
    ),
  };
}

function withBottomStrip(others: number, stage: StageSize): Layout {
  // Three faces side by side, also on a phone: who comes second is not hidden by the first.
  const third = (stage.width - 2 * GAP) / 3;
  const height = within(Math.min(stage.height * STRIP_PART, third * (3 / 4)), MIN_STRIP, MAX_STRIP);
  const width = Math.min(height * (4 / 3), stage.width);
  if (stage.height - height - GAP < MIN_TILE_HEIGHT) return layOutFocus(0, stage);
  const fit = Math.max(1, Math.floor((stage.width + GAP) / (width + GAP)));
  const shown = Math.min(others, fit);
  const left = (stage.width - shown * width - (shown - 1) * GAP) / 2;
  return {
    main: whole({ x: 0, y: 0, width: stage.width, height: stage.height - height - GAP }),
    rest: Array.from(
      { length: shown },
      (_, index) =>
        whole({ x: left + index * (width + GAP), y: stage.height - height, width, height }),
    ),
  };
}

function cellsFor(count: number, columns: number, stage: StageSize) {
  const rows = Math.ceil(count / columns);
  const width = Math.max(0, (stage.width - (columns - 1) * GAP) / columns);
  const height = Math.max(0, (stage.height - (rows - 1) * GAP) / rows);
  const narrowest = stage.height > stage.width ? NARROWEST_ON_HIGH_STAGE : NARROWEST;
  // One alone may take the whole stage: there is nobody to be equal to.
  const tile = count === 1 ? { width, height } : {
    width: Math.min(width, height * WIDEST),
    height: Math.min(height, width / narrowest),
  };
  return { tile, columns, rows };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function whole({ x, y, width, height }: Rect): Rect {
  return {
    x: Math.round(x),
    y: Math.round(y),
    width: Math.floor(width),
    height: Math.floor(height),
  };
}
