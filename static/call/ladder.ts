/**
 * The ladder of a viewer: by which way a broadcast comes, when the next way down is asked for, and
 * when a better one is gone back to. Pure: it is told what has come and what time it is, and says what
 * is to be asked and shown. Its rungs are those of the wire's MediaPath; whether a direct path goes
 * over a TURN server ICE finds out by itself, so to the ladder `p2p` and `turn` are one way, and the
 * room's topology, which is the server's business (rules TO1-TO5), says whether the media come
 * directly or through the server.
 *
 * A viewer falls when nothing comes: the server is asked to forward (TO5), then for frames over the
 * socket (FR2). What is above goes on trying meanwhile, and is gone back to when it has borne for a
 * while. Each return that did not last makes the next one wait twice as long.
 */
import type { MediaPath, Topology } from "../../src/protocol/mod.ts";

/** So long a first picture may take on the way that a room had as we came. */
export const FIRST_MS = 4_000;
/** What came and then stops for so long has stalled. */
export const STALL_MS = 2_000;
/** So long a first picture may take on the way that was asked for, or that the room turned to. */
export const NEXT_MS = 3_000;
/** A way that is better has to bear for so long before it is gone back to. */
export const CLIMB_MS = 2_000;
/** What comes further apart than this does not bear. A screen at rest is sent once a second. */
export const GAP_MS = 1_500;
/** The longest that a way has to bear after it failed again and again. */
export const LONGEST_CLIMB_MS = 64_000;
/** From the server's way the direct one is tried again after this long, then after twice as long. */
export const RETRY_MS = 60_000;
/** The pauses grow no further. */
export const LONGEST_RETRY_MS = 600_000;
/** A trial of the direct way takes so long: within the time in which nothing is lost (TO4). */
export const TRIAL_MS = 6_000;
/** A room that still goes through the server so long after we want it no more has its own reasons. */
export const TURN_BACK_MS = 20_000;
/** However often the network changes, the direct way is tried no more often than this. */
export const MIN_RETRY_MS = 10_000;
/** What bore for so long has proved itself: waiting times start small again. */
export const STABLE_MS = 60_000;
/** Whoever did not look for so long was asleep, and what did not come meanwhile means nothing. */
export const ASLEEP_MS = 3_000;
/** Who was refused frames asks again after this long. */
export const ASK_AGAIN_MS = 10_000;

/** By what a broadcast comes: peer connections, of whichever topology, or frames over the socket. */
export type Way = "media" | "relay";

/** Why a viewer is not on the best rung. */
export type LadderReason =
  /** Nothing ever came directly. */
  | "no-direct-path"
  /** Neither directly nor from the server's port for media. */
  | "no-media-path"
  /** What came has stopped. */
  | "stalled"
  /** The room is so large that the server carries its media. */
  | "room-is-large"
  /** Others of the room have no direct path. */
  | "others-need-it"
  /** The person demanded a rung. */
  | "forced";

/** What is known at one moment. */
export interface Sighting {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  readonly topology: Topology;
  /** Whether the room has so many members that the server carries its media anyway. */
  readonly isLarge: boolean;
  /** Whether the broadcaster shows anything that could come. */
  readonly isExpected: boolean;
  /** What has come by peer connections; a smaller number than before is that of another connection. */
  readonly media: number;
  /** Whether ICE took a TURN server. */
  readonly isTurn: boolean;
  /** What has come over the socket. */
  readonly relay: number;
}

/** What is to be asked of the server, and shown. */
export interface Advice {
  readonly shown: Way;
  /** To be said with `request-forwarding`. */
  readonly wantsForwarding: boolean;
  /** To be asked for with `request-relay`. */
  readonly wantsRelay: boolean;
  /** The rung on which something comes; undefined: none. */
  readonly rung: MediaPath | undefined;
  readonly why: LadderReason | undefined;
}

/** When a counter grew. */
type Growth = { readonly count: number; readonly at: number; readonly streakFrom: number };

