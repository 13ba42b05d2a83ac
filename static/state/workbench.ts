/**
 * Everything the test page knows and can do: the person's own session, the room as seen from it, the
 * log of all connections, the simulated users. Components read its signals and call its intents.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type {
  ErrorCode,
  MediaState,
  RoomId,
  ServerMessage,
  ServerMessageOf,
  UserId,
} from "../../src/protocol/mod.ts";
import { type Announcement, summariseRosterEvents } from "./announcements.ts";
import { type ChatLine, reduceChat } from "./chat.ts";
import type { Clock } from "./clock.ts";
import { Coalesce } from "./coalesce.ts";
import { LogView } from "./log_view.ts";
import { EMPTY_ROSTER, reduceRoster, type Roster, type RosterEvent } from "./roster.ts";
import { rosterEventOf, withState } from "./roster.ts";
import { Session } from "./session.ts";
import type { JoinRequest, SessionState } from "./session_state.ts";
import { SimulatedUsers } from "./simulated_users.ts";
import type { SocketFactory } from "./socket.ts";

/** The round trip is measured this often: fresh enough to trust, rare enough to ignore. */
const PING_PERIOD_MS = 5_000;
/** The roster and the chat are drawn this often at most, however many messages come. */
const ROOM_PERIOD_MS = 50;
/** Comings and goings within this time are told in one sentence. */
const ANNOUNCEMENT_PERIOD_MS = 800;
/** How the log calls our own connection while it has no user id. */
export const OWN_LABEL = "this-tab";

/** What the server refused, in its words. */
export interface Fault {
  readonly about: "join" | "other";
  /** Whose message it was. */
  readonly user: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** Counts up, so that the same fault twice is two faults. */
  readonly id: number;
}

/** What a workbench needs. */
export interface WorkbenchOptions {
  readonly clock: Clock;
  readonly connect: SocketFactory;
  readonly random: () => number;
}

/** The model of the test page. */
export class Workbench {
  /** The log of every connection of the page. */
  readonly log: LogView;
  /** The company. */
  readonly simulated: SimulatedUsers;

  readonly #session: Session;
  readonly #state: Signal<SessionState>;
  readonly #roundTripMs: Signal<number | undefined> = signal(undefined);
  readonly #rosterSignal: Signal<Roster> = signal(EMPTY_ROSTER);
  readonly #chatSignal: Signal<readonly ChatLine[]> = signal([]);
  readonly #ownState: Signal<MediaState> = signal({});
  readonly #fault: Signal<Fault | undefined> = signal(undefined);
  readonly #announcement: Signal<Announcement | undefined> = signal(undefined);
  readonly #drawRoom: Coalesce;
  readonly #announce: Coalesce;
  readonly #statesUnderWay = new Map<string, MediaState>();
  #roster: Roster = EMPTY_ROSTER;
  #chat: readonly ChatLine[] = [];
  #chatRoomId: RoomId | undefined;
  #events: RosterEvent[] = [];
  #label = OWN_LABEL;
  #lastFault = 0;

