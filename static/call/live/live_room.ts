/**
 * Who is in a live room as its call needs to know it: who broadcasts, what of, and how many look.
 * Pure but for what it keeps; it follows the messages of the server.
 */
import type {
  MediaState,
  ParticipantView,
  ServerMessage,
  UserId,
} from "../../../src/protocol/mod.ts";

/** From so many members on the server carries a live room's media (rule TO5). */
export const LARGE_MEMBERS = 6;

/** Whoever broadcasts. */
export interface Broadcaster {
  readonly userId: UserId;
  /** Another one after each join: who reloads the page comes back as somebody else. */
  readonly stay: string;
  readonly state: MediaState;
  readonly isConnected: boolean;
}

/** The members of one live room. */
export class LiveRoom {
  #members: ReadonlyMap<UserId, ParticipantView> = new Map();

  /** Whoever broadcasts; undefined: nobody, for now. */
  get broadcaster(): Broadcaster | undefined {
    const view = [...this.#members.values()].find(({ role }) => role === "broadcaster");
    if (view === undefined) return undefined;
    const { userId, joinedAt, state, connected = true } = view;
    return { userId, stay: `${userId} ${joinedAt}`, state, isConnected: connected };
  }

  /** Whether the server carries the media whoever wants what. */
  get isLarge(): boolean {
    return this.#members.size >= LARGE_MEMBERS;
  }

  /** What should come of the broadcaster; a client that says nothing of itself may show anything. */
  get showing(): "pictures" | "sound" | "anything" | "nothing" {
    const { broadcaster } = this;
    if (broadcaster === undefined || !broadcaster.isConnected) return "nothing";
    const { audio, video, screen } = broadcaster.state;
    if (video === true || screen === true) return "pictures";
    if (audio === true) return "sound";
    return audio ?? video ?? screen ?? true ? "anything" : "nothing";
  }

  /** Where the picture belongs that comes without a name. */
  get pictureSlot(): "camera" | "screen" {
    return this.broadcaster?.state.screen === true ? "screen" : "camera";
  }

  /** Takes any message of the server; whether anything is another than before. */
  receive(message: ServerMessage): boolean {
    switch (message.type) {
      case "joined":
      case "snapshot":
        return this.#become(message.participants);
      case "resumed":
        return message.snapshot !== undefined && this.#become(message.snapshot.participants);
      case "user-joined":
        return this.#become([...this.#members.values(), message.participant]);
      case "user-left":
        return this.#become(
          [...this.#members.values()].filter(({ userId }) => userId !== message.userId),
        );
      case "participant-updated": {
        const { userId, state, connected } = message;
        const view = this.#members.get(userId);
        if (view === undefined) return false;
        const others = [...this.#members.values()].filter((one) => one !== view);
        return this.#become([...others, {
          ...view,
          ...(state === undefined ? {} : { state }),
          ...(connected === undefined ? {} : { connected }),
        }]);
      }
      default:
        return false;
    }
  }

  #become(members: readonly ParticipantView[]): boolean {
    this.#members = new Map(members.map((view) => [view.userId, view]));
    return true;
  }
}
