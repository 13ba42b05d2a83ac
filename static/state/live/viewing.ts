/**
 * Everything a viewer's page knows and can do: what comes from the broadcaster and by which rung of the
 * ladder, why it is slow, chat and signs. A viewing is a meeting in which one looks at the broadcaster
 * and shows nothing; this model adds what is special about that.
 */
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import type {
  MediaPath,
  ParticipantView,
  PathTimes,
  RoomId,
  ServerMessage,
  UserId,
} from "../../../src/protocol/mod.ts";
import type { LadderReason } from "../../call/ladder.ts";
import type { LiveView } from "../../call/live/live_view.ts";
import type { LinkReport } from "../../call/link_report.ts";
import type { Cancel, Clock } from "../clock.ts";
import { cleanName } from "../entry.ts";
import { friendlyUserId, nextUserId, parseUserId } from "../ids.ts";
import type { Meeting } from "../meeting.ts";
import type { MeetingPhase } from "../meeting_phase.ts";
import type { Preferences } from "../preferences.ts";
import type { Roster } from "../roster.ts";
import { liveDataIn, type Sent, type Watched, watchingPayload } from "./live_data.ts";
import type { MeetingRules } from "./live_rules.ts";
import { type Drawn, type SlowReason, slowReasons, STILL_MS } from "./slow_reasons.ts";

/** What comes is looked at this often. */
export const LOOK_MS = 1_000;
/** The broadcaster hears how we see this often, at most. */
export const TELL_MS = 5_000;
/** In a large room less often: so many words a second of all viewers together. */
export const WORDS_PER_SECOND = 10;
/** No player is so small that a picture for it need not be this tall. */
const MIN_HEIGHT = 180;

/** What is to be seen and heard. */
export type Show =
  /** Nobody broadcasts at the moment. */
  | { readonly kind: "away" }
  /** The broadcaster's connection to the server is lost; it is expected back. */
  | { readonly kind: "reconnecting" }
  /** The broadcaster shows nothing, and is perhaps heard. */
  | { readonly kind: "dark" }
  /** It shows something that has not come yet, or has stopped. */
  | { readonly kind: "coming" }
  | { readonly kind: "on" };

/** What the player takes: tracks of one broadcaster, to be played in step. */
export interface Played {
  readonly picture: MediaStreamTrack | undefined;
  readonly sounds: readonly MediaStreamTrack[];
}

/** How the broadcast comes. */
export interface Ways {
  readonly rung: MediaPath | undefined;
  readonly pathMs: PathTimes;
  readonly why: LadderReason | undefined;
  readonly forced: MediaPath | undefined;
}

/** What a viewing needs. */
export interface ViewingOptions {
  readonly roomId: RoomId;
  readonly clock: Clock;
  readonly random: () => number;
  /** Makes the meeting below, by rules of ours. */
  readonly createMeeting: (rules: MeetingRules) => Meeting;
  /** How the call of that meeting fares; undefined before there is one. */
  readonly liveView: () => LiveView | undefined;
  readonly preferences: Preferences;
  readonly link: { readonly user?: string; readonly name?: string };
}

/** A viewing. */
export class Viewing {
  readonly roomId: RoomId;
  readonly meeting: Meeting;
  /** Of a room that has one (rule PC2); empty: none. */
  readonly passcode: Signal<string> = signal("");
  /** Who broadcasts; undefined while nobody does. */
  readonly broadcaster: ReadonlySignal<ParticipantView | undefined>;
  readonly show: ReadonlySignal<Show>;
  readonly played: ReadonlySignal<Played>;
  /** What the link to the broadcaster, or the server, measures. */
  readonly report: ReadonlySignal<LinkReport | undefined>;
  readonly viewerCount: ReadonlySignal<number>;
  /** Why it is slow; empty where it is not. */
  readonly reasons: ReadonlySignal<readonly SlowReason[]>;
  /** The broadcaster has asked us to be quiet. */
  readonly isMuted: ReadonlySignal<boolean>;

