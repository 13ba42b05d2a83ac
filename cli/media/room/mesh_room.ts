/**
 * A room in which everybody is connected to everybody: one link to each other participant; in a live
 * room one to its broadcaster, and from the broadcaster one to each.
 */
import { MeshLink, type MeshLinkOptions, type OutgoingLinkMessage } from "../mesh/mesh_link.ts";
import type { ServerMessage, TrackSource } from "../../../src/protocol/mod.ts";
import type { SourceFrame } from "../sources/frame_source.ts";
import type { RemoteTrack } from "./received_media.ts";

/** What the links are made with. */
export type MeshRoomOptions =
  & Omit<MeshLinkOptions, "isPolite" | "send" | "faulted" | "wantKeyFrame">
  & {
    readonly selfId: string;
    readonly send: (message: object) => boolean;
    readonly faulted: (userId: string, what: string) => void;
    readonly wantKeyFrame: (userId: string) => void;
  };

/** The links of one room. */
export class MeshRoom {
  readonly #options: MeshRoomOptions;
  readonly #links = new Map<string, MeshLink>();

  /** Nobody is linked yet. */
  constructor(options: MeshRoomOptions) {
    this.#options = options;
  }

  /** The links, by the user ids of the other sides. */
  get links(): ReadonlyMap<string, MeshLink> {
    return this.#links;
  }

  /** What comes of the others. */
  get tracks(): RemoteTrack[] {
    return [...this.#links].flatMap(([userId, { pair }]) => {
      if (pair === undefined) return [];
      const isRelayed = pair.isRelayed;
      const way = !pair.isOpen || isRelayed === undefined ? undefined : isRelayed ? "turn" : "p2p";
      return [...pair.channel.tracks].flatMap(([mid, track]) => {
        const source = pair.sourceOf.get(mid);
        return source === undefined ? [] : [{ userId, source, way, track } as const];
      });
    });
  }

  /** Links to these, and to nobody else. */
  setOthers(userIds: Iterable<string>): void {
    const others = new Set(userIds);
    for (const [userId, link] of this.#links) {
      if (others.has(userId)) continue;
      link.end();
      this.#links.delete(userId);
    }
    for (const userId of others) {
      if (!this.#links.has(userId)) this.#links.set(userId, this.#link(userId));
    }
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    switch (message.type) {
      case "offer":
      case "answer":
      case "ice-candidate":
        if ("from" in message) this.#links.get(message.from)?.receive(message);
    }
  }

  /** Sends a frame to everybody. */
  sendFrame(source: TrackSource, frame: SourceFrame): void {
    for (const link of this.#links.values()) link.sendFrame(source, frame);
  }

  /** Does what is due. */
  tick(): void {
    for (const link of this.#links.values()) link.tick();
  }

  /** The socket is back. */
  networkChanged(): void {
    for (const link of this.#links.values()) link.networkChanged();
  }

  /** Ends every link. Idempotent. */
  close(): void {
    this.setOthers([]);
  }

  #link(userId: string): MeshLink {
    const { selfId, send, faulted, wantKeyFrame, ...rest } = this.#options;
    return new MeshLink({
      ...rest,
      isPolite: selfId > userId,
      wantKeyFrame: () => wantKeyFrame(userId),
      send: (message: OutgoingLinkMessage) => send({ ...message, to: userId }),
      faulted: (what) => faulted(userId, what),
    });
  }
}
