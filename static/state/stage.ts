/**
 * Who stands where on the stage of a call: the view that was chosen, the tile that was pinned, the
 * shares and the active speaker add up to one large tile, or none, and the order of the others. Pure.
 */
import type { UserId } from "../../src/protocol/mod.ts";

/** How the call is seen. */
export const VIEWS = ["speaker", "grid"] as const;
/** One of {@linkcode VIEWS}. */
export type View = typeof VIEWS[number];

/** A tile: a person, or the screen that a person shares. */
export interface TileKey {
  readonly kind: "person" | "screen";
  readonly userId: UserId;
}

/** What the arrangement depends on. */
export interface StageState {
  readonly view: View;
  /** Everybody in join order, the own participant too. */
  readonly userIds: readonly UserId[];
  readonly selfId: UserId | undefined;
  /** Who shares a screen that we show, in the order in which they began. */
  readonly sharers: readonly UserId[];
  readonly pinned: TileKey | undefined;
  /** Who speaks, or spoke last. */
  readonly speakerId: UserId | undefined;
}

/** The tiles in order. */
export interface Arrangement {
  readonly main: TileKey | undefined;
  readonly rest: readonly TileKey[];
}

/** The tiles of a call: shares first, then the people, the own one last. */
export function arrange(state: StageState): Arrangement {
  const screens = state.sharers.map((userId): TileKey => ({ kind: "screen", userId }));
  const others = state.userIds.filter((userId) => userId !== state.selfId);
  const own = state.userIds.filter((userId) => userId === state.selfId);
  const people = [...others, ...own].map((userId): TileKey => ({ kind: "person", userId }));
  const all = [...screens, ...people];
  const main = mainOf(state, all);
  return { main, rest: all.filter((tile) => !isSameTile(tile, main)) };
}

/** The tiles that have a place, when there are `places`: the speaker takes the last one if hidden. */
export function placed(
  rest: readonly TileKey[],
  places: number,
  speakerId: UserId | undefined,
): readonly TileKey[] {
  if (rest.length <= places) return rest;
  const shown = rest.slice(0, places);
  const hidden = rest.slice(places).find(({ kind, userId }) =>
    kind === "person" && userId === speakerId
  );
  return hidden === undefined ? shown : [...shown.slice(0, -1), hidden];
}

/** Whether both are the same tile. */
export function isSameTile(one: TileKey | undefined, other: TileKey | undefined): boolean {
  return one?.kind === other?.kind && one?.userId === other?.userId;
}

/** Who shares now, in the order in which they began; who goes on keeps the place. */
export function orderSharers(
  before: readonly UserId[],
  now: readonly UserId[],
): readonly UserId[] {
  const kept = before.filter((userId) => now.includes(userId));
  return [...kept, ...now.filter((userId) => !kept.includes(userId))];
}

function mainOf(state: StageState, all: readonly TileKey[]): TileKey | undefined {
  const pinned = all.find((tile) => isSameTile(tile, state.pinned));
  if (pinned !== undefined) return pinned;
  const newest = state.sharers.at(-1);
  if (newest !== undefined) {
    return all.find(({ kind, userId }) => kind === "screen" && userId === newest);
  }
  if (state.view === "grid") return undefined;
  const people = all.filter(({ kind }) => kind === "person");
  const others = people.filter(({ userId }) => userId !== state.selfId);
  return others.find(({ userId }) => userId === state.speakerId) ?? others[0] ?? people[0];
}
