/**
 * One member of one room: who it is and what it shows. Its room alone changes it; signaling uses the
 * object as the key to the connection it sits on, and everybody else sees {@linkcode ParticipantView}.
 */
import type { MediaPath, MediaState, ParticipantView, Role, UserId } from "../protocol/mod.ts";

/** What a participant last measured (rule SS1). */
export type StatsReport = {
  readonly bitrateKbps: number | undefined;
  readonly path: MediaPath | undefined;
};

/** A member of a room, from its join to its leave. */
export class Participant {
  /** Unique in the room. */
  readonly userId: UserId;
  /** What it may do. */
  readonly role: Role;
  /** Its last statistics, if it sent any. */
  report: StatsReport | undefined;
  #view: ParticipantView;

  /** A member as it joined, with an empty media state. */
  constructor(options: { userId: UserId; name: string | undefined; role: Role; joinedAt: number }) {
    const { userId, name, role, joinedAt } = options;
    this.userId = userId;
    this.role = role;
    this.#view = { userId, ...(name === undefined ? {} : { name }), role, state: {}, joinedAt };
  }

  /** What the others see; a new object after each change, never changed itself. */
  get view(): ParticipantView {
    return this.#view;
  }

  /** Shows whether its connection is there (rule RE3). Returns whether that changed anything. */
  updateConnected(isConnected: boolean): boolean {
    const { connected, ...view } = this.#view;
    if ((connected ?? true) === isConnected) return false;
    this.#view = isConnected ? view : { ...view, connected: false };
    return true;
  }

  /** Takes over the keys that `change` names. Returns whether that changed anything (rule ST1). */
  updateState(change: MediaState): boolean {
    const before = this.#view.state;
    const state: MediaState = { ...before };
    if (change.audio !== undefined) state.audio = change.audio;
    if (change.video !== undefined) state.video = change.video;
    if (change.screen !== undefined) state.screen = change.screen;
    if (change.hand !== undefined) state.hand = change.hand;
    const isChanged = before.audio !== state.audio || before.video !== state.video ||
      before.screen !== state.screen || before.hand !== state.hand;
    if (isChanged) this.#view = { ...this.#view, state };
    return isChanged;
  }
}
