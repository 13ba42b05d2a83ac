/**
 * By which way a viewer gets the broadcast: the ladder decides, this looks at what has come, asks the
 * server for what the ladder wants, and has the frames of the socket shown. What is shown changes
 * only when there is something else to show.
 */
import type {
  ClientMessage,
  MediaPath,
  PathTimes,
  RoomId,
  ServerMessage,
} from "../../../src/protocol/mod.ts";
import { type Advice, ASLEEP_MS, Ladder, type LadderReason } from "../ladder.ts";
import type { LinkReport } from "../link_report.ts";
import type { CallClock } from "../platform.ts";
import type { Progress } from "../progress.ts";
import type { RelayPlatform } from "../relay/relay_platform.ts";
import { RelayReceiver } from "../relay/relay_receiver.ts";
import type { CallTransport, RemoteMedia } from "../transport.ts";
import type { LiveRoom } from "./live_room.ts";

/** What has come is looked at this often. */
export const LOOK_MS = 250;
/** Whether ICE took a TURN server is asked this often. */
const MEASURE_MS = 1_500;
/** Whoever shows a track gets this long to show its successor instead. */
export const LINGER_MS = 1_000;
/** Nobody is asked for frames again sooner after a refusal. */
export const REFUSED_MS = 2_000;

/** What a viewer's path needs. */
export interface ViewerPathOptions {
  readonly clock: CallClock;
  readonly roomId: RoomId;
  readonly room: LiveRoom;
  /** The call by peer connections. */
  readonly media: CallTransport;
  /** Whether anybody looks at the picture: what nobody looks at is not sent by the server. */
  readonly isWatched: () => boolean;
  /** Default: this browser decodes no frames. */
  readonly relay: RelayPlatform | undefined;
  readonly forced: MediaPath | undefined;
  readonly newRequestId: () => string;
  readonly send: (message: ClientMessage) => boolean;
  /** What is shown, or why, is another. */
  readonly changed: () => void;
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** The way of one viewer. */
export class ViewerPath {
  readonly #options: ViewerPathOptions;
  readonly #ladder: Ladder;
  readonly #pathMs: Record<string, number> = {};
  #advice: Advice | undefined;
  #lookedAt: number | undefined;
  #isTurn = false;
  #measuredAt = -Infinity;
  #stay: string | undefined;
  #receiver: RelayReceiver | undefined;
  readonly #lingering = new Map<RelayReceiver, () => void>();
  #isForwardingSaid = false;
  #isRelaySaid = false;
  #forwardingId: string | undefined;
  #relayId: string | undefined;
  #refusedAt = -Infinity;
  #cancelLook: (() => void) | undefined;
  #isClosed = false;

  /** Looks at once, and from then on. */
  constructor(options: ViewerPathOptions) {
    this.#options = options;
    this.#ladder = new Ladder(options.forced);
    void this.#look();
  }

  /** The rung on which something comes. */
  get rung(): MediaPath | undefined {
    return this.#advice?.rung;
  }

  /** Why it is not the best one. */
  get why(): LadderReason | undefined {
    return this.#advice?.why;
  }

