/**
 * The rooms of a media process as the server's process sees them: takes requests and notices, finds
 * the room and calls it, and says what the rooms tell. The entry has one, over its standard streams.
 */
import { type Clock, type Logger } from "../../base/mod.ts";
import type { RoomId, UserId } from "../../protocol/mod.ts";
import { Channel } from "../ipc/channel.ts";
import type {
  Commands,
  Notices,
  RequestName,
  Requests,
  RoomNumber,
  StartOptions,
} from "../ipc/messages.ts";
import { MediaError, type MediaRoomEvents, type MediaRoomStats } from "../port.ts";
import { ByteStreams } from "./byte_streams.ts";
import { CounterSums } from "./counter_sums.ts";
import { RemoteLog } from "./remote_log.ts";
import type { SfuRoomLike, SfuRooms } from "./sfu_rooms.ts";

/** What the rooms of a process are served with. */
export type ServedRoomsOptions = {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly clock: Clock;
  /** Makes the rooms when the other side says how; rejects with MediaError when it cannot. */
  readonly start: (options: StartOptions, log: Logger) => Promise<SfuRooms>;
};

/** Answers each request by its name. */
type Answers = {
  readonly [Name in RequestName]: (
    ask: Requests[Name]["ask"],
  ) => Requests[Name]["answer"] | Promise<Requests[Name]["answer"]>;
};

/** Serves the rooms of one process. */
export class ServedRooms {
  /** Says into the server's log. */
  readonly log: Logger;
  readonly #start: ServedRoomsOptions["start"];
  readonly #channel: Channel<Notices, Commands>;
  readonly #rooms = new Map<RoomNumber, SfuRoomLike>();
  readonly #streams = new ByteStreams();
  readonly #sums = new CounterSums();
  #sfu: SfuRooms | undefined;

  /** Listens from now on. */
  constructor({ readable, writable, clock, start }: ServedRoomsOptions) {
    this.#start = start;
    this.log = new RemoteLog(clock, (line) => this.#channel.say("log", line));
    const answers = this.#answers();
    this.#channel = new Channel<Notices, Commands>({
      readable,
      writable,
      clock,
      log: this.log,
      heard: this.#heard(),
      serve: async (name, body) => {
        if (!Object.hasOwn(answers, name)) {
          throw new MediaError("unavailable", `Cannot ${name}: no such request`);
        }
        return await answers[name](body);
      },
    });
  }

  /** Resolves when the other side is gone. Never rejects. */
  get closed(): Promise<string> {
    return this.#channel.closed;
  }

  /** Ends all rooms; resolves when they have written what they had to write. */
  async close(): Promise<void> {
    this.#streams.close();
    const ends = [...this.#rooms.keys()].map((room) => this.#closeRoom(room));
    await Promise.all(ends);
    await this.#sfu?.close();
    this.#channel.close("this process stops");
  }

  #heard(): { readonly [Name in keyof Commands]: (body: Commands[Name]) => void } {
    return {
      openRoom: ({ room, roomId }) => this.#openRoom(room, roomId),
      addParticipant: ({ room, userId }) => this.#rooms.get(room)?.addParticipant(userId),
      removeParticipant: ({ room, userId }) => {
        const left = this.#rooms.get(room);
        if (left === undefined) return;
        this.#look(room); // It takes its counters with it.
        left.removeParticipant(userId);
      },
      restartSubscription: ({ room, userId }) => this.#rooms.get(room)?.restartSubscription(userId),
      closeRoom: ({ room }) => {
        this.#closeRoom(room);
      },
      cancel: ({ stream }) => this.#streams.cancel(stream),
    };
  }

  #answers(): Answers {
    return {
      start: async (options) => {
        this.#sfu ??= await this.#start(options, this.log);
        return {};
      },
      ping: () => ({}),
      stats: () => this.#stats(),
      publish: ({ room, userId, request }) => this.#roomOf(room).publish(userId, request),
      answer: async ({ room, userId, answer }) => {
        await this.#roomOf(room).answer(userId, answer);
        return {};
      },
      subscribe: async ({ room, userId, wish }) => {
        await this.#roomOf(room).subscribe(userId, wish);
        return {};
      },
      view: ({ room, userId, request }) => this.#roomOf(room).view(userId, request),
      roomStats: ({ room, of }) => this.#roomOf(room).stats(of),
      startRecording: ({ room, options }) =>
        this.#roomOf(room).startRecording?.(options) ?? refuse("record"),
      stopRecording: ({ room }) => this.#roomOf(room).stopRecording?.() ?? refuse("record"),
      capture: ({ room, userId, options }) => {
        const bytes = this.#roomOf(room).capture?.(userId, options) ?? refuse("capture");
        return { stream: this.#streams.add(bytes) };
      },
      read: ({ stream }) => this.#streams.read(stream),
    };
  }

  #openRoom(room: RoomNumber, roomId: RoomId): void {
    if (this.#sfu === undefined || this.#rooms.has(room)) return;
    this.#rooms.set(room, this.#sfu.open(roomId, this.#eventsOf(room)));
  }

  async #closeRoom(room: RoomNumber): Promise<void> {
    const closing = this.#rooms.get(room);
    if (closing === undefined) return;
    this.#look(room);
    this.#rooms.delete(room);
    this.#sums.forget(room);
    try {
      await closing.close();
    } catch (error) {
      this.log.error("room not closed", { error });
    }
  }

  #eventsOf(room: RoomNumber): MediaRoomEvents {
    const say = <Name extends keyof Notices>(name: Name, body: Omit<Notices[Name], "room">) => {
      if (this.#rooms.has(room)) this.#channel.say(name, { room, ...body } as Notices[Name]);
    };
    return {
      published: (userId: UserId, track) => say("published", { userId, track }),
      unpublished: (userId, track) => say("unpublished", { userId, track }),
      subscriptionOffered: (userId, offer) => say("subscriptionOffered", { userId, offer }),
      subscriptionUpdated: (userId, update) => say("subscriptionUpdated", { userId, update }),
      speakersChanged: (speakers) => say("speakersChanged", { speakers }),
      layersWanted: (userId, wanted) => say("layersWanted", { userId, wanted }),
      connectionLost: (userId, channel) => say("connectionLost", { userId, channel }),
      restarted() {}, // Rooms do not survive their process: the other side knows before us.
      recordingEnded: (recording) => say("recordingEnded", { recording }),
    };
  }

  #stats(): Requests["stats"]["answer"] {
    let publications = 0;
    let subscriptions = 0;
    for (const room of this.#rooms.keys()) {
      const stats = this.#look(room);
      publications += stats.publications.length;
      subscriptions += stats.subscriptions.length;
    }
    return {
      rooms: this.#rooms.size,
      connections: this.#sfu?.connectionCount ?? 0,
      publications,
      subscriptions,
      received: this.#sums.received,
      sent: this.#sums.sent,
    };
  }

  /** Counts what has gone through a room since it was last looked at. */
  #look(room: RoomNumber): MediaRoomStats {
    const stats = this.#roomOf(room).stats();
    this.#sums.look(room, stats);
    return stats;
  }

  #roomOf(room: RoomNumber): SfuRoomLike {
    const found = this.#rooms.get(room);
    if (found !== undefined) return found;
    throw new MediaError("unavailable", "Cannot go on: the media of the room have ended");
  }
}

function refuse(attempt: string): never {
  throw new MediaError("not-configured", `Cannot ${attempt}: this server has no such thing`);
}
