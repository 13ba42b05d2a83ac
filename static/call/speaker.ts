/**
 * Who speaks, from the levels of everybody's sound. Two answers: who makes a sound now (several may),
 * and the one whom all look at, who changes only when another one really has taken the word. Pure but
 * for what it remembers.
 */
import type { UserId } from "../../src/protocol/mod.ts";

/** A level (0 to 1) from which a sound is a voice, and below which it is one no more. */
export const VOICE = 0.03;
export const SILENCE = 0.015;
/** A cough is no speech: of the last moments, this part must have been loud. */
export const ONSET = 0.6;
/** Between two words nobody is silent yet: it takes 0.7 s without a sound to get down to this. */
export const PAUSE = 0.06;
/** Who has the word keeps it for this long, whoever else speaks. */
export const HOLD_MS = 2_000;
/** So much louder than who has the word must somebody be to take it while that one still speaks. */
export const LOUDER = 2;
/** And for so long. */
export const TAKE_MS = 800;
/** How fast what is remembered follows: after this long, it has come two thirds of the way. */
const SMOOTHING_MS = 250;

/** Who speaks at one moment. */
export interface Speakers {
  /** Who has the word; the last one keeps it while nobody speaks. */
  readonly active: UserId | undefined;
  /** Everybody who speaks, in no order. */
  readonly speaking: ReadonlySet<UserId>;
}

type Voice = {
  /** How loud it has been lately. */
  level: number;
  /** Which part of the last moments was loud. */
  presence: number;
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
    const passedMs = Math.max(0, at - (this.#heardAt ?? at));
    this.#heardAt = at;
    for (const userId of this.#voices.keys()) {
      if (!levels.has(userId)) this.#voices.delete(userId);
    }
    if (this.#active !== undefined && !levels.has(this.#active)) this.#active = undefined;
    for (const [userId, level] of levels) this.#follow(userId, level, passedMs);
    this.#passTheWord(at);
    const speaking = [...this.#voices].filter(([, { isSpeaking }]) => isSpeaking);
    return { active: this.#active, speaking: new Set(speaking.map(([userId]) => userId)) };
  }

  #follow(userId: UserId, level: number, passedMs: number): void {
    const voice: Voice = this.#voices.get(userId) ??
      { level: 0, presence: 0, isSpeaking: false, drownsSince: undefined };
    this.#voices.set(userId, voice);
    const share = 1 - Math.exp(-passedMs / SMOOTHING_MS);
    const isLoud = level >= (voice.isSpeaking ? SILENCE : VOICE);
    voice.level += (level - voice.level) * share;
    voice.presence += ((isLoud ? 1 : 0) - voice.presence) * share;
    voice.isSpeaking = voice.presence >= (voice.isSpeaking ? PAUSE : ONSET);
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
