/**
 * Frames over the socket in the model: who asked for whose, what sources are told, and who gets what
 * is shown (rules CO7, FR1-FR4, FR6, FR8). Nobody is ever behind here: what `fuzz` shows is short. Pure
 * but for the state.
 */
import { answer, confirm, type Refusal, refuse } from "./answers.ts";
import { isSame, type Message } from "./pattern.ts";
import {
  type Connection,
  type Source,
  type State,
  type Stay,
  tell,
  tellConnection,
} from "./state.ts";

/** The `type` under which a received frame stands among the messages; no message has it. */
export const FRAME = "(frame)";

/** A frame in words. */
export type ShownFrame = {
  readonly kind: "opus" | "vp8";
  readonly isKey: boolean;
};

const FRAMES: readonly ShownFrame[] = [
  { kind: "opus", isKey: true },
  { kind: "vp8", isKey: false },
  { kind: "vp8", isKey: true },
];

/** The frame of a step. */
export function shownFrame({ which }: { readonly which: number }): ShownFrame {
  return FRAMES[which % FRAMES.length]!;
}

/** Whether anybody wants the frames of `stay`. */
export function isWanted(stay: Stay): boolean {
  return (sourceOf(stay)?.viewers.length ?? 0) > 0;
}

/** Begins or ends to pass somebody's frames on (rules FR2, FR3). */
export function requestRelay(state: State, stay: Stay, request: Message): void {
  const connection = stay.connection!;
  const { room } = stay;
  const target = room.members.find(({ userId, role }) =>
    request.userId === undefined ? role === "broadcaster" : userId === request.userId
  );
  const refusals: Refusal[] = [];
  if (!isSame(request.roomId, state.slots[room.slot]!.id)) refusals.push(["not-allowed", "FR3"]);
  if (target === stay) refusals.push(["not-allowed", "FR3"]);
  if (target === undefined) refusals.push(["no-such-participant", "FR3"]);
  else if (!target.canRelay) refusals.push(["media-failed", "FR3"]);
  if (target === undefined || refusals.length > 0) {
    return refuse(state, connection, request, refusals);
  }
  if (request.active === false) {
    confirm(state, connection, request);
    const source = sourceOf(target);
    if (source !== undefined) remove(state, source, stay);
    return;
  }
  const source = sourceOf(target) ?? addSource(state, target);
  answer(state, connection, request, "FR2", {
    type: "relay-started",
    userId: target.userId,
    sourceId: { hole: "number", name: source.name },
  });
  const viewer = source.viewers.find((one) => one.stay === stay);
  if (viewer !== undefined) viewer.needsKeyFrame = true;
  else {
    source.viewers.push({ stay, needsKeyFrame: true });
    tellWanted(state, source);
  }
}

/** A member has left: it gives no frames any more, and gets none (rule FR8). */
export function withdraw(state: State, stay: Stay): void {
  const { room } = stay;
  room.sources = room.sources.filter((source) => source.stay !== stay);
  for (const source of room.sources) remove(state, source, stay);
}

/** A member is back on another connection: what was on its way is lost (rules FR4, FR8). */
export function reattach(state: State, stay: Stay): void {
  for (const source of stay.room.sources) {
    const isOwn = source.stay === stay;
    if (isOwn) tellWanted(state, source);
    for (const viewer of source.viewers) {
      if (isOwn || viewer.stay === stay) viewer.needsKeyFrame = true;
    }
  }
}

/** `connection` sends a frame (rules CO7, FR6). */
export function show(
  state: State,
  connection: Connection,
  { kind, isKey, number }: ShownFrame & { readonly number: number },
): void {
  if (!connection.isSource) return refuse(state, connection, {}, [["bad-message", "CO7"]]);
  const source = connection.stay === undefined ? undefined : sourceOf(connection.stay);
  if (source === undefined) return;
  const sourceId = { hole: "number", name: source.name } as const;
  for (const viewer of source.viewers) {
    const to = viewer.stay.connection;
    const isPicture = kind === "vp8";
    if (isPicture && (to === undefined || isKey)) viewer.needsKeyFrame = to === undefined;
    if (to === undefined || (isPicture && viewer.needsKeyFrame)) continue;
    tellConnection(state, to, {
      rule: "FR6",
      message: { type: FRAME, kind, isKey, number, sourceId },
    });
  }
}

function sourceOf(stay: Stay): Source | undefined {
  return stay.room.sources.find((source) => source.stay === stay);
}

function addSource(state: State, stay: Stay): Source {
  const source: Source = { stay, name: `source ${state.next++}`, viewers: [] };
  stay.room.sources.push(source);
  return source;
}

function remove(state: State, source: Source, stay: Stay): void {
  const before = source.viewers.length;
  source.viewers = source.viewers.filter((viewer) => viewer.stay !== stay);
  if (source.viewers.length < before) tellWanted(state, source);
}

function tellWanted(state: State, { stay, viewers: { length: viewers } }: Source): void {
  const isSome = viewers > 0;
  const message = {
    type: "relay-wanted",
    ...{ video: isSome, audio: isSome, pictures: [], viewers },
    maxFrameBytes: { hole: "whole number" },
  };
  if (stay.connection !== undefined) stay.connection.isSource = true;
  tell(state, stay, { rule: "FR4", message });
}
