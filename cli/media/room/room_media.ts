/**
 * All media of one stay in a room: what is sent goes the ways that there are, what comes is known by
 * whom it is of and of what. When the room's media move (rules TO1 to TO5), the new way is begun beside
 * the old one, and the old one ends when everybody has taken everybody over, or after ten seconds.
 */
import type { Cancel } from "../../../src/base/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { ServerMessage, Topology, TrackSource } from "../../../src/protocol/mod.ts";
import type { PeerEngine } from "../engine.ts";
import { SentCounts } from "../mesh/media_channel.ts";
import type { LocalSources } from "../mesh/peer_pair.ts";
import type { RunTime } from "../run_time.ts";
import type { FrameSource } from "../sources/frame_source.ts";
import { MeshRoom } from "./mesh_room.ts";
import type { RemoteTrack } from "./received_media.ts";
import type { RoomNow } from "./room_session.ts";
import { type Asked, SfuRoom } from "./sfu_room.ts";

/** The old way ends after this long whatever has come: the server carries it no longer (TO4). */
const HANDOVER_MS = 10_000;
/** Whoever shows a track gets this long to show its successor instead. */
const LINGER_MS = 1_000;

/** Whoever reaches nobody directly for so long asks for the server's way, in a live room. */
const UNREACHED_MS = 5_000;

/** What the media of a stay are made with. */
export type RoomMediaOptions = {
  readonly engine: PeerEngine;
  readonly time: RunTime;
  /** What is sent; undefined: nothing. */
  readonly source: FrameSource | undefined;
  readonly send: (message: object) => boolean;
  readonly ask: (message: Asked) => Promise<ServerMessage | undefined>;
  readonly notice: (words: string) => void;
};

type Member = { readonly name: string | undefined; readonly role: string };

/** The media. */
export class RoomMedia {
  /** Where the media of the room travel. */
  topology: Topology = "mesh";
  /** What went out. */
  readonly sent: SentCounts = new SentCounts();
  readonly #options: RoomMediaOptions;
  readonly #sources: LocalSources;
  readonly #members = new Map<string, Member>();
  #selfId = "";
  #kind = "meeting";
  #iceServers: RoomNow["iceServers"] = [];
  #mesh: MeshRoom | undefined;
  #sfu: SfuRoom | undefined;
  /** While the old way is still there: who has taken everybody over to the new one. */
  #handover: { readonly done: Set<string>; isAnnounced: boolean; isEnding: boolean } | undefined;
  /** Since when nobody is reached although somebody is there; undefined: it is not so. */
  #unreachedSince: number | undefined;
  #hasAskedForServer = false;
  readonly #timers = new Set<Cancel>();
  #isClosed = false;