  readonly #options: ViewingOptions;
  readonly #ways: Signal<Ways> = signal(NO_WAYS);
  readonly #drawn: Signal<Drawn | undefined> = signal(undefined);
  readonly #sent: Signal<Sent | undefined> = signal(undefined);
  readonly #muted: Signal<ReadonlySet<UserId>> = signal(new Set());
  readonly #height: Signal<number> = signal(Infinity);
  readonly #effects: (() => void)[] = [];
  #userId: UserId;
  #cancelLook: Cancel | undefined;
  #toldAt = -Infinity;

  /** A viewing that has not begun. */
  constructor(options: ViewingOptions) {
    this.#options = options;
    this.roomId = options.roomId;
    this.#userId = parseUserId(options.link.user ?? "") ??
      parseUserId(friendlyUserId(options.random))!;
    this.meeting = options.createMeeting({
      roomId: () => options.roomId,
      partnersIn: (roster) => {
        const userId = broadcasterIn(roster)?.userId;
        return userId === undefined ? [] : [userId];
      },
      isSilenced: (userId) => this.#muted.peek().has(userId),
      heard: (message) => this.#heard(message),
    });
    const { meeting } = this;
    this.broadcaster = computed(() => broadcasterIn(meeting.roster.value));
    this.played = computed(() => this.#playedNow());
    this.show = computed(() => this.#showNow());
    this.report = computed(() => {
      const userId = this.broadcaster.value?.userId;
      return userId === undefined ? undefined : meeting.links.reports.value.get(userId);
    });
    this.viewerCount = computed(() =>
      meeting.roster.value.participants.filter(({ role }) => role === "viewer").length
    );
    this.isMuted = computed(() => {
      const { selfId } = meeting.roster.value;
      return selfId !== undefined && this.#muted.value.has(selfId);
    });
    this.reasons = computed(() => {
      const { state } = this.broadcaster.value ?? {};
      return slowReasons({
        isServerAway: meeting.connection.value.phase !== "joined",
        isBroadcasterAway: ["away", "reconnecting"].includes(this.show.value.kind),
        isPictureExpected: state?.video === true || state?.screen === true,
        isScreen: state?.screen === true,
        rung: this.#ways.value.rung,
        report: this.report.value,
        sent: this.#sent.value,
        shown: this.#drawn.value,
      });
    });
    this.#effects.push(
      effect(() => {
        const phase = meeting.phase.value;
        untracked(() => this.#followPhase(phase));
      }),
      effect(() => {
        const userId = this.broadcaster.value?.userId;
        const camera = this.#height.value;
        if (userId === undefined) return;
        meeting.links.setWishes(new Map([[userId, { camera, screen: Infinity }]]));
      }),
    );
  }

  /** How the broadcast comes. */
  get ways(): ReadonlySignal<Ways> {
    return this.#ways;
  }

  /** What this device has drawn in the last second; undefined before the player said so. */
  get drawn(): ReadonlySignal<Drawn | undefined> {
    return this.#drawn;
  }

  /** How the broadcaster sends, by its own words. */
  get sent(): ReadonlySignal<Sent | undefined> {
    return this.#sent;
  }

  /** Enters as a viewer. */
  begin(): void {
    this.#enter();
    this.#look();
  }

  /** Leaves for good. */
  leave(): void {
    this.meeting.leave();
  }

  /** The player is so tall, in pixels of the screen; nothing taller need come. */
  setHeight(height: number): void {
    this.#height.value = Math.max(MIN_HEIGHT, Math.round(height));
  }

  /** The player counts what it draws. */
  setDrawn(drawn: Drawn | undefined): void {
    this.#drawn.value = drawn;
  }

  /** Ends everything for good, as the page goes away. */
  close(): void {
    this.#cancelLook?.();
    for (const end of this.#effects.splice(0)) end();
    this.meeting.close();
  }

  #enter(): void {
    const name = cleanName(
      this.#options.link.name ?? this.#options.preferences.read("name") ?? "",
    );
    this.meeting.enter({
      ...{ roomId: this.roomId, userId: this.#userId, role: "viewer" },
      ...(name === "" ? {} : { name }),
      ...(this.passcode.peek() === "" ? {} : { passcode: this.passcode.peek() }),
    });
  }

  /** Nobody has to know of ids: one that is in use is another by the next try. */
  #followPhase(phase: MeetingPhase): void {
    if (phase.name === "call") this.#toldAt = -Infinity;
    if (phase.name !== "before" || phase.refusal?.code !== "user-id-taken") return;
    this.#userId = parseUserId(nextUserId(this.#userId)) ?? this.#userId;
    this.#enter();
  }

  #playedNow(): Played {
    const person = this.meeting.people.value.find(({ userId }) =>
      userId === this.broadcaster.value?.userId
    );
    const { screen, camera, screenSound, microphone } = person?.tracks ?? {};
    return {
      picture: screen ?? camera,
      sounds: [microphone, screenSound].filter((track) => track !== undefined),
    };
  }

  #showNow(): Show {
    const broadcaster = this.broadcaster.value;
    if (broadcaster === undefined) return { kind: "away" };
    if (broadcaster.connected === false) return { kind: "reconnecting" };
    const { video, screen } = broadcaster.state;
    if (video !== true && screen !== true) return { kind: "dark" };
    const isThere = this.played.value.picture !== undefined;
    const isMoving = (this.#drawn.value?.stillMs ?? 0) < STILL_MS;
    return isThere && isMoving ? { kind: "on" } : { kind: "coming" };
  }

  #heard(message: ServerMessage): void {
    if (message.type !== "data") return;
    // Only the broadcaster's word counts: anybody may send data.
    if (message.from !== this.broadcaster.value?.userId) return;
    const data = liveDataIn(message.payload);
    if (data?.kind === "broadcasting") this.#sent.value = data.sent;
    if (data?.kind === "muted") this.#muted.value = new Set(data.userIds);
  }

