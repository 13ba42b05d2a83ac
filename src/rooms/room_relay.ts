/**
 * Who wants whose frames over the socket, in one room (rules FR1-FR5, FR8). Decides and tells; the
 * frames themselves go past it, through signaling, which asks it who is to get them. The room's state
 * has one.
 */
import {
  type ClientMessageOf,
  type LeaveReason,
  ProtocolError,
  quoted,
  type UserId,
} from "../protocol/mod.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import { type RelayOptions, RelaySource } from "./relay_source.ts";
import type { PictureWatch, PictureWatcher } from "./relayed_pictures.ts";
import type { RoomState } from "./room_state.ts";

/** The relay of a room. */
export class RoomRelay {
  readonly #state: RoomState;
  readonly #options: RelayOptions;
  readonly #sources = new Map<Participant, RelaySource>();
  #lastSourceId = 0;

  /** Nobody wants anything at first. */
  constructor(state: RoomState, options: RelayOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** How many get frames, once for each whose frames they get, and how many watch pictures. */
  get counts(): { readonly viewers: number; readonly watchers: number } {
    let viewers = 0;
    let watchers = 0;
    for (const source of this.#sources.values()) {
      viewers += source.viewers.size;
      watchers += source.pictures.watcherCount;
    }
    return { viewers, watchers };
  }

  /** That participant as a source, if anybody has ever wanted its frames. */
  source(participant: Participant): RelaySource | undefined {
    return this.#sources.get(participant);
  }

  /** Begins or ends to pass somebody's frames to `sender` (rules FR2, FR3). */
  request(sender: Participant, message: ClientMessageOf<"request-relay">): Outcome {
    const target = this.#target(sender, message);
    if (message.active === false) {
      const outbound = this.#sources.get(target)?.delete(sender) ?? [];
      return { reply: undefined, outbound };
    }
    const source = this.#sourceOf(target);
    const { userId } = target;
    return {
      reply: { type: "relay-started", userId, sourceId: source.sourceId },
      outbound: source.add(sender),
    };
  }

  /** Begins to watch the single pictures of a participant. Throws ProtocolError. */
  watch(userId: UserId, watcher: PictureWatcher): PictureWatch {
    const attempt = `Cannot watch "${userId}"`;
    const target = this.#state.members.get(userId);
    if (target === undefined) {
      throw new ProtocolError(
        "no-such-participant",
        `${attempt}: not in room "${this.#state.view.roomId}"`,
      );
    }
    refuseWithout(target, attempt);
    const source = this.#sourceOf(target);
    const watch = source.pictures.watch(watcher);
    this.#options.deliver(source.tell());
    return watch;
  }

  /** A member has left: it gives no frames any more, and gets none (rule FR8). */
  left(participant: Participant, reason: LeaveReason): Outbound[] {
    this.#sources.get(participant)?.close(reason);
    this.#sources.delete(participant);
    return [...this.#sources.values()].flatMap((source) => source.delete(participant));
  }

  /** What a member is told again that may have missed it (rule FR4). */
  again(participant: Participant): Outbound[] {
    return this.#sources.get(participant)?.tellAgain() ?? [];
  }

  /** A member is back on another connection: what was on its way, in or out, is lost (rule FR8). */
  resumed(participant: Participant): Outbound[] {
    const outbound = this.again(participant);
    outbound.push(...this.#sources.get(participant)?.hasGap() ?? []);
    for (const source of this.#sources.values()) {
      const viewer = source.viewers.get(participant);
      if (viewer === undefined) continue;
      viewer.needsKeyFrame = true;
      viewer.isBehind = false;
      outbound.push(...source.askForKeyFrame());
    }
    return outbound;
  }

  /** The room is over. Idempotent. */
  close(): void {
    for (const source of this.#sources.values()) source.close("room-ended");
    this.#sources.clear();
  }

  #target(
    sender: Participant,
    { roomId, userId }: ClientMessageOf<"request-relay">,
  ): Participant {
    const attempt = "Cannot request-relay";
    const { view, broadcaster } = this.#state;
    if (roomId !== view.roomId) {
      throw new ProtocolError(
        "not-allowed",
        `${attempt} of room ${quoted(roomId)}: the sender is in room "${view.roomId}"`,
      );
    }
    if (userId === undefined && broadcaster === undefined) {
      throw new ProtocolError(
        "no-such-participant",
        `${attempt}: nobody broadcasts in room "${view.roomId}"`,
      );
    }
    const wanted = userId ?? broadcaster!.userId; // One of the two is there.
    const target = this.#state.addressee(sender, wanted, `${attempt} of "${wanted}"`);
    refuseWithout(target, `${attempt} of "${wanted}"`);
    return target;
  }

  #sourceOf(participant: Participant): RelaySource {
    const known = this.#sources.get(participant);
    if (known !== undefined) return known;
    const source = new RelaySource(participant, ++this.#lastSourceId, this.#options);
    this.#sources.set(participant, source);
    return source;
  }
}

/** Throws `media-failed` for one that did not say that it can send frames (rule FR1). */
function refuseWithout({ userId, canRelay }: Participant, attempt: string): void {
  if (canRelay) return;
  throw new ProtocolError(
    "media-failed",
    `${attempt}: "${userId}" has not said that it can send frames over the socket`,
  );
}
