/**
 * One member of one room: who it is and what it shows. Its room alone changes it; signaling uses the
 * object as the key to the connection it sits on, and everybody else sees {@linkcode ParticipantView}.
 */
import {
  MEDIA_STATE_KEYS,
  type MediaPath,
  type MediaState,
  type ParticipantView,
  type PathTimes,
  type Role,
  type TrackView,
  type UserId,
} from "../protocol/mod.ts";
import type { Origin } from "./origin.ts";

/** What a participant last measured (rule SS1). */
export type StatsReport = {
  readonly bitrateKbps: number | undefined;
  readonly path: MediaPath | undefined;
  readonly pathMs: PathTimes | undefined;
};

/** Who wants to enter. */
export type Entrant = {
  readonly userId: UserId;
  readonly name?: string | undefined;
  /** Default `participant`. */
  readonly role?: Role | undefined;
  /** Default none: nothing is known of it but its user id. */
  readonly origin?: Origin | undefined;
  /** What stands for the passcode that it has proven. Default none. */
  readonly passcode?: object | undefined;
  /** `true`: a token or key makes it host; `false`: its token forbids it. Default: rule HO1. */
  readonly mayHost?: boolean | undefined;
  /** Whether a token makes it the broadcaster, host or not (rule CR7). Default not. */
  readonly mayBroadcast?: boolean | undefined;
  /** Whether it can take its media through the server (rule TO1). Default not. */
  readonly canSfu?: boolean | undefined;
  /** Whether it can send what it shows over its socket (rule FR1). Default not. */
  readonly canRelay?: boolean | undefined;
  /** Whether it came without a socket: it hears nothing, and its media know no other way. Default not. */
  readonly isSocketless?: boolean | undefined;
};

/** A member of a room, from its join to its leave; before, it may wait to be admitted. */
export class Participant {
  /** Unique in the room. */
  readonly userId: UserId;
  /** What it may do. */
  readonly role: Role;
  /** Whether it is host by grant, never, or by the rules alone. */
  readonly mayHost: boolean | undefined;
  /** Whether its media can go through the server. */
  readonly canSfu: boolean;
  /** Whether it can send what it shows over its socket. */
  readonly canRelay: boolean;
  /** Whether it came without a socket. */
  readonly isSocketless: boolean;
  /** Whether it is no member yet, but waits in the lobby (rule LB2). */
  isWaiting = false;
  /** Its last statistics, if it sent any. */
  report: StatsReport | undefined;
  /** Reports in a row that something holds its pictures down; the room's media count (rule TO2). */
  limitedReports = 0;
  /** Whether it wants its media through the server; the room's media ask (rule TO5). */
  wantsForwarding = false;
  /** When it last asked what is counted of its media, by the monotonic clock (rule MS2). */
  countsAskedAt = -Infinity;
  #view: ParticipantView;
  #origin: Origin;

  /** A member as it joined, with an empty media state. */
  constructor(entrant: Entrant, joinedAt: number) {
    const { userId, name, role = "participant", origin = {}, mayHost } = entrant;
    this.userId = userId;
    this.role = role;
    this.#origin = origin;
    this.mayHost = mayHost;
    this.isSocketless = entrant.isSocketless ?? false;
    this.canSfu = this.isSocketless || (entrant.canSfu ?? false);
    this.canRelay = !this.isSocketless && (entrant.canRelay ?? false);
    this.#view = { userId, ...(name === undefined ? {} : { name }), role, state: {}, joinedAt };
  }

  /** What the others see; a new object after each change, never changed itself. */
  get view(): ParticipantView {
    return this.#view;
  }

  /** What else tells it from others, where it is now. */
  get origin(): Origin {
    return this.#origin;
  }

  /** It sits on another connection (rule RE4): a ban is to hold there (rule KI2). */
  moveTo(origin: Origin): void {
    this.#origin = origin;
  }

  /** It may moderate from now on; only `Hosts` says so. */
  becomeHost(): void {
    this.#view = { ...this.#view, host: true };
  }

  /** It waits no more: it has been a member since `joinedAt` (rule LB4). */
  admit(joinedAt: number): void {
    this.isWaiting = false;
    this.#view = { ...this.#view, joinedAt };
  }

  /** Shows whether its connection is there (rule RE3). Returns whether that changed anything. */
  updateConnected(isConnected: boolean): boolean {
    const { connected, ...view } = this.#view;
    if ((connected ?? true) === isConnected) return false;
    this.#view = isConnected ? view : { ...view, connected: false };
    return true;
  }

  /** Whether it sends that track to the server. */
  hasTrack(trackId: string): boolean {
    return this.#view.tracks?.some((track) => track.trackId === trackId) ?? false;
  }

  /** Shows a track that it sends to the server (rule PB3). Returns false where it did already. */
  addTrack(track: TrackView): boolean {
    if (this.hasTrack(track.trackId)) return false;
    this.#view = { ...this.#view, tracks: [...this.#view.tracks ?? [], track] };
    return true;
  }

  /** Shows it no more. Returns whether that changed anything. */
  removeTrack(trackId: string): boolean {
    if (!this.hasTrack(trackId)) return false;
    const { tracks = [], ...view } = this.#view;
    const others = tracks.filter((track) => track.trackId !== trackId);
    this.#view = others.length === 0 ? view : { ...view, tracks: others };
    return true;
  }

  /** Takes over the keys that `change` names. Returns whether that changed anything (rule ST1). */
  updateState(change: MediaState): boolean {
    const before = this.#view.state;
    const state: MediaState = { ...before };
    for (const key of MEDIA_STATE_KEYS) {
      const value = change[key];
      if (value !== undefined) state[key] = value;
    }
    const isChanged = MEDIA_STATE_KEYS.some((key) => before[key] !== state[key]);
    if (isChanged) this.#view = { ...this.#view, state };
    return isChanged;
  }
}