/** The ladder of one viewer in one room. */
export class Ladder {
  readonly #forced: MediaPath | undefined;
  #topology: Topology | undefined;
  /** Since when the present way of the peer connections has had its chance, and how long that is. */
  #chance = { from: -Infinity, ms: FIRST_MS };
  #media: Growth | undefined;
  #relay: Growth | undefined;
  #counts = { media: 0, relay: 0 };
  #lookedAt = Infinity;
  #canForward = true;
  #relayFrom = -Infinity;
  #forwardingFrom = -Infinity;
  #trial: { readonly from: number } | undefined;
  #retryAt = Infinity;
  #retryMs = RETRY_MS;
  #triedAt = -Infinity;
  #climbMs = CLIMB_MS;
  #climbedAt = -Infinity;
  #wantsForwarding: boolean;
  #wantsRelay: boolean;
  /** Why each of the two is wanted. */
  #whyForwarding: LadderReason = "no-direct-path";
  #whyRelay: LadderReason = "no-media-path";
  #shown: Way;

  /** The best rung is tried first; a `forced` one is stayed on. */
  constructor(forced?: MediaPath) {
    this.#forced = forced;
    this.#wantsForwarding = forced === "sfu";
    this.#wantsRelay = forced === "relay";
    this.#shown = forced === "relay" ? "relay" : "media";
  }

