/**
 * Who is heard in a room, from the audio levels that every packet of sound carries (RFC 6464). The
 * publishers tell each packet; a timer of the room asks for the list (rule SP1). It also remembers
 * who spoke how lately, for whoever has to choose among many. Pure but for what it remembers.
 */
import type { Speaker, UserId } from "../../protocol/mod.ts";

/** Longest list (rule SP1). */
export const MAX_SPEAKERS = 5;
/** No list follows another sooner (rule SP1). */
export const LEAST_PERIOD_MS = 500;
/** How fast what is remembered follows: after this long it has come two thirds of the way. */
export const SMOOTHING_MS = 500;
/** A cough is no speech: this part of the last moments must have been a voice. */
export const ONSET = 0.5;
/** Between two words nobody is silent yet: without a sound it takes 1.2 s to get down to this. */
export const PAUSE = 0.1;
/** So much louder must somebody be to be put before another who speaks as well; 3.5 dB. */
export const LOUDER = 1.5;

/** A voice is louder than this, in dB below overload. */
const QUIETEST_VOICE = 50;
/** Where the sender does not call it a voice, it may still be one: few clients say so. */
const QUIETEST_UNCALLED = 40;
/** A path may hold packets up for this long; who sends none for longer is silent. */
const LONGEST_GAP_MS = 200;
/** The level of a client that is silent, and the largest that the extension can say. */
const SILENCE = 127;
/** Amplitudes by level, 1 is overload: the scale of RTCRtpContributingSource.audioLevel. */
const AMPLITUDES = Float64Array.from({ length: SILENCE + 1 }, (_, level) => 10 ** (-level / 20));
AMPLITUDES[SILENCE] = 0;

/** The sound of one participant; {@linkcode Speakers.add} makes it. */
export class Voice {
  /** Whose it is. */
  readonly userId: UserId;
  /** Amplitudes of the packets since the last tick, added up. */
  sum = 0;
  /** How many packets that were. */
  packets = 0;
  /** How many of them had a voice. */
  voiced = 0;
  /** When the last packet came. */
  heardAtMs = -Infinity;
  /** How loud it has been lately. */
  loudness = 0;
  /** Which part of the last moments was a voice. */
  presence = 0;
  /** Whether it is heard now. */
  isSpeaking = false;
  /** When it was last; -1: never. */
  spokeAtMs = -1;

  /** A voice that was not heard yet. */
  constructor(userId: UserId) {
    this.userId = userId;
  }
}

/** Listens to everybody in one room. */
export class Speakers {
  readonly #voices = new Map<UserId, Voice>();
  /** Who speaks, in the order that was told last, or would have been. */
  #order: Voice[] = [];
  #told: readonly Speaker[] = [];
  #toldAtMs = -Infinity;
  #tickedAtMs: number | undefined;

  /** A voice to listen to; the same one while `userId` is here. */
  add(userId: UserId): Voice {
    let voice = this.#voices.get(userId);
    if (voice === undefined) {
      voice = new Voice(userId);
      this.#voices.set(userId, voice);
    }
    return voice;
  }

  /** `userId` is gone; the next list is without it. */
  remove(userId: UserId): void {
    this.#voices.delete(userId);
    this.#order = this.#order.filter((voice) => voice.userId !== userId);
  }

  /** A packet came: `level` as in RFC 6464, 0 is the loudest and 127 silence. Called for each one. */
  level(voice: Voice, level: number, isVoice: boolean, atMs: number): void {
    const loud = level >= 0 && level <= SILENCE ? level | 0 : SILENCE;
    voice.sum += AMPLITUDES[loud]!;
    voice.packets++;
    if (loud <= (isVoice ? QUIETEST_VOICE : QUIETEST_UNCALLED)) voice.voiced++;
    voice.heardAtMs = atMs;
  }

  /** The list, loudest first, where it is another one than was told last; to be asked every 100 ms to 500 ms. */
  tick(atMs: number): readonly Speaker[] | undefined {
    const passedMs = Math.max(0, atMs - (this.#tickedAtMs ?? atMs));
    this.#tickedAtMs = atMs;
    const share = 1 - Math.exp(-passedMs / SMOOTHING_MS);
    for (const voice of this.#voices.values()) follow(voice, share, atMs);
    this.#sort();
    const heard = this.#order.slice(0, MAX_SPEAKERS);
    const isSame = heard.length === this.#told.length &&
      heard.every(({ userId }, index) => this.#told[index]!.userId === userId);
    if (isSame || atMs - this.#toldAtMs < LEAST_PERIOD_MS) return undefined;
    this.#toldAtMs = atMs;
    this.#told = heard.map(({ userId, loudness }) => ({
      userId,
      level: Math.round(Math.min(1, loudness) * 1_000) / 1_000,
    }));
    return this.#told;
  }

  /** When `userId` spoke last, on the clock of `tick`: larger is later, -1 is never. */
  rank(userId: UserId): number {
    return this.#voices.get(userId)?.spokeAtMs ?? -1;
  }

  /** Who already stands before another stays there until that one is clearly louder. */
  #sort(): void {
    const order = this.#order.filter(({ isSpeaking }) => isSpeaking);
    for (const voice of this.#voices.values()) {
      if (voice.isSpeaking && !order.includes(voice)) order.push(voice);
    }
    for (let from = 1; from < order.length; from++) {
      const voice = order[from]!;
      let to = from;
      while (to > 0 && voice.loudness > order[to - 1]!.loudness * LOUDER) {
        order[to] = order[to - 1]!;
        to--;
      }
      order[to] = voice;
    }
    this.#order = order;
  }
}

function follow(voice: Voice, share: number, atMs: number): void {
  // A gap that the path made says nothing; what comes after it stands for it.
  if (voice.packets === 0 && atMs - voice.heardAtMs < LONGEST_GAP_MS) return;
  const packets = Math.max(1, voice.packets);
  voice.loudness += (voice.sum / packets - voice.loudness) * share;
  voice.presence += (voice.voiced / packets - voice.presence) * share;
  voice.sum = voice.packets = voice.voiced = 0;
  voice.isSpeaking = voice.presence >= (voice.isSpeaking ? PAUSE : ONSET);
  if (voice.isSpeaking) voice.spokeAtMs = atMs;
}
