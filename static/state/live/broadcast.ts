/**
 * Everything the broadcaster's page knows and can do: a code of six digits, the picture and its source,
 * who watches, the way back after a reload, the end for all. A broadcast is a meeting in which one
 * shows and the others look; this model adds what is special about that.
 */
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import type { ErrorCode, RoomId, ServerMessage, UserId } from "../../../src/protocol/mod.ts";
import { type StreamReport, waysOut } from "../../call/link_report.ts";
import type { Cancel, Clock } from "../clock.ts";
import { cleanName } from "../entry.ts";
import type { HostKeys } from "../host_keys.ts";
import { friendlyUserId, parseUserId } from "../ids.ts";
import type { Meeting } from "../meeting.ts";
import type { MeetingPhase } from "../meeting_phase.ts";
import type { CreatedRoom } from "../open_rooms.ts";
import type { Preferences } from "../preferences.ts";
import type { Roster } from "../roster.ts";
import { type AudienceMember, AudienceWords, listAudience } from "./audience.ts";
import { broadcastingPayload, liveDataIn, mutedPayload, type Sent } from "./live_data.ts";
import type { LiveMemory, PictureSource } from "./live_memory.ts";
import type { MeetingRules } from "./live_rules.ts";
import {
  availableOn,
  type Captured,
  capturedBy,
  kbpsOver,
  limitOf,
  type PictureHeight,
  pictureOn,
} from "./outgoing.ts";

/** What is sent is looked at this often. */
export const LOOK_MS = 1_000;
/** Viewers hear how it is sent this often, and whom they need not read. */
export const TELL_MS = 5_000;
/** An encoder that is held down for a moment, as it begins for one, is no slow one. */
export const LIMITED_MS = 8_000;
/** After a reload the server may hold the former seat for its grace time: tried again this often. */
export const RETURN_MS = 2_000;
/** And so many times: twice the grace time of a server that was set up as it comes. */
export const MAX_RETURNS = 15;

/** How the code fares before the broadcast. */
export type CodeStatus = "idle" | "asking" | "failed";

/** What a broadcast needs. */
export interface BroadcastOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Makes the meeting below, by rules of ours. */
  readonly createMeeting: (rules: MeetingRules) => Meeting;
  readonly createRoom: () => Promise<CreatedRoom>;
  readonly preferences: Preferences;
  readonly hostKeys: HostKeys;
  readonly memory: LiveMemory;
}

/** A broadcast. */
export class Broadcast {
  readonly meeting: Meeting;
  /** The name that viewers see; empty: none. */
  readonly name: Signal<string>;
  /** Who watches. */
  readonly audience: ReadonlySignal<readonly AudienceMember[]>;
  readonly viewerCount: ReadonlySignal<number>;
  /** How many watch single pictures over HTTP, who are in no room (rule FR4). */
  readonly httpCount: ReadonlySignal<number>;
  /** Bits that go out on all ways together, in kbit/s. */
  readonly kbpsUp: ReadonlySignal<number>;
  /** The same over the last minute. */
  readonly kbpsHistory: ReadonlySignal<readonly number[]>;
  /** What the network is believed to take, in kbit/s; undefined where the browser does not say. */
  readonly availableKbps: ReadonlySignal<number | undefined>;
  /** How the picture is sent, on the way that bears most; undefined while it is not. */
  readonly sent: ReadonlySignal<StreamReport | undefined>;

  readonly #options: BroadcastOptions;
  readonly #words = new AudienceWords();
  readonly #source: Signal<PictureSource>;
  readonly #height: Signal<PictureHeight> = signal(720);
  readonly #captured: Signal<Captured | undefined> = signal(undefined);
  readonly #codeStatus: Signal<CodeStatus> = signal("idle");
  readonly #roomId: Signal<RoomId | undefined> = signal(undefined);
  readonly #isScreenLost: Signal<boolean> = signal(false);
  readonly #isReturning: Signal<boolean> = signal(false);
  readonly #startedAt: Signal<number | undefined> = signal(undefined);
  readonly #effects: (() => void)[] = [];
  #userId: UserId;
  #returns = 0;
  #cancelLook: Cancel | undefined;
  #cancelReturn: Cancel | undefined;
  #toldAt = -Infinity;
  #limitedSince: number | undefined;

