/** A call that carries nothing: it keeps what it was told, and says what the test has it say. */
import type { ServerMessage, Topology, UserId } from "../../../src/protocol/mod.ts";
import type { LinkReport, StreamReport } from "../../../static/call/link_report.ts";
import type { Progress } from "../../../static/call/progress.ts";
import type {
  ByteChannel,
  CallOptions,
  CallTransport,
  LocalTracks,
  PictureWishes,
  Relayed,
  RemoteMedia,
  Slot,
  SlotEncoding,
} from "../../../static/call/transport.ts";

/** One call. */
export class FakeCall implements CallTransport {
  readonly options: CallOptions;
  readonly remotes = new Map<UserId, RemoteMedia>();
  others: readonly UserId[] = [];
  tracks: LocalTracks = {};
  readonly received: ServerMessage["type"][] = [];
  readonly encodings = new Map<Slot, SlotEncoding>();
  codecOrder: readonly string[] = [];
  networkChanges = 0;
  isClosed = false;
  reports = new Map<UserId, LinkReport>();
  topology: Topology;
  relayed: Relayed | undefined;
  /** How it travels after the next message; undefined: as before. */
  turns: Topology | undefined;
  wishes: ReadonlyMap<UserId, PictureWishes> | undefined;
  came = new Map<UserId, Progress>();
  /** What the next channel that is asked for is; undefined: there is none to be had. */
  channel: ByteChannel | undefined;

  constructor(options: CallOptions) {
    this.options = options;
    this.topology = options.topology;
  }

  setOthers(userIds: readonly UserId[]): void {
    this.others = userIds;
    for (const userId of this.remotes.keys()) {
      if (!userIds.includes(userId)) this.remotes.delete(userId);
    }
  }

  setTracks(tracks: LocalTracks): void {
    this.tracks = tracks;
  }

  setEncoding(slot: Slot, encoding: SlotEncoding): void {
    this.encodings.set(slot, encoding);
  }

  setCodecOrder(mimeTypes: readonly string[]): void {
    this.codecOrder = mimeTypes;
  }

  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.wishes = wishes;
  }

  receive(message: ServerMessage): void {
    this.received.push(message.type);
    this.topology = this.turns ?? this.topology;
  }

  networkChanged(): void {
    this.networkChanges += 1;
  }

  openChannel(to: UserId, label: string): Promise<ByteChannel> {
    if (this.channel !== undefined) return Promise.resolve(this.channel);
    return Promise.reject(new Error(`Cannot open "${label}" to ${to}: this call is none`));
  }

  measure(): Promise<ReadonlyMap<UserId, LinkReport>> {
    return Promise.resolve(this.reports);
  }

  progress(): Promise<ReadonlyMap<UserId, Progress>> {
    return Promise.resolve(new Map(this.came));
  }

  close(): void {
    this.isClosed = true;
  }

  /** What comes from somebody is another than before. */
  become(userId: UserId, media: RemoteMedia): void {
    this.remotes.set(userId, media);
    this.options.events.changed();
  }
}

/** A report in which nothing is wrong. */
export function report(more: Partial<LinkReport> = {}): LinkReport {
  return {
    at: 0,
    path: "p2p",
    roundTripMs: 20,
    availableOutgoingBitrate: undefined,
    kbpsUp: 100,
    kbpsDown: 200,
    sent: [],
    received: [],
    ...more,
  };
}

/** A stream in which nothing is wrong. */
export function stream(more: Partial<StreamReport> = {}): StreamReport {
  return { slot: "microphone", kbps: 30, codec: "opus", loss: 0, jitterMs: 2, ...more };
}