  /** A workbench that is connected to nothing yet. */
  constructor(options: WorkbenchOptions) {
    const { clock } = options;
    this.log = new LogView(clock);
    this.#drawRoom = new Coalesce(clock, { periodMs: ROOM_PERIOD_MS, run: () => this.#draw() });
    this.#announce = new Coalesce(clock, {
      periodMs: ANNOUNCEMENT_PERIOD_MS,
      run: () => {
        this.#announcement.value = summariseRosterEvents(this.#events.splice(0));
      },
    });
    this.#session = new Session({
      ...options,
      pingPeriodMs: PING_PERIOD_MS,
      handler: {
        changed: () => this.#changed(),
        logged: (direction, message) => this.log.add({ user: this.#label, direction, message }),
        received: (message) => this.#received(message),
        refused: (error) => this.#refused(error),
        measured: (roundTripMs) => {
          this.#roundTripMs.value = roundTripMs;
        },
      },
    });
    this.#state = signal(this.#session.state);
    this.simulated = new SimulatedUsers({
      ...options,
      logged: (from, direction, message) => this.log.add({ ...from, direction, message }),
    });
  }

  /** Where the own session stands. */
  get state(): ReadonlySignal<SessionState> {
    return this.#state;
  }

  /** The last round trip; `undefined` while there is no connection. */
  get roundTripMs(): ReadonlySignal<number | undefined> {
    return this.#roundTripMs;
  }

  /** Who is in the room. */
  get roster(): ReadonlySignal<Roster> {
    return this.#rosterSignal;
  }

  /** The last lines of the chat. */
  get chat(): ReadonlySignal<readonly ChatLine[]> {
    return this.#chatSignal;
  }

  /** What the own participant shows of itself, as far as the server has confirmed it. */
  get ownState(): ReadonlySignal<MediaState> {
    return this.#ownState;
  }

  /** What the server refused last, until it is dismissed. */
  get fault(): ReadonlySignal<Fault | undefined> {
    return this.#fault;
  }

  /** What to say aloud about the room. */
  get announcement(): ReadonlySignal<Announcement | undefined> {
    return this.#announcement;
  }

  /** Connects, at once even if a pause is under way. */
  connect(): void {
    this.#session.connect();
  }

  /** Ends the connection; nothing brings it back but {@linkcode connect}. */
  disconnect(): void {
    this.#session.disconnect();
  }

  /** Joins, now or as soon as there is a connection. */
  join(request: JoinRequest): void {
    this.dismissFault();
    this.#label = request.userId ?? OWN_LABEL;
    this.#session.join(request);
  }

  /** Leaves the room, or gives up getting into it. */
  leave(): void {
    this.#session.leave();
  }

  /** Turns the microphone, the camera, the screen or the hand on or off, for the others to see. */
  toggle(what: keyof MediaState): void {
    this.#showState({ [what]: !(this.#ownState.value[what] ?? false) });
  }

  /** Says something to the room, or to one participant alone. */
  say(text: string, to?: UserId): boolean {
    return this.#session.send({ type: "chat", text, ...(to === undefined ? {} : { to }) });
  }

  /** Sends a frame as it is, as oneself or as a simulated user; `false` without a connection. */
  sendRaw(text: string, as?: number): boolean {
    if (as !== undefined) return this.simulated.sendTextAs(as, text);
    return this.#session.sendText(text);
  }

  /** Takes the last fault away. */
  dismissFault(): void {
    this.#fault.value = undefined;
  }

  #changed(): void {
    const state = this.#session.state;
    this.#state.value = state;
    if (state.phase === "joined") this.#label = state.userId;
    if (state.phase === "open" || state.phase === "joined") return;
    this.#roundTripMs.value = undefined;
    this.#statesUnderWay.clear();
    // The way back may lead to the same seat, and the room goes on from where it was.
    if (state.phase !== "closed") return;
    this.#roster = EMPTY_ROSTER;
    this.#ownState.value = {};
    this.#draw();
  }

  #received(message: ServerMessage): void {
    const event = rosterEventOf(this.#roster, message);
    if (event !== undefined) {
      this.#events.push(event);
      this.#announce.touch();
    }
    this.#chat = reduceChat(this.#chat, message, this.#roster);
    this.#roster = reduceRoster(this.#roster, message);
    switch (message.type) {
      case "joined":
        this.dismissFault();
        if (message.roomId !== this.#chatRoomId) this.#chat = [];
        this.#chatRoomId = message.roomId;
        if (hasAnythingOn(this.#ownState.value)) this.#showState(this.#ownState.value);
        this.#draw(); // The answer to a click is shown at once.
        return;
      case "leaved":
        this.#ownState.value = {};
        this.#draw();
        return;
      case "ok":
        this.#confirmState(message.requestId);
        break;
      case "error":
        this.#failed("other", message);
        break;
      default: // The reducers above have taken what they know.
    }
    this.#drawRoom.touch();
  }

  #showState(change: MediaState): void {
    const requestId = this.#session.request({ type: "state", ...change });
    if (requestId !== undefined) this.#statesUnderWay.set(requestId, change);
  }

  #confirmState(requestId: unknown): void {
    if (typeof requestId !== "string") return;
    const change = this.#statesUnderWay.get(requestId);
    if (change === undefined) return;
    this.#statesUnderWay.delete(requestId);
    this.#ownState.value = { ...this.#ownState.value, ...change };
    if (this.#roster.selfId === undefined) return;
    this.#roster = withState(this.#roster, this.#roster.selfId, change);
  }

  #refused(error: ServerMessageOf<"error">): void {
    this.#roster = EMPTY_ROSTER;
    this.#draw();
    this.#failed("join", error);
  }

  #failed(about: Fault["about"], error: ServerMessageOf<"error">): void {
    if (typeof error.requestId === "string") this.#statesUnderWay.delete(error.requestId);
    const { code, message } = error;
    this.#fault.value = { about, user: this.#label, code, message, id: ++this.#lastFault };
  }

  #draw(): void {
    this.#drawRoom.close();
    this.#rosterSignal.value = this.#roster;
    this.#chatSignal.value = this.#chat;
  }
}

/** Whether somebody who comes back has something to show again. */
function hasAnythingOn(state: MediaState): boolean {
  return Object.values(state).some((isOn) => isOn);
}
