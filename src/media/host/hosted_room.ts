/**
 * The media of one room, in whichever process they are: knows who is in the room, so that a process
 * that begins, or takes over, can be told. It has a place from the first participant on.
 */
import type { RoomId, UserId } from "../../protocol/mod.ts";
import type { RequestName, Requests, RoomNumber } from "../ipc/messages.ts";
import {
  type CaptureOptions,
  MediaError,
  type MediaRoom,
  type MediaRoomEvents,
  type MediaRoomStats,
  type PublishAnswer,
  type PublishRequest,
  type RecordingOptions,
  type RecordingView,
  type SubscriptionAnswer,
  type SubscriptionWish,
  type ViewRequest,
} from "../port.ts";
import type { ProcessSlot, RoomNotices, SlotRoom } from "./process_slot.ts";

/** What a room is made with. */
export type HostedRoomOptions = {
  readonly number: RoomNumber;
  readonly roomId: RoomId;
  readonly events: MediaRoomEvents;
  /** Finds a place for it; `undefined`: there is none now. */
  readonly place: () => ProcessSlot | undefined;
  readonly onClosed: () => void;
};

type Asked<Name extends RequestName> = Omit<Requests[Name]["ask"], "room">;

/** The media of one room. */
export class HostedRoom implements MediaRoom, SlotRoom {
  /** See SlotRoom. */
  readonly number: RoomNumber;
  readonly #options: HostedRoomOptions;
  readonly #participants = new Set<UserId>();
  #slot: ProcessSlot | undefined;
  #isClosed = false;

  /** It has no place yet. */
  constructor(options: HostedRoomOptions) {
    this.#options = options;
    this.number = options.number;
  }

  /** See SlotRoom. */
  get participantCount(): number {
    return this.#participants.size;
  }

  /** See SlotRoom. */
  open(slot: ProcessSlot): void {
    const { number: room, roomId } = this.#options;
    slot.say("openRoom", { room, roomId });
    for (const userId of this.#participants) slot.say("addParticipant", { room, userId });
  }

  /** See SlotRoom. */
  lost(): void {
    if (!this.#isClosed) this.#options.events.restarted();
  }

  /** Its place has given up. What was agreed on is gone, and it has another place or none. */
  displaced(): void {
    this.#slot = undefined;
    if (this.#participants.size > 0) this.#place();
    this.lost();
  }

  /** See SlotRoom. */
  hear<Name extends keyof RoomNotices>(name: Name, body: RoomNotices[Name]): void {
    if (this.#isClosed) return;
    hearings[name](this.#options.events, body);
  }

  /** See MediaRoom. */
  addParticipant(userId: UserId): void {
    if (this.#isClosed || this.#participants.has(userId)) return;
    this.#participants.add(userId);
    const before = this.#slot;
    // A process that begins with the room is told of all participants then.
    if (before === undefined) this.#place();
    else before.say("addParticipant", { room: this.number, userId });
  }

  /** See MediaRoom. */
  removeParticipant(userId: UserId): void {
    if (!this.#participants.delete(userId)) return;
    this.#slot?.say("removeParticipant", { room: this.number, userId });
  }

  /** See MediaRoom. */
  publish(userId: UserId, request: PublishRequest): Promise<PublishAnswer> {
    return this.#ask("publish", { userId, request });
  }

  /** See MediaRoom. */
  async answer(userId: UserId, answer: SubscriptionAnswer): Promise<void> {
    await this.#ask("answer", { userId, answer });
  }

  /** See MediaRoom. */
  restartSubscription(userId: UserId): void {
    this.#slot?.say("restartSubscription", { room: this.number, userId });
  }

  /** See MediaRoom. */
  async subscribe(userId: UserId, wish: SubscriptionWish): Promise<void> {
    await this.#ask("subscribe", { userId, wish });
  }

  /** See MediaRoom. */
  view(userId: UserId, request: ViewRequest): Promise<{ readonly sdp: string }> {
    return this.#ask("view", { userId, request });
  }

  /** See MediaRoom. */
  stats(of?: UserId): Promise<MediaRoomStats> {
    return this.#ask("roomStats", { of });
  }

  /** See MediaRoom. */
  startRecording(options: RecordingOptions): Promise<RecordingView> {
    return this.#ask("startRecording", { options });
  }

  /** See MediaRoom. */
  stopRecording(): Promise<RecordingView> {
    return this.#ask("stopRecording", {});
  }

  /** See MediaRoom. */
  capture(userId: UserId, options: CaptureOptions): ReadableStream<Uint8Array> {
    let stream: number | undefined;
    let isLeft = false;
    const leave = () => {
      if (stream !== undefined) this.#slot?.say("cancel", { stream });
    };
    return new ReadableStream({
      start: async () => {
        stream = (await this.#ask("capture", { userId, options })).stream;
        if (isLeft) leave(); // Its reader has not waited for the answer.
      },
      pull: async (controller) => {
        const { bytes } = await this.#slotOf().request("read", { stream: stream! });
        if (bytes === undefined) controller.close();
        else controller.enqueue(Uint8Array.fromBase64(bytes));
      },
      cancel: () => {
        isLeft = true;
        leave();
      },
    });
  }

  /** See MediaRoom. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#participants.clear();
    this.#slot?.remove(this.number);
    this.#options.onClosed();
  }

  #place(): ProcessSlot | undefined {
    this.#slot = this.#options.place();
    this.#slot?.add(this);
    return this.#slot;
  }

  async #ask<Name extends RequestName>(
    name: Name,
    asked: Asked<Name>,
  ): Promise<Requests[Name]["answer"]> {
    const body = { room: this.number, ...asked } as Requests[Name]["ask"]; // What was left out.
    return await this.#slotOf().request(name, body);
  }

  #slotOf(): ProcessSlot {
    const slot = this.#isClosed ? undefined : this.#slot ?? this.#place();
    if (slot !== undefined) return slot;
    throw new MediaError("unavailable", "Cannot go on: the room has no media");
  }
}

/** How each notice is told. */
const hearings: {
  readonly [Name in keyof RoomNotices]: (events: MediaRoomEvents, body: RoomNotices[Name]) => void;
} = {
  published: (events, { userId, track }) => events.published(userId, track),
  unpublished: (events, { userId, track }) => events.unpublished(userId, track),
  subscriptionOffered: (events, { userId, offer }) => events.subscriptionOffered(userId, offer),
  subscriptionUpdated: (events, { userId, update }) => events.subscriptionUpdated(userId, update),
  speakersChanged: (events, { speakers }) => events.speakersChanged(speakers),
  layersWanted: (events, { userId, wanted }) => events.layersWanted(userId, wanted),
  connectionLost: (events, { userId, channel }) => events.connectionLost(userId, channel),
  recordingEnded: (events, { recording }) => events.recordingEnded(recording),
};