  /** Milliseconds on each rung so far. */
  get pathMs(): PathTimes {
    const rounded = Object.entries(this.#pathMs).map(([path, ms]) => [path, Math.round(ms)]);
    return Object.fromEntries(rounded) as PathTimes; // The keys are rungs.
  }

  /** Whether the frames of the socket are what is shown. */
  get isRelay(): boolean {
    return this.#advice?.shown === "relay";
  }

  /** What is shown of the broadcaster, where that are frames of the socket. */
  get remote(): RemoteMedia {
    const tracks = this.#receiver?.tracksIn(this.#options.room.pictureSlot) ?? {};
    return { state: this.rung === "relay" ? "connected" : "connecting", tracks };
  }

  /** How much has come by frames of the socket. */
  get progress(): Progress {
    return this.#receiver?.progressIn(this.#options.room.pictureSlot) ?? {};
  }

  /** What is measured of the frames of the socket. */
  measureRelay(): LinkReport | undefined {
    return this.#receiver?.measure(this.#options.room.pictureSlot);
  }

  /** The peer connections were measured: which path the one to the broadcaster takes. */
  measured(report: LinkReport | undefined): void {
    this.#measuredAt = this.#options.clock.elapsed();
    if (report !== undefined) this.#isTurn = report.path === "turn";
  }

  /** Takes any message of the server, and picks its own; to be called after the room's. */
  receive(message: ServerMessage): void {
    this.#followBroadcaster();
    if (message.type === "relay-started" && message.requestId === this.#relayId) {
      this.#receiver?.start(message.sourceId);
    }
    if (message.type !== "error" || message.requestId === undefined) return;
    if (message.requestId === this.#forwardingId) {
      this.#isForwardingSaid = false;
      this.#ladder.forwardingRefused();
    }
    if (message.requestId !== this.#relayId) return;
    const at = this.#options.clock.elapsed();
    this.#refusedAt = at;
    this.#isRelaySaid = false;
    this.#ladder.relayRefused(at);
  }

  /** Takes a binary frame of the socket. */
  receiveFrame(bytes: Uint8Array): void {
    this.#receiver?.take(bytes);
  }

  /** The socket is back, or the network is another one. */
  networkChanged(): void {
    this.#ladder.networkChanged(this.#options.clock.elapsed());
    if (this.#isRelaySaid) this.#askForFrames();
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    this.#receiver?.close();
    this.#receiver = undefined;
    for (const [receiver, cancel] of this.#lingering) {
      cancel();
      receiver.close();
    }
    this.#lingering.clear();
  }

  async #look(): Promise<void> {
    const { clock, media } = this.#options;
    const { topology } = media;
    const all = await media.progress();
    if (clock.elapsed() - this.#measuredAt >= MEASURE_MS) await this.#measure();
    if (this.#isClosed) return;
    // What has come on the former way says nothing of the new one.
    if (topology === media.topology) this.#decide(all);
    this.#cancelLook = clock.after(LOOK_MS, () => void this.#look());
  }

  async #measure(): Promise<void> {
    const reports = await this.#options.media.measure();
    const { broadcaster } = this.#options.room;
    this.measured(broadcaster === undefined ? undefined : reports.get(broadcaster.userId));
  }

  #decide(all: ReadonlyMap<string, Progress>): void {
    const { clock, media, room, isWatched } = this.#options;
    const at = clock.elapsed();
    const { broadcaster, showing } = room;
    const progress = broadcaster === undefined ? undefined : all.get(broadcaster.userId);
    const arePictures = showing === "pictures" && isWatched();
    const before = this.#advice;
    const advice = this.#advice = this.#ladder.look({
      at,
      topology: media.topology,
      isLarge: room.isLarge,
      isExpected: showing !== "nothing",
      media: cameOf(progress, arePictures),
      isTurn: this.#isTurn,
      relay: cameOf(this.progress, arePictures),
    });
    if (advice.rung !== undefined && this.#lookedAt !== undefined) {
      const passedMs = Math.min(at - this.#lookedAt, ASLEEP_MS);
      this.#pathMs[advice.rung] = (this.#pathMs[advice.rung] ?? 0) + passedMs;
    }
    this.#lookedAt = at;
    this.#sayWishes(advice);
    const isSame = advice.shown === before?.shown && advice.rung === before.rung &&
      advice.why === before.why;
    if (!isSame) this.#options.changed();
  }

  /** What could not be said is said at the next look. */
  #sayWishes({ wantsForwarding, wantsRelay }: Advice): void {
    const { newRequestId, send } = this.#options;
    if (wantsForwarding !== this.#isForwardingSaid) {
      const requestId = newRequestId();
      if (send({ type: "request-forwarding", requestId, wanted: wantsForwarding })) {
        this.#forwardingId = requestId;
        this.#isForwardingSaid = wantsForwarding;
      }
    }
    if (wantsRelay === this.#isRelaySaid) return;
    if (wantsRelay) this.#beginRelay();
    else this.#endRelay();
  }

  #beginRelay(): void {
    const { clock, relay: platform, changed, faulted, room } = this.#options;
    if (platform === undefined) return this.#ladder.relayRefused(clock.elapsed());
    const isTooSoon = clock.elapsed() - this.#refusedAt < REFUSED_MS;
    if (isTooSoon || room.broadcaster === undefined) return;
    this.#receiver ??= new RelayReceiver({
      ...{ platform, changed, faulted },
      needKey: () => this.#askForFrames(),
    });
    this.#askForFrames();
  }

  #askForFrames(): void {
    const { newRequestId, send, roomId } = this.#options;
    const requestId = newRequestId();
    if (!send({ type: "request-relay", requestId, roomId })) return;
    this.#relayId = requestId;
    this.#isRelaySaid = true;
  }

  #endRelay(): void {
    const { newRequestId, send, roomId, clock } = this.#options;
    if (!send({ type: "request-relay", requestId: newRequestId(), roomId, active: false })) return;
    this.#isRelaySaid = false;
    this.#relayId = undefined;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver === undefined) return;
    const cancel = clock.after(LINGER_MS, () => {
      this.#lingering.delete(receiver);
      receiver.close();
    });
    this.#lingering.set(receiver, cancel);
  }

  /** Who comes back is another source; who is gone gives no frames (FR8). */
  #followBroadcaster(): void {
    const stay = this.#options.room.broadcaster?.stay;
    if (stay === this.#stay) return;
    this.#stay = stay;
    this.#refusedAt = -Infinity;
    if (this.#receiver === undefined) return;
    this.#receiver.close();
    this.#receiver = undefined;
    this.#isRelaySaid = false;
    this.#relayId = undefined;
    this.#options.changed();
  }
}

/**
 * How much has come, as one number that grows: where a picture is shown, nothing counts before one
 * has come. After that a sound shows as well that a path bears.
 */
function cameOf(progress: Progress | undefined, arePictures: boolean): number {
  const { camera = 0, screen = 0, microphone = 0, screenSound = 0 } = progress ?? {};
  const pictures = camera + screen;
  return arePictures && pictures === 0 ? 0 : pictures + microphone + screenSound;
}
