/**
 * Everything the meeting page knows and can do: the way in, the room, the call, the own devices, what
 * is told in passing. Components read its signals and call its intents. A lost connection to the
 * server touches no media: the links go on while the session finds its way back.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { MediaState, ServerMessage, ServerMessageOf, UserId } from "../../src/protocol/mod.ts";
import type { ByteChannel } from "../call/transport.ts";
import { type Announcement, summariseRosterEvents } from "./announcements.ts";
import { CallLinks } from "./call_links.ts";
import { Coalesce } from "./coalesce.ts";
import { FreshIceServers } from "./fresh_ice_servers.ts";
import { MeetingChat } from "./meeting_chat.ts";
import type { MeetingOptions } from "./meeting_options.ts";
import { type Ending, type MeetingPhase, retryAfter } from "./meeting_phase.ts";
import { Moderation } from "./moderation.ts";
import { Notices } from "./notices.ts";
import { OwnMedia } from "./own_media.ts";
import { listPeople, type Person } from "./people.ts";
import { wishesOf } from "./picture_wishes.ts";
import { reactionIn, reactionPayload, Reactions, type ReactionSign } from "./reactions.ts";
import {
  EMPTY_ROSTER,
  nameIn,
  reduceRoster,
  type Roster,
  type RosterEvent,
  rosterEventOf,
} from "./roster.ts";
import { Session } from "./session.ts";
import type { JoinRequest, SessionState } from "./session_state.ts";
import { StageModel } from "./stage_model.ts";
import { StatsReport } from "./stats_report.ts";
import { noticesOf } from "./told_in_passing.ts";

/** The round trip is measured this often, and a dead connection noticed after three times that. */
const PING_PERIOD_MS = 5_000;
/** Comings and goings within this time are told in one sentence. */
const ANNOUNCEMENT_PERIOD_MS = 800;

/** The model of the meeting page. */
export class Meeting {
  /** The own microphone, camera and screen. */
  readonly media: OwnMedia;
  /** The links to the others. */
  readonly links: CallLinks;
  readonly chat: MeetingChat;
  readonly moderation: Moderation;
  readonly reactions: Reactions;
  readonly notices: Notices;
  /** Which tile is large, and which view was chosen. */
  readonly stage: StageModel;
  /** Everybody in the room, in join order, the own participant too. */
  readonly people: ReadonlySignal<readonly Person[]>;
  /** What the own participant shows of itself. */
  readonly ownState: ReadonlySignal<MediaState>;

  readonly #options: MeetingOptions;
  readonly #session: Session;
  readonly #phase: Signal<MeetingPhase> = signal({ name: "before", refusal: undefined });
  readonly #connection: Signal<SessionState>;
  readonly #roster: Signal<Roster> = signal(EMPTY_ROSTER);
  readonly #isHandUp: Signal<boolean> = signal(false);
  readonly #isRecording: Signal<boolean> = signal(false);
  readonly #isWatched: Signal<boolean> = signal(true);
  readonly #summary: Signal<ServerMessageOf<"stats-summary"> | undefined> = signal(undefined);
  readonly #announcement: Signal<Announcement | undefined> = signal(undefined);
  readonly #announce: Coalesce;
  readonly #effects: (() => void)[] = [];
  #channelTaker: ((from: UserId, channel: ByteChannel) => void) | undefined;
  #events: RosterEvent[] = [];
  readonly #iceServers: FreshIceServers;
  #request: JoinRequest | undefined;
  /** What the server knows of our state on this seat. */
  #shown: MediaState = {};
  #cancelRetry: (() => void) | undefined;

