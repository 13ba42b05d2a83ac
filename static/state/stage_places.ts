/** Which tile stands where on a stage of a certain size. Pure. */
import type { UserId } from "../../src/protocol/mod.ts";
import { layOutFocus, layOutGrid, type Rect, type StageSize } from "./layout.ts";
import { type Arrangement, placed, type TileKey } from "./stage.ts";

/** A tile and its place. */
export interface Place {
  readonly tile: TileKey;
  readonly rect: Rect;
}

/** All that have a place, and how many have none. */
export interface StagePlaces {
  /** In the order of their names, which never changes with the arrangement. */
  readonly tiles: readonly Place[];
  readonly hidden: number;
}

/** Gives as many as possible a place; the speaker is among them. */
export function givePlaces(
  { main, rest }: Arrangement,
  size: StageSize,
  speakerId: UserId | undefined,
): StagePlaces {
  const layout = main === undefined
    ? layOutGrid(rest.length, size)
    : layOutFocus(rest.length, size);
  const shown = placed(rest, layout.rest.length, speakerId);
  const tiles = shown.flatMap((tile, index): Place[] => {
    const rect = layout.rest[index];
    return rect === undefined ? [] : [{ tile, rect }];
  });
  if (main !== undefined && layout.main !== undefined) {
    tiles.push({ tile: main, rect: layout.main });
  }
  const nameOf = ({ tile }: Place) => `${tile.kind}:${tile.userId}`;
  tiles.sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1);
  return { tiles, hidden: rest.length - shown.length };
}
