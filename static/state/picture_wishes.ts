/**
 * How tall each picture is seen, from the places on the stage: the server sends no more than that, and
 * nothing of whom nobody looks at. Pure.
 */
import type { UserId } from "../../src/protocol/mod.ts";
import type { PictureWishes } from "../call/transport.ts";
import type { Person } from "./people.ts";
import type { Place } from "./stage_places.ts";

/** A recording is made of everybody, whoever has a place; a face of it is no taller than this. */
const RECORDED_HEIGHT = 360;
/** Cameras are this wide for their height. */
const ASPECT = 16 / 9;
/** Beyond this nobody sees a difference in a moving picture. */
const MAX_PIXEL_RATIO = 2;

/** What the wishes depend on. */
export interface Watching {
  /** Where the tiles stand; undefined while nobody has measured the stage. */
  readonly places: readonly Place[] | undefined;
  readonly people: readonly Pick<Person, "userId" | "isSelf" | "state" | "tracks">[];
  /** Pixels of the screen for a pixel of the stage. */
  readonly pixelRatio: number;
  /** Whether the page can be seen at all. */
  readonly isWatched: boolean;
  /** Whether we record what comes. */
  readonly isRecording: boolean;
}

/** What is seen of each of the others; undefined while that is not known. */
export function wishesOf(
  { places, people, pixelRatio, isWatched, isRecording }: Watching,
): ReadonlyMap<UserId, PictureWishes> | undefined {
  if (places === undefined) return undefined;
  const ratio = Math.min(pixelRatio, MAX_PIXEL_RATIO);
  const others = people.filter(({ isSelf }) => !isSelf);
  return new Map(others.map(({ userId, state, tracks }): [UserId, PictureWishes] => {
    const own = isWatched ? places.filter(({ tile }) => tile.userId === userId) : [];
    const face = own.find(({ tile }) => tile.kind === "person");
    // A screen has no tile before something of it comes, and nothing comes that is not asked for.
    const isComing = isWatched && state.screen === true && tracks.screen === undefined;
    const hasScreen = isComing || own.some(({ tile }) => tile.kind === "screen");
    const seen = face === undefined ? 0 : coveringHeight(face) * ratio;
    return [userId, {
      camera: Math.max(seen, isRecording ? RECORDED_HEIGHT : 0),
      screen: hasScreen || isRecording ? Infinity : 0,
    }];
  }));
}

/** A face fills its place: in a wide one it is cut above and below. */
function coveringHeight({ rect }: Place): number {
  return Math.max(rect.height, rect.width / ASPECT);
}