  /** A meeting that is not entered yet. */
  constructor(options: MeetingOptions) {
    const { clock, preferences } = options;
    this.#options = options;
    this.notices = new Notices(clock);
    this.#iceServers = new FreshIceServers({ clock, fetch: options.fetchIceServers });
    this.reactions = new Reactions(clock);
    this.media = new OwnMedia({
      port: options.media,
      preferences,
      told: (event) => this.notices.add({ kind: "device", event }),
    });
    this.#session = new Session({
      ...options,
      pingPeriodMs: PING_PERIOD_MS,
      handler: {
        changed: () => this.#changed(),
        logged: () => {},
        received: (message) => this.#received(message),
        refused: (error) => this.#refused(error),
        measured: () => {},
        receivedFrame: (frame) => options.receivedFrame?.(frame),
      },
    });
    this.#connection = signal(this.#session.state);
    const send = this.#session.send.bind(this.#session);
    this.chat = new MeetingChat(send);
    this.moderation = new Moderation(send, this.#roster);
    const stats = new StatsReport(clock.elapsed.bind(clock), send);
    this.links = new CallLinks({
      clock,
      create: (call) => options.createCall(call, this.#session),
      send,
      channelOpened: (from, channel) => {
        if (this.#channelTaker === undefined) channel.close(); // Nobody here knows what it is for.
        else this.#channelTaker(from, channel);
      },
      captureHeight: (height) => void this.media.setHeight(height),
      ...(options.pictureHeight && { pictureHeight: options.pictureHeight }),
      measured: (reports, limitedBy) =>
        stats.measured([...reports.values()], limitedBy, options.paths?.()),
    });
    this.#announce = new Coalesce(clock, {
      periodMs: ANNOUNCEMENT_PERIOD_MS,
      run: () => {
        this.#announcement.value = summariseRosterEvents(this.#events.splice(0));
      },
    });
    this.ownState = computed(() => ({
      audio: this.media.isMicrophoneOn.value,
      video: this.media.isCameraOn.value,
      screen: this.media.isSharing.value,
      hand: this.#isHandUp.value,
      recording: this.#isRecording.value,
    }));
    this.people = computed(() =>
      listPeople({
        roster: this.#roster.value,
        remotes: this.links.remotes.value,
        reports: this.links.reports.value,
        speakers: this.links.speakers.value,
        ownTracks: this.media.tracks.value,
        ownState: this.ownState.value,
      })
    );
    this.stage = new StageModel(this.people, this.links.speakers, preferences);
    this.#effects.push(
      effect(() => this.links.setTracks(this.media.tracks.value)),
      effect(() => this.#showState(this.ownState.value)),
      effect(() =>
        this.links.setShare({
          isSharing: this.media.isSharing.value,
          isShareOn: this.people.value.some(({ state }) => state.screen === true),
        })
      ),
      effect(() => {
        const wishes = wishesOf({
          places: this.stage.places.value?.tiles,
          people: this.people.value,
          pixelRatio: this.stage.pixelRatio.value,
          isWatched: this.#isWatched.value,
          isRecording: this.#isRecording.value,
        });
        if (wishes !== undefined) this.links.setWishes(wishes);
      }),
    );
  }

  /** Where the meeting stands. */
  get phase(): ReadonlySignal<MeetingPhase> {
    return this.#phase;
  }

  /** How the connection to the server fares. */
  get connection(): ReadonlySignal<SessionState> {
    return this.#connection;
  }

  /** The room as the server tells it. */
  get roster(): ReadonlySignal<Roster> {
    return this.#roster;
  }

  /** What to say aloud about comings and goings. */
  get announcement(): ReadonlySignal<Announcement | undefined> {
    return this.#announcement;
  }

  /** Opens the own devices for a look before the meeting. */
  prepare(): Promise<void> {
    return this.media.begin();
  }

  /** Enters, now or as soon as the server lets us in. */
  enter(request: JoinRequest): void {
    this.#request = request;
    this.#cancelRetry?.();
    this.#phase.value = { name: "entering" };
    this.#join(request);
  }

  /** Gives up entering, or waiting to be admitted. */
  cancel(): void {
    this.#cancelRetry?.();
    this.#session.leave();
    this.#endCall();
    this.#phase.value = { name: "before", refusal: undefined };
  }

  /** Leaves: every light goes off, every link ends, the server hears of it. */
  leave(): void {
    if (this.#phase.value.name === "over") return;
    this.#session.leave();
    this.#finish({ kind: "left", reason: "left" });
  }

  /** Back to the fields from the end, with the devices open again. */
  again(): void {
    this.#phase.value = { name: "before", refusal: undefined };
    void this.prepare();
  }

  /** What the server adds up of the room; undefined before it has. */
  get summary(): ReadonlySignal<ServerMessageOf<"stats-summary"> | undefined> {
    return this.#summary;
  }

  /** Tries to reach the server at once, even if a pause is under way. */
  reconnectNow(): void {
    this.#session.connect();
  }

  /** The network of this machine is another one. */
  networkChanged(): void {
    this.links.networkChanged();
  }

  /** Whether anybody can look at the page: what is not seen is not sent to us. */
  setWatched(isWatched: boolean): void {
    this.#isWatched.value = isWatched;
  }

  /** Raises the hand or takes it down. */
  setHand(isUp: boolean): void {
    this.#isHandUp.value = isUp;
  }

  /** Shows everyone that a recording is made, or that it has ended. */
  setRecording(isOn: boolean): void {
    this.#isRecording.value = isOn;
  }

  /** Shows a sign to everyone; `false` without a connection. */
  react(sign: ReactionSign): boolean {
    return this.tell(reactionPayload(sign));
  }

  /** Says something that is no chat, to everyone or to one; `false` without a connection. */
  tell(payload: unknown, to?: UserId): boolean {
    return this.#session.send({ type: "data", payload, ...(to === undefined ? {} : { to }) });
  }

  /** Who takes the channels that others open; without one they are closed. */
  takeChannels(taker: (from: UserId, channel: ByteChannel) => void): void {
    this.#channelTaker = taker;
  }

  /** Ends everything for good, as the page goes away. */
  close(): void {
    this.leave();
    for (const end of this.#effects.splice(0)) end();
  }

  /** Every browser that can take part in a call can take its media through the server. */
  #join(request: JoinRequest): void {
    const { canRelay = false } = this.#options;
    this.#session.join({ ...request, sfu: true, ...(canRelay ? { relay: true } : {}) });
  }

  #changed(): void {
    const state = this.#session.state;
    this.#connection.value = state;
    if (state.phase !== "closed" || state.code === 1000) return;
    // Rule CO9: nothing brings this connection back, so somebody has to decide.
    this.#finish({ kind: "closed", code: state.code, reason: state.reason });
  }

  #received(message: ServerMessage): void {
    const before = this.#roster.value;
    const event = rosterEventOf(before, message);
    if (event !== undefined) {
      this.#events.push(event);
      this.#announce.touch();
    }
    const isSilenced = message.type === "chat" && this.#options.isSilenced?.(message.from);
    if (isSilenced !== true) this.chat.receive(message, before);
    this.#roster.value = reduceRoster(before, message);
    this.moderation.receive(message);
    for (const notice of noticesOf(message, before)) this.notices.add(notice);
    this.#act(message);
    this.links.receive(message);
    this.#options.heard?.(message);
  }

  #act(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        return this.#iceServers.take(message.iceServers);
      case "waiting":
        this.#phase.value = { name: "waiting" };
        return;
      case "joined":
        this.#entered(message);
        return;
      case "resumed":
        this.#followRoster();
        this.links.networkChanged(); // What was sent meanwhile did not arrive.
        this.#shown = {};
        this.#showState(this.ownState.value);
        return;
      case "user-joined":
      case "user-left":
      case "snapshot":
        this.#followRoster();
        return;
      case "mute":
        this.#askedToMute(message);
        return;
      case "stats-summary":
        this.#summary.value = message;
        return;
      case "data": {
        const sign = reactionIn(message.payload);
        if (sign !== undefined) this.reactions.add(message.from, sign);
        return;
      }
      case "leaved":
        if (this.#phase.value.name !== "over" && this.#phase.value.name !== "before") {
          this.#finish({ kind: "left", reason: message.reason ?? "left" });
        }
        return;
      default: // The reducers have taken what they know.
    }
  }

  #entered({ userId, roomId, room, iceServers }: ServerMessageOf<"joined">): void {
    this.#phase.value = { name: "call" };
    this.#iceServers.take(iceServers);
    this.#iceServers.enter({ roomId, passcode: this.#request?.passcode });
    this.links.open(userId, this.#partners(), {
      iceServers: this.#iceServers.list,
      topology: room.topology === "sfu" ? "sfu" : "mesh", // An older server says nothing of it.
    });
    this.#shown = {};
    this.#showState(this.ownState.value);
  }

  #followRoster(): void {
    this.links.setOthers(this.#partners());
  }

  #partners(): readonly UserId[] {
    const roster = this.#roster.value;
    return this.#options.partnersIn?.(roster) ?? roster.participants.map(({ userId }) => userId);
  }

  /** A microphone is off at once: that is what was asked, and a click has it on again. */
  #askedToMute({ from, kind }: ServerMessageOf<"mute">): void {
    if (this.ownState.value[kind] !== true) return;
    const by = nameIn(this.#roster.value, from);
    const isDone = kind === "audio";
    if (isDone) void this.media.setMicrophone(false);
    this.notices.add({ kind: "asked-to-mute", by, what: kind, isDone });
  }

  #refused(error: ServerMessageOf<"error">): void {
    this.#endCall();
    const { code, message } = error;
    const refusal = { code, message };
    const request = this.#request;
    if (request?.hostKey !== undefined && code === "not-allowed") {
      // The key is of a room that is gone: whoever comes without one may still be let in.
      const { hostKey: _, ...rest } = request;
      this.#options.hostKeys.forget(request.roomId);
      this.enter(rest);
      return;
    }
    const pauseMs = retryAfter(error);
    if (pauseMs === undefined || request === undefined) {
      this.#phase.value = { name: "before", refusal };
      return;
    }
    this.#phase.value = { name: "retrying", refusal, pauseMs };
    this.#cancelRetry = this.#options.clock.after(pauseMs, () => this.#join(request));
  }

  #showState(state: MediaState): void {
    if (this.#connection.peek().phase !== "joined") return;
    const isNew = Object.entries(state).some(([key, isOn]) =>
      isOn !== (this.#shown[key as keyof MediaState] ?? false) // The keys are those of the state.
    );
    if (isNew && this.#session.send({ type: "state", ...state })) this.#shown = state;
  }

  /** The call is over, the devices stay open for another try. */
  #endCall(): void {
    this.links.close();
    this.#iceServers.leave();
    this.media.unshare();
    this.reactions.clear();
    this.#isHandUp.value = false;
    this.#isRecording.value = false;
    this.#shown = {};
    this.#summary.value = undefined;
    this.#roster.value = EMPTY_ROSTER;
  }

  #finish(ending: Ending): void {
    this.#cancelRetry?.();
    this.#phase.value = { name: "over", ending };
    this.#session.disconnect(); // First, so that nobody hears of the devices going off.
    this.#endCall();
    this.media.close();
    this.notices.clear();
    this.chat.clear();
    this.#announce.close();
  }
}
