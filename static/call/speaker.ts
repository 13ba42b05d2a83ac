/**
 * Who speaks, from the levels of everybody's sound. Two answers: who makes a sound now (several may),
 * and the one whom all look at, who changes only when another one really has taken the word. Pure but
 * for what it remembers.
 */
import type { UserId } from "../../src/protocol/mod.ts";

/** A level (0 to 1) from which a sound is a voice, and below which it is one no more. */
export const VOICE = 0.03;
export const SILENCE = 0.015;
/** Between two words nobody is silent yet. */
export const PAUSE_MS = 700;
/** A cough is no speech. */
export const ONSET_MS = 300;
/** Who has the word keeps it for this long, whoever else speaks. */
export const HOLD_MS = 2_000;
/** So much louder than who has the word must somebody be to take it while that one still speaks. */
export const LOUDER = 2;
/** And for so long. */
export const TAKE_MS = 800;
/** How fast a level follows: after this long, it has come two thirds of the way. */
const SMOOTHING_MS = 250;

/** Who speaks at one moment. */
export interface Speakers {
  /** Who has the word; the last one keeps it while nobody speaks. */
  readonly active: UserId | undefined;
  /** Everybody who speaks, in no order. */
  readonly speaking: ReadonlySet<UserId>;
}

type Voice = {
  level: number;
  /** Since when it is loud without a pause; undefined while it is quiet. */
  loudSince: number | undefined;
  lastLoudAt: number;
  isSpeaking: boolean;
  /** Since when it drowns the one who has the word. */
  drownsSince: number | undefined;
};

/** Listens to everybody in one room. */
export class SpeakerDetector {
  readonly #voices = new Map<UserId, Voice>();
  #active: UserId | undefined;
  #activeSince = -Infinity;
  #heardAt: number | undefined;

  /**
   * Takes the levels at `at` (milliseconds of a clock that never goes back). Who is not in them is
   * not in the room any more.
   */
  hear(at: number, levels: ReadonlyMap<UserId, number>): Speakers {
    const passedMs = this.#heardAt === undefined ? Infinity : Math.max(0, at - this.#heardAt);
    this.#heardAt = at;
    for (const userId of this.#voices.keys()) {
      if (!levels.has(userId)) this.#voices.delete(userId);
    }
    if (this.#active !== undefined && !levels.has(this.#active)) this.#active = undefined;
    for (const [userId, level] of levels) this.#follow(at, userId, level, passedMs);
    this.#passTheWord(at);
    const speaking = [...this.#voices].filter(([, { isSpeaking }]) => isSpeaking);
    return { active: this.#active, speaking: new Set(speaking.map(([userId]) => userId)) };
  }

  #follow(at: number, userId: UserId, level: number, passedMs: number): void {
    const voice: Voice = this.#voices.get(userId) ??
      {
        level: 0,
        loudSince: undefined,
        lastLoudAt: -Infinity,
        isSpeaking: false,
        drownsSince: undefined,
      };
    this.#voices.set(userId, voice);
    const share = 1 - Math.exp(-passedMs / SMOOTHING_MS);
    voice.level += (level - voice.level) * share;
    if (voice.level >= (voice.isSpeaking ? SILENCE : VOICE)) {
      voice.loudSince ??= at;
      voice.lastLoudAt = at;
      if (at - voice.loudSince >= ONSET_MS) voice.isSpeaking = true;
    } else if (!voice.isSpeaking || at - voice.lastLoudAt >= PAUSE_MS) {
      voice.isSpeaking = false;
      voice.loudSince = undefined;
    }
  }

  #passTheWord(at: number): void {
    const holder = this.#active === undefined ? undefined : this.#voices.get(this.#active);
    for (const voice of this.#voices.values()) {
      const drowns = voice !== holder && voice.isSpeaking &&
        (holder === undefined || voice.level >= holder.level * LOUDER);
      voice.drownsSince = drowns ? voice.drownsSince ?? at : undefined;
    }
    if (holder !== undefined && at - this.#activeSince < HOLD_MS) return;
    const claims = [...this.#voices].filter(([, voice]) =>
      voice !== holder && voice.isSpeaking &&
      (holder === undefined || !holder.isSpeaking || lasts(voice.drownsSince, at))
    );
    // The loudest; of two that are as loud the one who came first.
    const [best] = claims.sort(([, one], [, other]) => other.level - one.level);
    if (best === undefined) return;
    [this.#active] = best;
    this.#activeSince = at;
    for (const voice of this.#voices.values()) voice.drownsSince = undefined;
  }
}

function lasts(since: number | undefined, at: number): boolean {
  return since !== undefined && at - since >= TAKE_MS;
}
