/**
 * A media plane that carries nothing: it notes what it is asked, answers as the test says, and tells
 * what the test has it tell. For the tests of what stands before the media plane.
 */
import type {
  CaptureOptions,
  MediaPlane,
  MediaPlaneStats,
  MediaRoom,
  MediaRoomEvents,
  MediaRoomStats,
  PublishAnswer,
  PublishRequest,
  RecordingOptions,
  RecordingView,
  SubscriptionAnswer,
  SubscriptionWish,
  ViewRequest,
} from "../../src/media/port.ts";
import type { RoomId, UserId } from "../../src/protocol/mod.ts";
import { waitUntil } from "./wait_until.ts";

/** The media of one room, as a test wants them. */
export class ScriptedMediaRoom implements MediaRoom {
  readonly roomId: RoomId;
  readonly events: MediaRoomEvents;
  /** What it was asked, e.g. `publish ann 0:camera`. */
  readonly calls: string[] = [];
  /** What every request waits for; a test has it fail, or never end. */
  gate: Promise<void> = Promise.resolve();
  /** The m-lines of a publisher that it does not take. */
  readonly refusedMids = new Set<string>();
  /** What it counts. */
  counted: MediaRoomStats = { publications: [], subscriptions: [], estimates: [] };
  /** The captures that it was asked for, to be fed. */
  readonly captures: ReadableStreamDefaultController<Uint8Array>[] = [];
  /** What happens in the middle of the next call, before it returns. */
  onCall: ((call: string) => void) | undefined;

  constructor(roomId: RoomId, events: MediaRoomEvents) {
    this.roomId = roomId;
    this.events = events;
  }

  addParticipant(userId: UserId): void {
    this.#called(`add ${userId}`);
  }

  removeParticipant(userId: UserId): void {
    this.#called(`remove ${userId}`);
  }

  publish(userId: UserId, { tracks }: PublishRequest): Promise<PublishAnswer> {
    this.#called(`publish ${userId} ${tracks.map(({ mid, source }) => `${mid}:${source}`)}`);
    const answered = tracks.filter(({ mid }) => !this.refusedMids.has(mid))
      .map(({ mid }) => ({ mid, trackId: `${userId}-${mid}` }));
    return this.gate.then(() => ({ sdp: "an answer", tracks: answered }));
  }

  answer(userId: UserId, { connection, sdp }: SubscriptionAnswer): Promise<void> {
    this.#called(`answer ${userId} ${connection} ${sdp}`);
    return this.gate;
  }

  restartSubscription(userId: UserId): void {
    this.#called(`restart ${userId}`);
  }

  subscribe(userId: UserId, { trackId, maxHeight, isPaused }: SubscriptionWish): Promise<void> {
    this.#called(`subscribe ${userId} ${trackId} ${maxHeight} ${isPaused}`);
    return this.gate;
  }

  view(userId: UserId, { from }: ViewRequest): Promise<{ readonly sdp: string }> {
    this.#called(`view ${userId} ${from}`);
    return this.gate.then(() => ({ sdp: "an answer" }));
  }

  stats(of?: UserId): Promise<MediaRoomStats> {
    if (of !== undefined) this.#called(`stats ${of}`);
    return this.gate.then(() => this.counted);
  }

  startRecording({ container, maxBytes, maxMs }: RecordingOptions): Promise<RecordingView> {
    this.#called(`record ${container} ${maxBytes} ${maxMs}`);
    return this.gate.then(() => this.#recorded("recording"));
  }

  stopRecording(): Promise<RecordingView> {
    this.#called("stop");
    return this.gate.then(() => this.#recorded("ended"));
  }

  capture(userId: UserId, { maxBytes, maxMs }: CaptureOptions): ReadableStream<Uint8Array> {
    this.#called(`capture ${userId} ${maxBytes} ${maxMs}`);
    return new ReadableStream({
      start: async (controller) => {
        await this.gate;
        this.captures.push(controller);
        controller.enqueue(Uint8Array.of(0));
      },
      cancel: () => this.#called(`cancel ${userId}`),
    });
  }

  close(): void {
    this.#called("close");
  }

  #recorded(state: RecordingView["state"]): RecordingView {
    const files = ["ann.webm", "index.json"];
    return { recordingId: "a-recording", state, startedAt: 0, files, bytes: 0 };
  }

  /** Waits until it has been asked so `times` times. */
  called(call: RegExp, times = 1): Promise<void> {
    return waitUntil(() => {
      const count = this.calls.filter((one) => call.test(one)).length;
      return count < times ? `asked ${this.calls}` : undefined;
    });
  }

  #called(call: string): void {
    this.calls.push(call);
    this.onCall?.(call);
  }
}

/** The media of all rooms. */
export class ScriptedMediaPlane implements MediaPlane {
  isAvailable = true;
  /** Every room that was opened, in order. */
  readonly rooms: ScriptedMediaRoom[] = [];

  /** The room that was opened last; throws where there is none. */
  get room(): ScriptedMediaRoom {
    const last = this.rooms.at(-1);
    if (last === undefined) throw new Error("No room was opened");
    return last;
  }

  openRoom(roomId: RoomId, events: MediaRoomEvents): ScriptedMediaRoom {
    const room = new ScriptedMediaRoom(roomId, events);
    this.rooms.push(room);
    return room;
  }

  stats(): Promise<MediaPlaneStats> {
    const counters = { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
    const counts = { connections: 0, publications: 0, subscriptions: 0, restarts: 0 };
    const { length: rooms } = this.rooms;
    return Promise.resolve({ processes: 1, rooms, ...counts, received: counters, sent: counters });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
