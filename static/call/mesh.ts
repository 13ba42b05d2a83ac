/**
 * A call in which everybody is connected to everybody: one link to each other participant. It keeps
 * what is sent (the same to all) and who is there; the links do the rest.
 */
import type { ClientMessage, ServerMessage, UserId } from "../../src/protocol/mod.ts";
import { Link } from "./link.ts";
import { isIncoming, type Outgoing } from "./link_message.ts";
import type { LinkReport } from "./link_report.ts";
import type { CallPlatform } from "./platform.ts";
import type { Progress } from "./progress.ts";
import type { LocalMedia } from "./slots.ts";
import type {
  ByteChannel,
  CallOptions,
  CallTransport,
  LocalTracks,
  RemoteMedia,
  Slot,
  SlotEncoding,
} from "./transport.ts";

/** What a mesh needs. */
export interface MeshOptions extends CallOptions {
  readonly platform: CallPlatform;
  /** Something between us and one participant was refused; the call goes on. Default: nobody asks. */
  readonly faulted?: (userId: UserId, fault: unknown) => void;
}

/** A call without a media server. */
export class Mesh implements CallTransport {
  readonly #options: MeshOptions;
  readonly #links = new Map<UserId, Link>();
  readonly #encodings = new Map<Slot, SlotEncoding>();
  #tracks: LocalTracks = {};
  #codecOrder: readonly string[] = [];
  #isClosed = false;
  readonly topology = "mesh";

  /** A call with nobody yet. */
  constructor(options: MeshOptions) {
    this.#options = options;
  }

  get remotes(): ReadonlyMap<UserId, RemoteMedia> {
    return new Map([...this.#links].map(([userId, link]) => [userId, link.remote]));
  }

  setOthers(userIds: readonly UserId[]): void {
    if (this.#isClosed) return;
    const others = new Set(userIds.filter((userId) => userId !== this.#options.selfId));
    let isChanged = false;
    for (const [userId, link] of this.#links) {
      if (others.has(userId)) continue;
      link.end();
      this.#links.delete(userId);
      isChanged = true;
    }
    for (const userId of others) {
      if (this.#links.has(userId)) continue;
      this.#links.set(userId, this.#link(userId));
      isChanged = true;
    }
    if (isChanged) this.#options.events.changed();
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = { ...tracks };
    for (const link of this.#links.values()) link.tracksChanged();
  }

  setEncoding(slot: Slot, encoding: SlotEncoding): void {
    this.#encodings.set(slot, encoding);
    for (const link of this.#links.values()) link.encodingsChanged();
  }

  setCodecOrder(mimeTypes: readonly string[]): void {
    if (mimeTypes.join() === this.#codecOrder.join()) return;
    this.#codecOrder = [...mimeTypes];
    for (const link of this.#links.values()) link.codecsChanged();
  }

  /** Each link sends one picture to one participant, who asks for nothing. */
  setWishes(): void {}

  receive(message: ServerMessage): void {
    if (!isIncoming(message)) return;
    this.#links.get(message.from)?.receive(message);
  }

  networkChanged(): void {
    for (const link of this.#links.values()) link.networkChanged();
  }

  openChannel(to: UserId, label: string): Promise<ByteChannel> {
    const link = this.#links.get(to);
    if (link !== undefined) return link.openChannel(label);
    return Promise.reject(new Error(`Cannot open channel "${label}": no participant "${to}"`));
  }

  async measure(): Promise<ReadonlyMap<UserId, LinkReport>> {
    const all = await Promise.all([...this.#links].map(async ([userId, link]) => {
      const report = await link.measure();
      return report === undefined ? [] : [[userId, report] as const];
    }));
    return new Map(all.flat());
  }

  async progress(): Promise<ReadonlyMap<UserId, Progress>> {
    const all = [...this.#links].map(async ([userId, link]) =>
      [userId, await link.progress()] as const
    );
    return new Map(await Promise.all(all));
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.end();
    this.#links.clear();
  }

  #link(userId: UserId): Link {
    const { selfId, platform, iceServers, events, faulted } = this.#options;
    return new Link({
      isPolite: selfId > userId,
      platform,
      iceServers,
      media: () => this.#media(),
      send: (message) => this.#options.send(addressed(message, userId)),
      changed: () => events.changed(),
      channelOpened: (channel) => events.channelOpened(userId, channel),
      faulted: (fault) => faulted?.(userId, fault),
    });
  }

  #media(): LocalMedia {
    return { tracks: this.#tracks, encodings: this.#encodings, codecOrder: this.#codecOrder };
  }
}

/** The message as it goes over the wire. */
function addressed(message: Outgoing, to: UserId): ClientMessage {
  return { ...message, to };
}