  /** What is to be done, now that this is known. To be called several times a second. */
  look(seen: Sighting): Advice {
    if (seen.at - this.#lookedAt >= ASLEEP_MS) this.#wake(seen.at);
    this.#lookedAt = seen.at;
    this.#follow(seen);
    if (this.#forced === undefined) {
      if (!seen.isExpected) this.#wait(seen.at);
      else if (this.#wantsRelay) this.#lookFromRelay(seen);
      else this.#lookFromMedia(seen);
      this.#tryDirect(seen);
      this.#calmDown(seen);
    }
    return {
      shown: this.#shown,
      wantsForwarding: this.#wantsForwarding,
      wantsRelay: this.#wantsRelay,
      rung: this.#rung(seen),
      why: this.#reason(seen),
    };
  }

  /** The network is another one: the direct way is tried at once. */
  networkChanged(at: number): void {
    if (this.#forced !== undefined || at - this.#triedAt < MIN_RETRY_MS) return;
    this.#retryMs = RETRY_MS;
    this.#climbMs = CLIMB_MS;
    if (this.#retryAt !== Infinity) this.#retryAt = at;
  }

  /** The server does not forward for us, now or ever. */
  forwardingRefused(): void {
    this.#canForward = false;
    this.#wantsForwarding = false;
    this.#retryAt = Infinity;
    this.#trial = undefined;
  }

  /** The broadcaster sends no frames over the socket, for now. */
  relayRefused(at: number): void {
    if (this.#forced === "relay") return;
    this.#wantsRelay = false;
    this.#shown = "media";
    this.#relayFrom = at + ASK_AGAIN_MS;
  }

  /** Keeps account of what grew, and of which way the peer connections travel. */
  #follow({ at, topology, media, relay, isExpected }: Sighting): void {
    if (topology !== this.#topology) {
      const ms = this.#topology === undefined ? FIRST_MS : NEXT_MS;
      this.#topology = topology;
      this.#chance = { from: at, ms: this.#trial === undefined ? ms : TRIAL_MS };
      this.#media = undefined;
      this.#counts = { ...this.#counts, media };
    }
    this.#media = grown(this.#media, this.#counts.media, { count: media, at });
    this.#relay = grown(this.#relay, this.#counts.relay, { count: relay, at });
    this.#counts = { media, relay };
    if (!isExpected) this.#media = this.#relay = undefined;
  }

  /** Nobody shows anything: whatever comes next gets its time from then on. */
  #wait(at: number): void {
    this.#chance = { from: at, ms: FIRST_MS };
    this.#forwardingFrom = Math.max(this.#forwardingFrom, at);
  }

  #wake(at: number): void {
    this.#wait(at);
    if (this.#media !== undefined) this.#media = { ...this.#media, at, streakFrom: at };
    if (this.#relay !== undefined) this.#relay = { ...this.#relay, at, streakFrom: at };
  }

  /** Whether the peer connections had their time and bring nothing. */
  #isDead({ at }: Sighting): boolean {
    if (this.#media !== undefined) return at - this.#media.at >= STALL_MS;
    return at - this.#chance.from >= this.#chance.ms;
  }

  #lookFromMedia(seen: Sighting): void {
    const { at, topology } = seen;
    // A trial has an end of its own: what is above it is carried on meanwhile.
    if (this.#trial !== undefined || !this.#isDead(seen)) return;
    const isStalled = this.#media !== undefined;
    if (topology === "mesh" && this.#canForward) {
      if (!this.#wantsForwarding) return this.#forward(at, isStalled);
      if (at - this.#forwardingFrom < NEXT_MS) return;
    }
    if (at < this.#relayFrom) return;
    this.#whyRelay = isStalled ? "stalled" : "no-media-path";
    this.#wantsRelay = true;
    this.#relayFrom = at;
    // A return that did not last: the next one has to bear for longer.
    if (this.#climbedAt !== -Infinity && at - this.#climbedAt < STABLE_MS) {
      this.#climbMs = Math.min(this.#climbMs * 2, LONGEST_CLIMB_MS);
    }
  }

  #lookFromRelay(seen: Sighting): void {
    const { at, topology } = seen;
    const isDead = this.#isDead(seen);
    // The last picture stays until there is another: the frames have to come first.
    if (isDead && this.#relay !== undefined && at - this.#relay.at < STALL_MS) {
      this.#shown = "relay";
    }
    if (this.#isBearing(seen)) {
      this.#wantsRelay = false;
      this.#shown = "media";
      this.#climbedAt = at;
      return;
    }
    const mayForward = topology === "mesh" && this.#canForward && !this.#wantsForwarding;
    if (isDead && mayForward && this.#trial === undefined) this.#forward(at);
  }

  #forward(at: number, isStalled = false): void {
    // A trial that seemed to have come off, and had not.
    if (at - this.#triedAt < STABLE_MS) this.#retryMs = longer(this.#retryMs);
    this.#whyForwarding = isStalled ? "stalled" : "no-direct-path";
    this.#wantsForwarding = true;
    this.#forwardingFrom = at;
    this.#retryAt = at + this.#retryMs;
  }

  /** From the server's way, where we asked for it, the direct one is tried now and then. */
  #tryDirect(seen: Sighting): void {
    const { at, topology } = seen;
    const trial = this.#trial;
    if (trial === undefined) {
      const isTime = at >= this.#retryAt && seen.isExpected;
      if (!isTime || !this.#wantsForwarding || topology !== "sfu") return;
      this.#wantsForwarding = false;
      this.#retryAt = Infinity;
      this.#triedAt = at;
      this.#trial = { from: at };
      return;
    }
    if (topology === "mesh" && this.#isBearing(seen)) {
      this.#trial = undefined;
      return;
    }
    const isInVain = topology === "mesh"
      ? this.#isDead(seen) && at - this.#chance.from >= TRIAL_MS
      : at - trial.from >= TURN_BACK_MS;
    if (!isInVain) return;
    this.#trial = undefined;
    if (topology === "mesh") this.#forward(at);
  }

  #isBearing({ at }: Sighting, forMs: number = this.#climbMs): boolean {
    const media = this.#media;
    return media !== undefined && at - media.at < STALL_MS && at - media.streakFrom >= forMs;
  }

  /** What has proved itself is trusted again. */
  #calmDown(seen: Sighting): void {
    if (this.#wantsRelay || !this.#isBearing(seen, STABLE_MS)) return;
    this.#climbMs = CLIMB_MS;
    if (seen.topology === "mesh") this.#retryMs = RETRY_MS;
  }

  #rung({ at, topology, isTurn }: Sighting): MediaPath | undefined {
    const growth = this.#shown === "relay" ? this.#relay : this.#media;
    if (growth === undefined || at - growth.at >= STALL_MS) return undefined;
    if (this.#shown === "relay") return "relay";
    if (topology === "sfu") return "sfu";
    return isTurn ? "turn" : "p2p";
  }

  #reason(seen: Sighting): LadderReason | undefined {
    if (this.#forced !== undefined) return "forced";
    if (this.#wantsRelay) return this.#whyRelay;
    if (this.#wantsForwarding) return this.#whyForwarding;
    if (seen.topology === "sfu") return seen.isLarge ? "room-is-large" : "others-need-it";
    return seen.isTurn ? "no-direct-path" : undefined;
  }
}

/** The next pause between two trials. */
function longer(pauseMs: number): number {
  return Math.min(pauseMs * 2, LONGEST_RETRY_MS);
}

/** What is known of a counter after another look at it. */
function grown(
  before: Growth | undefined,
  lastCount: number,
  { count, at }: { readonly count: number; readonly at: number },
): Growth | undefined {
  if (count <= lastCount) return before;
  const isGap = before === undefined || at - before.at >= GAP_MS;
  return { count, at, streakFrom: isGap ? at : before.streakFrom };
}
