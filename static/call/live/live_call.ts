/**
 * The call of a live room: one broadcaster, and viewers who get the broadcast by the best way that
 * bears. Viewers are linked to the broadcaster alone. A {@linkcode CallTransport} like the others, that
 * also shows how it fares.
 */
import type {
  MediaPath,
  PathTimes,
  ServerMessage,
  Topology,
  UserId,
} from "../../../src/protocol/mod.ts";
import type { LadderReason } from "../ladder.ts";
import type { LinkReport } from "../link_report.ts";
import type { Progress } from "../progress.ts";
import { RelaySender } from "../relay/relay_sender.ts";
import { requestIds } from "../sfu/request_ids.ts";
import type {
  ByteChannel,
  CallTransport,
  LocalTracks,
  PictureWishes,
  RemoteMedia,
  Slot,
  SlotEncoding,
} from "../transport.ts";
import { LiveRoom } from "./live_room.ts";
import type { LiveCallOptions, LiveTransport, Relayed } from "./live_view.ts";
import { policyFor } from "./media_policy.ts";
import { ViewerPath } from "./viewer_path.ts";

/** A call of a live room. */
export class LiveCall implements LiveTransport {
  readonly #options: LiveCallOptions;
  readonly #room = new LiveRoom();
  readonly #media: CallTransport;
  /** Of a viewer. */
  readonly #path: ViewerPath | undefined;
  /** Of a broadcaster whose browser can encode. */
  readonly #sender: RelaySender | undefined;
  #others: readonly UserId[] = [];
  #wishes: ReadonlyMap<UserId, PictureWishes> | undefined;
  #isClosed = false;

  /** A call with nobody yet; who is there says the `joined` that it is handed. */
  constructor(options: LiveCallOptions) {
    this.#options = options;
    const { role, clock, roomId, relay, forced, send, randomId, frames } = options;
    const changed = () => {
      if (!this.#isClosed) options.events.changed();
    };
    const events = { ...options.events, changed };
    this.#media = options.createMedia({ ...options, events }, policyFor(forced));
    if (role !== "broadcaster") {
      this.#path = new ViewerPath({
        ...{ clock, roomId, relay, forced, send, changed, room: this.#room, media: this.#media },
        isWatched: () => this.#isWatched,
        newRequestId: requestIds(`live-${randomId}`),
        faulted: options.faulted,
      });
    } else if (relay !== undefined) {
      const { faulted } = options;
      this.#sender = new RelaySender({ platform: relay, frames, send, changed, faulted });
    }
  }

  get topology(): Topology {
    return this.#media.topology;
  }

  get rung(): MediaPath | undefined {
    return this.#path?.rung;
  }

  get pathMs(): PathTimes {
    return this.#path?.pathMs ?? {};
  }

  get why(): LadderReason | undefined {
    return this.#path?.why;
  }

  get forced(): MediaPath | undefined {
    return this.#options.forced;
  }

  get relayed(): Relayed | undefined {
    return this.#sender?.relayed;
  }

  get remotes(): ReadonlyMap<UserId, RemoteMedia> {
    const { broadcaster } = this.#room;
    if (!this.#path?.isRelay || broadcaster === undefined) return this.#media.remotes;
    return new Map([[broadcaster.userId, this.#path.remote]]);
  }

  setOthers(userIds: readonly UserId[]): void {
    this.#others = userIds;
    this.#link();
  }

  setTracks(tracks: LocalTracks): void {
    this.#media.setTracks(tracks);
    this.#sender?.setTracks(tracks);
  }

  setEncoding(slot: Slot, encoding: SlotEncoding): void {
    this.#media.setEncoding(slot, encoding);
  }

  setCodecOrder(mimeTypes: readonly string[]): void {
    this.#media.setCodecOrder(mimeTypes);
  }

  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.#wishes = wishes;
    this.#media.setWishes(wishes);
  }

  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    if (this.#room.receive(message)) this.#link();
    this.#media.receive(message);
    this.#path?.receive(message);
    this.#sender?.receive(message);
  }

  receiveFrame(frame: Uint8Array): void {
    this.#path?.receiveFrame(frame);
  }

  networkChanged(): void {
    this.#media.networkChanged();
    this.#path?.networkChanged();
  }

  openChannel(to: UserId, label: string): Promise<ByteChannel> {
    return this.#media.openChannel(to, label);
  }

  async measure(): Promise<ReadonlyMap<UserId, LinkReport>> {
    const reports = await this.#media.measure();
    const path = this.#path;
    const { broadcaster } = this.#room;
    if (path === undefined || broadcaster === undefined) return reports;
    path.measured(reports.get(broadcaster.userId));
    const relayed = path.isRelay ? path.measureRelay() : undefined;
    return relayed === undefined ? reports : new Map([[broadcaster.userId, relayed]]);
  }

  progress(): Promise<ReadonlyMap<UserId, Progress>> {
    const { broadcaster } = this.#room;
    if (!this.#path?.isRelay || broadcaster === undefined) return this.#media.progress();
    return Promise.resolve(new Map([[broadcaster.userId, this.#path.progress]]));
  }

  close(): void {
    this.#isClosed = true;
    this.#path?.close();
    this.#sender?.close();
    this.#media.close();
  }

  /** Viewers are linked to the broadcaster alone, and with frames of the socket to nobody. */
  #link(): void {
    if (this.#isClosed) return;
    const { role, forced } = this.#options;
    if (role === "broadcaster") return this.#media.setOthers(this.#others);
    if (forced === "relay") return;
    const { broadcaster } = this.#room;
    const others = this.#others.filter((userId) => userId === broadcaster?.userId);
    this.#media.setOthers(others);
  }

  get #isWatched(): boolean {
    const { broadcaster } = this.#room;
    if (this.#wishes === undefined || broadcaster === undefined) return true;
    const { camera = 0, screen = 0 } = this.#wishes.get(broadcaster.userId) ?? {};
    return camera > 0 || screen > 0;
  }
}