  #look(): void {
    this.#cancelLook?.();
    const ways = waysOf(this.#options.liveView(), this.report.peek());
    if (JSON.stringify(ways) !== JSON.stringify(this.#ways.value)) this.#ways.value = ways;
    this.#tell();
    this.#cancelLook = this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  #tell(): void {
    const broadcaster = this.broadcaster.peek();
    if (this.meeting.phase.peek().name !== "call" || broadcaster === undefined) return;
    const now = this.#options.clock.elapsed();
    const periodMs = Math.max(TELL_MS, this.viewerCount.peek() / WORDS_PER_SECOND * 1_000);
    if (now - this.#toldAt < periodMs) return;
    if (this.meeting.tell(watchingPayload(this.#watched()), broadcaster.userId)) this.#toldAt = now;
  }

  #watched(): Watched {
    const report = this.report.peek();
    const pictures = report?.received.filter(({ slot }) => slot === "camera" || slot === "screen");
    const picture = pictures?.find(({ height }) => height !== undefined);
    const drawn = this.#drawn.peek();
    return {
      path: this.#ways.peek().rung,
      framesPerSecond: Math.round(drawn?.framesPerSecond ?? picture?.framesPerSecond ?? 0),
      height: picture?.height ?? this.played.peek().picture?.getSettings().height ?? 0,
      kbps: Math.round(report?.kbpsDown ?? 0),
      loss: Math.max(0, ...(report?.received ?? []).map(({ loss }) => loss)),
      roundTripMs: report?.roundTripMs,
      codec: picture?.codec ?? "",
    };
  }
}

const NO_WAYS: Ways = { rung: undefined, pathMs: {}, why: undefined, forced: undefined };

/** The one who broadcasts. */
export function broadcasterIn({ participants }: Roster): ParticipantView | undefined {
  return participants.find(({ role }) => role === "broadcaster");
}

function waysOf(view: LiveView | undefined, report: LinkReport | undefined): Ways {
  const measured = report?.path === "unknown" ? undefined : report?.path;
  if (view === undefined) return { ...NO_WAYS, rung: measured };
  const { rung, pathMs, why, forced } = view;
  return { rung, pathMs, why, forced };
}
