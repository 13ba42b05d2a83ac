/**
 * The media of one room as far as the server carries them: which way they travel, who has media, and
 * what the media plane is asked (rules TO1-TO5, PB1-PB6, SB1-SB7, MS1-MS2). The room's state has one; who
 * lets members in and out tells it, and whatever it wants said in that moment goes with the outcome.
 * What the media plane tells later is delivered by itself.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import {
  MediaError,
  type MediaPlane,
  type MediaRoom,
  type MediaRoomStats,
  type PublishAnswer,
  type PublishRequest,
  type RecordingOptions,
  type RecordingView,
  type SubscriptionAnswer,
  type SubscriptionWish,
  type ViewRequest,
} from "../media/port.ts";
import { ProtocolError, quoted, type ServerMessage } from "../protocol/mod.ts";
import { MediaTellings } from "./media_tellings.ts";
import type { Outbound } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import type { RoomState } from "./room_state.ts";
import { type Membership, TopologyDecision, type TopologyMode } from "./topology.ts";

/** After a move to the mesh the server goes on for so long, so that nobody sees a gap (rule TO4). */
const CARRY_ON_MS = 10_000;
/** A participant is told what is counted of its media this often at most (rule MS2). */
const COUNTS_PERIOD_MS = 1_000;
/** Reports in a row that make a member one that the mesh is too much for (rule TO2). */
const LIMITED_REPORTS = 3;

/** What carries media, and when. */
export type MediaOptions = {
  readonly plane: MediaPlane;
  readonly topology: TopologyMode;
  readonly clock: Clock;
  /** Takes what is to be said without a request. */
  readonly deliver: (outbound: readonly Outbound[]) => void;
};

/** The media of a room; it has no plane where the server has none. */
export class RoomMedia {
  readonly #state: RoomState;
  readonly #options: MediaOptions | undefined;
  readonly #decision: TopologyDecision | undefined;
  readonly #tellings: MediaTellings;
  #carrier: MediaRoom | undefined;
  #cancelEnd: Cancel | undefined;
  /** While a member comes or goes: what is said because of it. */
  #collected: Outbound[] | undefined;