  /** A broadcast that has not begun; {@linkcode begin} opens the devices. */
  constructor(options: BroadcastOptions) {
    this.#options = options;
    const { preferences, memory, random } = options;
    const kept = memory.read();
    this.#source = signal(kept?.source ?? "camera");
    this.#userId = kept?.userId ?? parseUserId(friendlyUserId(random))!;
    this.name = signal(preferences.read("name") ?? "");
    this.meeting = options.createMeeting({
      // A call begins in the room that was entered, so there is one.
      roomId: () => this.#roomId.peek()!,
      partnersIn: viewersIn,
      pictureHeight: () => this.#height.peek(),
      isSilenced: (userId) => this.#words.muted.peek().has(userId),
      heard: (message) => this.#heard(message),
    });
    const { meeting } = this;
    this.audience = computed(() =>
      listAudience({
        roster: meeting.roster.value,
        watched: this.#words.watched.value,
        reports: meeting.links.reports.value,
        remotes: meeting.links.remotes.value,
        muted: this.#words.muted.value,
        isShowing: meeting.media.isCameraOn.value || meeting.media.isSharing.value,
      })
    );
    this.viewerCount = computed(() => viewersIn(meeting.roster.value).length);
    this.httpCount = computed(() => {
      const { pictures = 0, viewers = 0 } = meeting.links.relayed.value ?? {};
      const inRoom = this.audience.value.filter(({ path }) => path === "relay").length;
      return pictures === 0 ? 0 : Math.max(1, viewers - inRoom);
    });
    const ways = computed(() => waysOut([...meeting.links.reports.value.values()]));
    this.kbpsUp = computed(() => ways.value.reduce((sum, { kbpsUp }) => sum + kbpsUp, 0));
    this.kbpsHistory = computed(() => kbpsOver([...meeting.links.histories.value.values()]));
    this.availableKbps = computed(() => availableOn(ways.value));
    this.sent = computed(() => pictureOn(ways.value));
    this.#effects.push(
      effect(() => {
        const phase = meeting.phase.value;
        untracked(() => this.#followPhase(phase));
      }),
      effect(() => {
        const isSharing = meeting.media.isSharing.value;
        untracked(() => isSharing || this.#screenEnded());
      }),
    );
  }

  /** What is shown: the camera, or a screen. */
  get source(): ReadonlySignal<PictureSource> {
    return this.#source;
  }

  /** The height that was chosen. */
  get height(): ReadonlySignal<PictureHeight> {
    return this.#height;
  }

  /** What the camera truly gives; undefined while it gives nothing. */
  get captured(): ReadonlySignal<Captured | undefined> {
    return this.#captured;
  }

  /** How the code fares before the broadcast. */
  get codeStatus(): ReadonlySignal<CodeStatus> {
    return this.#codeStatus;
  }

  /** The six digits; undefined before there are any. */
  get roomId(): ReadonlySignal<RoomId | undefined> {
    return this.#roomId;
  }

  /** A reload has ended the share of the screen, and a browser begins none without a click. */
  get isScreenLost(): ReadonlySignal<boolean> {
    return this.#isScreenLost;
  }

  /** The page is on its way back to a broadcast that it has begun before. */
  get isReturning(): ReadonlySignal<boolean> {
    return this.#isReturning;
  }

  /** When it went on air, by the clock of the wall; undefined while it is not. */
  get startedAt(): ReadonlySignal<number | undefined> {
    return this.#startedAt;
  }

  /** Opens the camera for a look; goes on with the broadcast that a reload has interrupted. */
  async begin(): Promise<void> {
    this.#look();
    const kept = this.#options.memory.read();
    // What was shown was a screen: nobody is to see the room behind it in its place.
    if (kept?.source === "screen") {
      this.#isScreenLost.value = true;
      await this.meeting.media.setCamera(false);
    }
    if (kept !== undefined) {
      this.#isReturning.value = true;
      this.#roomId.value = kept.roomId;
      this.#enter(kept.roomId);
    }
    await this.meeting.prepare();
  }

  /** Goes live under a new code. Never rejects: {@linkcode codeStatus} says how it went. */
  async goLive(): Promise<void> {
    if (this.#codeStatus.value === "asking") return;
    this.#codeStatus.value = "asking";
    try {
      const { roomId, hostKey } = await this.#options.createRoom();
      this.#codeStatus.value = "idle";
      this.#options.hostKeys.keep(roomId, hostKey);
      this.#options.preferences.write("name", cleanName(this.name.value));
      // The server draws six digits, which are an id.
      this.#roomId.value = roomId as RoomId;
      this.#enter(roomId as RoomId);
    } catch {
      this.#codeStatus.value = "failed"; // The page says so and keeps its button.
    }
  }

  /** Ends the broadcast for everyone. */
  end(): void {
    this.#options.memory.forget();
    if (!this.meeting.moderation.endForAll()) this.meeting.leave(); // No connection to say it on.
  }

  /** Back to the preview, for another broadcast. */
  again(): void {
    this.#roomId.value = undefined;
    this.#userId = parseUserId(friendlyUserId(this.#options.random))!;
    this.#source.value = "camera";
    this.meeting.again();
  }

  /** Gives up the way back, or the way in. */
  giveUp(): void {
    this.#options.memory.forget();
    this.#isReturning.value = false;
    this.#cancelReturn?.();
    this.meeting.cancel();
    this.#roomId.value = undefined;
  }

  /** Shows the camera. What was shown before is seen until there is a picture. */
  async showCamera(): Promise<void> {
    const { media } = this.meeting;
    this.#isScreenLost.value = false;
    await media.setCamera(true);
    this.#become("camera");
    media.unshare();
  }

  /** Lets the person choose a screen and shows it; the camera's light goes off when it is there. */
  async showScreen(): Promise<void> {
    const { media } = this.meeting;
    await media.share();
    if (!media.isSharing.peek()) return;
    this.#isScreenLost.value = false;
    this.#become("screen");
    media.camera.stop();
  }

  /** Shows the camera in place of a screen; where it is shown already, switches it on or off. */
  async toggleCamera(): Promise<void> {
    const { media } = this.meeting;
    if (this.#source.peek() === "screen") return await this.showCamera();
    await media.setCamera(!media.isCameraSwitchedOn.peek());
  }

  /** Shows a screen, or the camera again. */
  async toggleScreen(): Promise<void> {
    if (this.meeting.media.isSharing.peek()) await this.showCamera();
    else await this.showScreen();
  }

  /** Chooses how tall the picture is to be. */
  async setHeight(height: PictureHeight): Promise<void> {
    this.#height.value = height;
    await this.meeting.media.setHeight(height);
  }

  /** Asks a viewer to be quiet, and spares everybody their lines; or lets them speak again. */
  setMuted(userId: UserId, isMuted: boolean): void {
    this.#words.setMuted(userId, isMuted);
    if (isMuted) this.meeting.moderation.askToMute(userId, "audio");
    this.meeting.tell(mutedPayload(this.#words.muted.value));
  }

  /** Ends everything for good, as the page goes away; the code is kept for the way back. */
  close(): void {
    this.#cancelLook?.();
    this.#cancelReturn?.();
    for (const end of this.#effects.splice(0)) end();
    this.meeting.close();
  }

  #enter(roomId: RoomId): void {
    const name = cleanName(this.name.peek());
    const hostKey = this.#options.hostKeys.read(roomId);
    this.#remember(roomId);
    this.meeting.enter({
      ...{ roomId, userId: this.#userId, role: "broadcaster" },
      ...(name === "" ? {} : { name }),
      ...(hostKey === undefined ? {} : { hostKey }),
    });
  }

  #remember(roomId: RoomId): void {
    this.#options.memory.keep({ roomId, userId: this.#userId, source: this.#source.peek() });
  }

  #become(source: PictureSource): void {
    this.#source.value = source;
    const kept = this.#options.memory.read();
    if (kept !== undefined) this.#remember(kept.roomId);
  }

  #followPhase(phase: MeetingPhase): void {
    switch (phase.name) {
      case "call":
        this.#isReturning.value = false;
        this.#returns = 0;
        this.#startedAt.value ??= this.#options.clock.now();
        this.#toldAt = -Infinity;
        return;
      case "before":
        this.#startedAt.value = undefined;
        if (phase.refusal !== undefined) this.#refused(phase.refusal.code);
        return;
      case "over":
        this.#startedAt.value = undefined;
        this.#options.memory.forget();
        return;
      default: // On the way.
    }
  }

  /** Our own former seat is in the way for as long as the server keeps it (rule RE3). */
  #refused(code: ErrorCode): void {
    const roomId = this.#roomId.peek();
    const isOwnSeat = code === "broadcaster-taken" || code === "user-id-taken";
    if (this.#isReturning.peek() && isOwnSeat && roomId !== undefined) {
      if (this.#returns++ < MAX_RETURNS) {
        this.#cancelReturn = this.#options.clock.after(RETURN_MS, () => this.#enter(roomId));
        return;
      }
    }
    this.#isReturning.value = false;
    this.#options.memory.forget();
  }

  /** The browser's own bar ends a share too: then the camera is shown again. */
  #screenEnded(): void {
    const isWanted = this.#source.value === "screen" && !this.#isScreenLost.value;
    if (isWanted && this.meeting.phase.value.name !== "over") void this.showCamera();
  }

  #heard(message: ServerMessage): void {
    switch (message.type) {
      case "data": {
        const data = liveDataIn(message.payload);
        if (data?.kind === "watching") this.#words.hear(message.from, data.watched);
        return;
      }
      case "user-joined":
        // Who comes later has to hear of it too.
        if (this.#words.muted.value.size > 0) {
          this.meeting.tell(mutedPayload(this.#words.muted.value), message.userId);
        }
        return;
      case "user-left":
        this.#words.forget(message.userId);
        return;
      default: // The meeting has taken what it knows.
    }
  }

  #look(): void {
    this.#cancelLook?.();
    const captured = capturedBy(this.meeting.media.camera.track.peek());
    if (JSON.stringify(captured) !== JSON.stringify(this.#captured.value)) {
      this.#captured.value = captured;
    }
    const now = this.#options.clock.elapsed();
    this.#limitedSince = limitOf(this.sent.peek()) === undefined
      ? undefined
      : this.#limitedSince ?? now;
    const isOnAir = this.meeting.phase.peek().name === "call" && this.viewerCount.peek() > 0;
    if (isOnAir && now - this.#toldAt >= TELL_MS) {
      if (this.meeting.tell(broadcastingPayload(this.#sending(now)))) this.#toldAt = now;
    }
    this.#cancelLook = this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  #sending(now: number): Sent {
    const { framesPerSecond = 0, height = 0 } = this.sent.peek() ?? {};
    const isLimited = this.#limitedSince !== undefined && now - this.#limitedSince >= LIMITED_MS;
    return {
      limitedBy: isLimited ? limitOf(this.sent.peek()) : undefined,
      framesPerSecond: Math.round(framesPerSecond),
      height,
      captured: this.#captured.peek()?.framesPerSecond ?? 0,
    };
  }
}

/** Those who look. */
export function viewersIn({ participants }: Roster): readonly UserId[] {
  return participants.filter(({ role }) => role === "viewer").map(({ userId }) => userId);
}