  /** Nothing is sent or received yet. */
  constructor(options: RoomMediaOptions) {
    this.#options = options;
    this.#sources = new Map(
      (options.source?.codecs ?? []).map((codec) => [sourceOf(codec), codec] as const),
    );
  }

  /** The room as it is. */
  entered({ userId, participants, room, iceServers, isNew }: RoomNow): void {
    if (this.#isClosed) return;
    this.#selfId = userId;
    this.#kind = room.kind;
    this.#iceServers = iceServers;
    this.#members.clear();
    for (const { userId, name, role } of participants) this.#members.set(userId, { name, role });
    if (isNew) {
      this.#hasAskedForServer = false;
      this.#endHandover();
      this.#mesh?.close();
      this.#sfu?.close();
      this.#mesh = this.#sfu = undefined;
    }
    if (room.topology === this.topology || isNew) {
      this.topology = room.topology;
      this.#begin();
    } else this.#turnTo(room.topology);
  }

  /** Takes any message of the server. */
  heard(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case "user-joined": {
        const { userId, name, role } = message.participant;
        this.#members.set(userId, { name, role });
        this.#follow();
        break;
      }
      case "user-left":
        this.#members.delete(message.userId);
        this.#follow();
        this.#lookWhetherDone();
        break;
      case "topology":
        this.#turnTo(message.topology);
        break;
      case "data":
        if (isTakenOver(message.payload, this.topology)) {
          this.#handover?.done.add(message.from);
          this.#lookWhetherDone();
        }
    }
    this.#mesh?.receive(message);
    this.#sfu?.receive(message);
  }

  /** The socket is back. */
  resumed(): void {
    this.#mesh?.networkChanged();
  }

  /** Sends what is due, and looks how things stand; to be called every few milliseconds. */
  tick(): void {
    const { source, time } = this.#options;
    const at = time.now;
    for (const frame of source?.due(at) ?? []) {
      this.#mesh?.sendFrame(sourceOf(frame.codec), frame);
      this.#sfu?.sendFrame(sourceOf(frame.codec), frame);
    }
    this.#mesh?.tick();
    this.#sfu?.tick();
    if (this.#handover !== undefined) this.#lookWhetherTakenOver();
    if (this.#kind === "live" && this.topology === "mesh") this.#lookWhetherReached(at);
  }

  /** What comes of others, each thing once: the way that the room's media travel, once it does. */
  get tracks(): RemoteTrack[] {
    const ways = this.topology === "mesh" ? [this.#mesh, this.#sfu] : [this.#sfu, this.#mesh];
    const found = new Map<string, RemoteTrack>();
    for (const one of ways.flatMap((way) => way?.tracks ?? [])) {
      const key = `${one.userId} ${one.source}`;
      const known = found.get(key);
      if (known === undefined || known.track.beganAt === undefined && hasBegun(one)) {
        found.set(key, one);
      }
    }
    return [...found.values()];
  }

  /** What a participant calls itself. */
  nameOf(userId: string): string | undefined {
    return this.#members.get(userId)?.name;
  }

  /** How the links of a mesh fare, by user id. */
  get links(): ReadonlyMap<string, string> {
    return new Map([...this.#mesh?.links ?? []].map(([userId, { state }]) => [userId, state]));
  }

  /** Ends everything. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#endHandover();
    this.#mesh?.close();
    this.#sfu?.close();
    this.#mesh = this.#sfu = undefined;
  }

  /** Begins the way that the room's media travel, where it is not there. */
  #begin(): void {
    if (this.topology === "mesh") this.#mesh ??= this.#makeMesh();
    else {
      this.#sfu ??= this.#makeSfu();
      if (this.#role !== "viewer") void this.#sfu.publish();
    }
    this.#follow();
  }

  #turnTo(topology: Topology): void {
    if (topology === this.topology || this.#isClosed) return;
    this.#options.notice(
      topology === "sfu"
        ? "The room's media move to the server"
        : "The room's media move from the server to direct links",
    );
    this.#endHandover();
    this.topology = topology;
    this.#begin();
    this.#handover = { done: new Set(), isAnnounced: false, isEnding: false };
    this.#after(HANDOVER_MS, () => this.#endOld());
  }

  /** A way that finds nobody is given up for the server's (rule TO5); its broadcaster waits. */
  #lookWhetherReached(at: number): void {
    const links = [...this.#mesh?.links.values() ?? []];
    const isReached = links.length === 0 || links.some(({ state }) => state === "connected");
    if (isReached) this.#unreachedSince = undefined;
    else this.#unreachedSince ??= at;
    const since = this.#unreachedSince ?? at;
    if (this.#hasAskedForServer || this.#role === "broadcaster" || at - since < UNREACHED_MS) {
      return;
    }
    this.#hasAskedForServer = true;
    this.#options.notice("Nobody is reached directly: asking for the way through the server");
    // Whether the room moves it tells by itself; a server without media says no, which is noticed.
    void this.#options.ask({ type: "request-forwarding", wanted: true });
  }

  /** Everybody else whom a link is for. */
  #follow(): void {
    const others = [...this.#members.keys()].filter((userId) => userId !== this.#selfId);
    if (this.topology !== "mesh") {
      // Who came later has never travelled that way.
      const linked = this.#mesh?.links;
      return this.#mesh?.setOthers(
        others.filter((userId) => linked?.get(userId)?.state === "connected"),
      );
    }
    const isStar = this.#kind === "live" && this.#role !== "broadcaster";
    this.#mesh?.setOthers(
      others.filter((userId) => !isStar || this.#members.get(userId)?.role === "broadcaster"),
    );
  }

  get #role(): string {
    return this.#members.get(this.#selfId)?.role ?? "participant";
  }

  #makeMesh(): MeshRoom {
    const { engine, time, send, notice } = this.#options;
    return new MeshRoom({
      ...{ engine, time, send, counts: this.sent },
      selfId: this.#selfId,
      iceServers: this.#iceServers,
      cname: this.#selfId,
      sources: this.#role === "viewer" ? new Map() : this.#sources,
      wantKeyFrame: () => this.#wantKeyFrame(),
      faulted: (userId, what) => notice(`Of ${userId}: ${what}`),
      changed() {},
    });
  }

  #makeSfu(): SfuRoom {
    const { engine, time, ask, notice } = this.#options;
    return new SfuRoom({
      ...{ engine, time, ask, counts: this.sent },
      cname: this.#selfId,
      sources: this.#sources,
      wantKeyFrame: () => this.#wantKeyFrame(),
      faulted: (what) => notice(`Of the server: ${what}`),
    });
  }

  #wantKeyFrame(): void {
    const { source, time } = this.#options;
    source?.wantKeyFrame(time.now);
  }

  /** Whether everything that came the old way has come the new one; then the others are told. */
  #lookWhetherTakenOver(): void {
    const handover = this.#handover;
    if (handover === undefined || handover.isAnnounced) return;
    const [old, next] = this.topology === "mesh"
      ? [this.#sfu, this.#mesh]
      : [this.#mesh, this.#sfu];
    const { now } = this.#options.time;
    const came = old?.tracks.filter((one) => hasBegun(one) && one.track.isLiveAt(now)) ?? [];
    const comes = next?.tracks.filter(hasBegun) ?? [];
    const isWhole = came.every(({ userId, source }) =>
      comes.some((one) => one.userId === userId && one.source === source)
    );
    if (!isWhole) return;
    const payload = { kind: "taken-over", topology: this.topology };
    handover.isAnnounced = this.#options.send({ type: "data", payload });
    this.#lookWhetherDone();
  }

  #lookWhetherDone(): void {
    const handover = this.#handover;
    if (handover?.isAnnounced !== true || handover.isEnding) return;
    const linked = this.topology === "sfu"
      ? [...this.#mesh?.links.keys() ?? []]
      : this.#sfu?.tracks.map(({ userId }) => userId) ?? [];
    if (linked.some((userId) => this.#members.has(userId) && !handover.done.has(userId))) return;
    handover.isEnding = true;
    this.#after(LINGER_MS, () => this.#endOld());
  }

  #endOld(): void {
    this.#endHandover();
    if (this.topology === "mesh") {
      this.#sfu?.close();
      this.#sfu = undefined;
    } else {
      this.#mesh?.close();
      this.#mesh = undefined;
    }
  }

  #endHandover(): void {
    this.#handover = undefined;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #after(ms: number, action: () => void): void {
    const cancel = this.#options.time.after(ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }
}

/** A picture is the camera's, a sound the microphone's. */
function sourceOf(codec: CodecName): TrackSource {
  return codec === "opus" ? "microphone" : "camera";
}

function hasBegun({ track: { beganAt } }: RemoteTrack): boolean {
  return beganAt !== undefined;
}

/** Whether a payload says that its sender has taken everybody over to this way (see the pages). */
function isTakenOver(payload: unknown, topology: Topology): boolean {
  const { kind, topology: named }: { kind?: unknown; topology?: unknown } = {
    ...(payload as object | undefined), // Its fields are read as unknown.
  };
  return kind === "taken-over" && named === topology;
}