  /** The media of the room with this state; nothing is carried before somebody enters. */
  constructor(state: RoomState, options: MediaOptions | undefined) {
    this.#state = state;
    this.#options = options?.plane.isAvailable ? options : undefined;
    this.#tellings = new MediaTellings(
      state,
      (to, message) => this.#say({ to, message }),
      () => this.#restarted(),
    );
    if (this.#options === undefined) return;
    const { topology, clock } = this.#options;
    this.#decision = new TopologyDecision(topology, { clock, returned: () => this.#returned() });
    state.view = { ...state.view, topology: this.#decision.topology };
  }

  /** What the media plane has for this room now: counts it, captures it. */
  get carrier(): MediaRoom | undefined {
    return this.#carrier;
  }

  /** What was recorded of the room, oldest first; one that runs, as it is now. */
  async recordings(): Promise<RecordingView[]> {
    const { recordings } = this.#tellings;
    if (!recordings.isRunning) return recordings.all;
    try {
      const recording = (await this.#carrier?.stats())?.recording;
      if (recording !== undefined) recordings.tell(recording);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error; // What was known before is better than nothing.
    }
    return recordings.all;
  }

  /** See MediaRoom. Rejects with MediaError, also where nothing goes through the server. */
  async startRecording(options: RecordingOptions): Promise<RecordingView> {
    return this.#recorded(await this.#carrierToRecord("start").startRecording(options));
  }

  /** See MediaRoom. Rejects with MediaError. */
  async stopRecording(): Promise<RecordingView> {
    return this.#recorded(await this.#carrierToRecord("stop").stopRecording());
  }

  /** Throws `not-allowed` where media of one who enters could not be carried (rule TO2). */
  refuseWithout({ userId, isSocketless }: Participant): void {
    if (!isSocketless || this.#decision?.canBeSfu(this.#membership())) return;
    throw new ProtocolError(
      "not-allowed",
      `Cannot join room "${this.#state.view.roomId}" as "${userId}": its media do not go ` +
        `through the server`,
    );
  }

  /** One has become a member; it will find the topology in its `joined`. */
  entered(participant: Participant): Outbound[] {
    if (this.#decision === undefined) return [];
    return this.#collect(() => {
      this.#look(this.#state.others(participant));
      if (this.#state.view.topology === "sfu") this.#carry([participant]);
    });
  }

  /** A member has left. */
  left(participant: Participant): Outbound[] {
    if (this.#decision === undefined) return [];
    return this.#collect(() => {
      this.#tellings.delete(participant);
      this.#carrier?.removeParticipant(participant.userId);
      if (this.#state.members.size > 0) this.#look(this.#state.all);
    });
  }

  /** A member has reported what holds its pictures down; only a mesh is judged by that. */
  reported(participant: Participant, limitedBy: string | undefined): Outbound[] {
    if (this.#decision?.topology !== "mesh") return [];
    participant.limitedReports = limitedBy === undefined ? 0 : participant.limitedReports + 1;
    return this.#collect(() => this.#look(this.#state.all));
  }

  /** A member wants its media through the server, or no longer (rule TO5). Throws ProtocolError. */
  requestForwarding(sender: Participant, isWanted: boolean): Outbound[] {
    const attempt = "Cannot request-forwarding";
    if (!sender.canSfu) {
      throw new ProtocolError(
        "not-allowed",
        `${attempt}: "${sender.userId}" has not said that it can take media through the server`,
      );
    }
    if (!this.#decision?.canBeSfu({ canAll: true })) {
      throw new ProtocolError("not-allowed", `${attempt}: media go from each to each here, always`);
    }
    sender.wantsForwarding = isWanted;
    return this.#collect(() => this.#look(this.#state.all));
  }

  /** What a member is told again that may have missed it (rule SB7). */
  again(participant: Participant): ServerMessage[] {
    return this.#tellings.again(participant);
  }

  /** See MediaRoom; rules PB1-PB5. Throws ProtocolError, rejects with MediaError. */
  publish(sender: Participant, request: PublishRequest): Promise<PublishAnswer> {
    const carrier = this.#carrierFor(sender, "publish");
    if (sender.role !== "viewer") return carrier.publish(sender.userId, request);
    throw new ProtocolError("not-allowed", `Cannot publish: "${sender.userId}" is a viewer`);
  }

  /** See MediaRoom; rule SB1. An answer that nobody waits for is none. */
  async answer(sender: Participant, answer: SubscriptionAnswer): Promise<void> {
    const offer = this.#tellings.outstanding(sender, answer.connection);
    if (offer === undefined) return;
    try {
      await this.#carrier?.answer(sender.userId, answer);
    } catch (error) {
      // Another offer, or a loss, was on its way to us while the answer was on its way there.
      if (this.#tellings.outstanding(sender, answer.connection) !== offer) return;
      throw error;
    }
    this.#tellings.answered(sender, offer);
  }

  /** See MediaRoom; rule SB3. Throws ProtocolError, rejects with MediaError. */
  subscribe(sender: Participant, wish: SubscriptionWish): Promise<void> {
    if (this.#carrier !== undefined) return this.#carrier.subscribe(sender.userId, wish);
    throw new ProtocolError(
      "no-such-track",
      `Cannot subscribe to ${quoted(wish.trackId)}: nobody publishes it`,
    );
  }

  /** See MediaRoom; rule SB4. Throws ProtocolError. */
  restartSubscription(sender: Participant): Outbound[] {
    const carrier = this.#carrierFor(sender, "restart-subscription");
    return this.#collect(() => carrier.restartSubscription(sender.userId));
  }

  /** See MediaRoom. Throws ProtocolError, rejects with MediaError. */
  view(sender: Participant, request: ViewRequest): Promise<{ readonly sdp: string }> {
    return this.#carrierFor(sender, "view").view(sender.userId, request);
  }

  /** What is counted of the sender's own media; rules MS1, MS2. Throws ProtocolError, rejects with MediaError. */
  counts(sender: Participant): Promise<MediaRoomStats> {
    const carrier = this.#carrierFor(sender, "show media-stats");
    const now = this.#options!.clock.elapsed(); // Who has a carrier has a plane.
    const retryAfterMs = Math.ceil(sender.countsAskedAt + COUNTS_PERIOD_MS - now);
    if (retryAfterMs > 0) {
      const message = `Cannot show media-stats again: wait ${retryAfterMs} ms`;
      throw new ProtocolError("rate-limited", message, { retryAfterMs });
    }
    sender.countsAskedAt = now;
    return carrier.stats(sender.userId);
  }

  /** The room is over; nobody is told. Idempotent. */
  close(): void {
    this.#decision?.close();
    this.#closeCarrier();
  }

  #recorded(recording: RecordingView): RecordingView {
    this.#tellings.recordings.tell(recording);
    return recording;
  }

  #carrierToRecord(attempt: string): MediaRoom {
    if (this.#carrier !== undefined) return this.#carrier;
    throw new MediaError(
      "not-recording",
      `Cannot ${attempt} recording: the media of room "${this.#state.view.roomId}" do not go ` +
        "through the server",
    );
  }

  #carrierFor(member: Participant, attempt: string): MediaRoom {
    if (this.#carrier !== undefined && this.#tellings.has(member)) return this.#carrier;
    const why = member.canSfu || this.#decision === undefined
      ? `the media of room "${this.#state.view.roomId}" do not go through the server`
      : `"${member.userId}" has not said that it can take media through the server`;
    throw new ProtocolError("not-allowed", `Cannot ${attempt}: ${why}`);
  }

  /** Decides anew, and has `told` hear of a move (rule TO4). */
  #look(told: readonly Participant[]): void {
    if (!this.#decision?.look(this.#membership())) return;
    this.#moved(told);
  }

  /** All media began anew; where nothing carries them any more, the room goes on without. */
  #restarted(): void {
    if (this.#options?.plane.isAvailable !== false) return;
    this.#options.deliver(this.#collect(() => this.#look(this.#state.all)));
  }

  #returned(): void {
    this.#options?.deliver(this.#collect(() => this.#moved(this.#state.all)));
  }

  #moved(told: readonly Participant[]): void {
    if (this.#decision === undefined) return;
    const { topology } = this.#decision;
    this.#state.view = { ...this.#state.view, topology };
    this.#say({ to: told, message: { type: "topology", topology } });
    for (const member of this.#state.members.values()) member.limitedReports = 0;
    if (topology === "sfu") this.#carry(this.#state.all);
    else this.#endLater();
  }

  /** Gives media to those who can take them, and begins with it where it has to. */
  #carry(members: readonly Participant[]): void {
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    this.#carrier ??= this.#options?.plane.openRoom(this.#state.view.roomId, this.#tellings);
    for (const member of members) {
      if (!member.canSfu || !this.#tellings.add(member)) continue;
      this.#carrier?.addParticipant(member.userId);
    }
  }

  #endLater(): void {
    this.#cancelEnd ??= this.#options?.clock.after(CARRY_ON_MS, () => {
      this.#closeCarrier();
      this.#options?.deliver(this.#collect(() => this.#tellings.end()));
    });
  }

  #closeCarrier(): void {
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    this.#carrier?.close();
    this.#carrier = undefined;
  }

  #membership(): Membership {
    const members = this.#state.all;
    return {
      members: members.length,
      canAll: members.every(({ canSfu }) => canSfu) && this.#options?.plane.isAvailable === true,
      needsOne: members.some(({ isSocketless }) => isSocketless),
      isOneLimited: members.some(({ limitedReports }) => limitedReports >= LIMITED_REPORTS),
      isWanted: members.some(({ wantsForwarding }) => wantsForwarding),
      isLive: this.#state.view.kind === "live",
    };
  }

  /** What `act` has said, to go with the outcome of what caused it. */
  #collect(act: () => void): Outbound[] {
    const collected: Outbound[] = [];
    this.#collected = collected;
    try {
      act();
    } finally {
      this.#collected = undefined;
    }
    return collected;
  }

  #say(outbound: Outbound): void {
    if (this.#collected === undefined) this.#options?.deliver([outbound]);
    else this.#collected.push(outbound);
  }
}
