/**
 * The call of a meeting, from the room's `joined` to its end: who is linked, what is sent, what the
 * links measure, who speaks, and how much is sent. Signals for the page around a
 * {@linkcode CallTransport}, which knows nothing of signals.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ServerMessage, Topology, UserId } from "../../src/protocol/mod.ts";
import { Adaptation, summarise } from "../call/adaptation.ts";
import type { LinkReport } from "../call/link_report.ts";
import { SpeakerDetector, type Speakers } from "../call/speaker.ts";
import type {
  ByteChannel,
  CallOptions,
  CallTransport,
  LocalTracks,
  PictureWishes,
  Relayed,
  RemoteMedia,
} from "../call/transport.ts";
import type { Cancel, Clock } from "./clock.ts";
import { remember } from "./link_history.ts";
import { ServerCounters } from "./server_counters.ts";

/** Who speaks is looked at this often: the sign follows the voice without being restless. */
export const LEVEL_PERIOD_MS = 500;
/** Every so many looks are reported, and what is sent is adapted: once a second. */
const LOOKS_PER_REPORT = 2;

/** Makes the transport of one call. */
export type CallFactory = (options: CallOptions) => CallTransport;

/** What the links need. */
export interface CallLinksOptions {
  readonly clock: Clock;
  readonly create: CallFactory;
  readonly send: CallOptions["send"];
  readonly channelOpened: (from: UserId, channel: ByteChannel) => void;
  /** The camera should be captured in this height from now on. */
  readonly captureHeight: (height: number) => void;
  /** The height that the camera is to be sent in. Default: what suits the number of the others. */
  readonly pictureHeight?: () => number | undefined;
  /** The links were measured anew; `limitedBy` says what holds our pictures down, if anything. */
  readonly measured: (
    reports: ReadonlyMap<UserId, LinkReport>,
    limitedBy: "cpu" | "bandwidth" | undefined,
  ) => void;
}

/** What the adaptation has to know of the room. */
export interface ShareState {
  readonly isSharing: boolean;
  /** Somebody shares. */
  readonly isShareOn: boolean;
}

/** What the server says of the room's media. */
export interface RoomMedia {
  readonly iceServers: readonly RTCIceServer[];
  readonly topology: Topology;
}

const NOBODY: Speakers = { active: undefined, speaking: new Set() };

/** The links of one meeting; one call at a time. */
export class CallLinks {
  /** What the server counts of what goes through it. */
  readonly counters: ServerCounters;
  readonly #options: CallLinksOptions;
  readonly #remotes: Signal<ReadonlyMap<UserId, RemoteMedia>> = signal(new Map());
  readonly #histories: Signal<ReadonlyMap<UserId, readonly LinkReport[]>> = signal(new Map());
  readonly #reports: Signal<ReadonlyMap<UserId, LinkReport>> = signal(new Map());
  readonly #speakers: Signal<Speakers> = signal(NOBODY);
  readonly #relayed: Signal<Relayed | undefined> = signal(undefined);
  #transport: CallTransport | undefined;
  #selfId: UserId | undefined;
  #tracks: LocalTracks = {};
  #wishes: ReadonlyMap<UserId, PictureWishes> | undefined;
  #share: ShareState = { isSharing: false, isShareOn: false };
  #adaptation = new Adaptation();
  #detector = new SpeakerDetector();
  #others: readonly UserId[] = [];
  #cancelLook: Cancel | undefined;
  #looks = 0;
  #advised = "";
  #limitedBy: "cpu" | "bandwidth" | undefined;

  /** No call yet. */
  constructor(options: CallLinksOptions) {
    this.#options = options;
    const { clock, send } = options;
    const isForwarded = () => this.#transport?.topology === "sfu";
    this.counters = new ServerCounters({ clock, send, isForwarded });
  }

  /** What comes from each of the others. */
  get remotes(): ReadonlySignal<ReadonlyMap<UserId, RemoteMedia>> {
    return this.#remotes;
  }

  /** What each link measured last. */
  get reports(): ReadonlySignal<ReadonlyMap<UserId, LinkReport>> {
    return this.#reports;
  }

  /** The last minute of each link's reports. */
  get histories(): ReadonlySignal<ReadonlyMap<UserId, readonly LinkReport[]>> {
    return this.#histories;
  }

  /** Who speaks. */
  get speakers(): ReadonlySignal<Speakers> {
    return this.#speakers;
  }

  /** What goes over the socket, for those who watch over HTTP; undefined while nothing does. */
  get relayed(): ReadonlySignal<Relayed | undefined> {
    return this.#relayed;
  }

  /**
   * A room was entered: links to `others` are made. Entering the same room again makes all of them
   * anew, because the others have ended theirs when our seat was lost.
   */
  open(selfId: UserId, others: readonly UserId[], room: RoomMedia): void {
    this.close();
    this.#selfId = selfId;
    const { create, send, channelOpened } = this.#options;
    const transport: CallTransport = create({
      selfId,
      ...room,
      send,
      events: {
        changed: () => {
          if (transport !== this.#transport) return;
          this.#remotes.value = new Map(transport.remotes);
          this.#relayed.value = transport.relayed;
        },
        channelOpened,
      },
    });
    this.#transport = transport;
    transport.setTracks(this.#tracks);
    if (this.#wishes !== undefined) transport.setWishes(this.#wishes);
    this.#others = others.filter((userId) => userId !== selfId);
    // Before the first offer, so that the codecs need no second one.
    this.#adapt(transport, this.#options.clock.elapsed(), new Map());
    this.setOthers(others);
    this.#lookLater(transport);
  }

  /** Who else is in the room now. */
  setOthers(userIds: readonly UserId[]): void {
    this.#others = userIds.filter((userId) => userId !== this.#selfId);
    this.#transport?.setOthers(this.#others);
  }

  /** What is sent from now on, in this call and the next. */
  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#transport?.setTracks(tracks);
  }

  /** What is seen of whom from now on; who is left out is not seen. */
  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.#wishes = wishes;
    this.#transport?.setWishes(wishes);
  }

  /** Whether there is a share to make room for. */
  setShare(share: ShareState): void {
    this.#share = share;
  }

  /** Takes any message of the server; the transport picks its own. */
  receive(message: ServerMessage): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    this.counters.receive(message);
    const { topology } = transport;
    transport.receive(message);
    if (transport.topology === topology) return;
    // Before the first offer on the new way, which is made when this turn is over.
    this.#adapt(transport, this.#options.clock.elapsed(), this.#reports.value);
  }

  /** The socket is back, or the network is another one. */
  networkChanged(): void {
    this.#transport?.networkChanged();
  }

  /** Opens a channel to one participant. Rejects when there is no call, or no link in time. */
  openChannel(to: UserId, label: string): Promise<ByteChannel> {
    if (this.#transport !== undefined) return this.#transport.openChannel(to, label);
    return Promise.reject(new Error(`Cannot open channel "${label}": there is no call`));
  }

  /** Ends the call; {@linkcode open} begins another. */
  close(): void {
    this.#cancelLook?.();
    this.#transport?.close();
    this.#transport = undefined;
    this.counters.forget();
    this.#others = [];
    this.#adaptation = new Adaptation();
    this.#detector = new SpeakerDetector();
    this.#advised = "";
    this.#limitedBy = undefined;
    this.#remotes.value = new Map();
    this.#reports.value = new Map();
    this.#histories.value = new Map();
    this.#speakers.value = NOBODY;
    this.#relayed.value = undefined;
  }

  #lookLater(transport: CallTransport): void {
    this.#cancelLook = this.#options.clock.after(LEVEL_PERIOD_MS, () => void this.#look(transport));
  }

  async #look(transport: CallTransport): Promise<void> {
    const reports = await transport.measure();
    if (transport !== this.#transport) return; // The call ended meanwhile.
    const at = this.#options.clock.elapsed();
    const speakers = this.#detector.hear(at, this.#levels(reports));
    if (!isSame(speakers, this.#speakers.value)) this.#speakers.value = speakers;
    this.#looks += 1;
    if (this.#looks % LOOKS_PER_REPORT === 0) {
      this.#reports.value = reports;
      this.#histories.value = remember(this.#histories.value, reports);
      this.#adapt(transport, at, reports);
      this.#options.measured(reports, this.#limitedBy);
    }
    this.#lookLater(transport);
  }

  /** Everybody's level; one who is not measured yet is silent. The own one is what is sent. */
  #levels(reports: ReadonlyMap<UserId, LinkReport>): ReadonlyMap<UserId, number> {
    const voice = (streams: LinkReport["received"]) =>
      streams.find(({ slot }) => slot === "microphone")?.audioLevel ?? 0;
    const levels = new Map(this.#others.map((userId) => {
      const report = reports.get(userId);
      return [userId, report === undefined ? 0 : voice(report.received)];
    }));
    const own = [...reports.values()].map(({ sent }) => voice(sent));
    if (this.#selfId !== undefined) levels.set(this.#selfId, Math.max(0, ...own));
    return levels;
  }

  #adapt(transport: CallTransport, at: number, reports: ReadonlyMap<UserId, LinkReport>): void {
    const captured = this.#tracks.camera?.getSettings().height ?? 0;
    const advice = this.#adaptation.advise(at, {
      ...summarise([...reports.values()]),
      ...this.#share,
      isForwarded: transport.topology === "sfu",
      others: this.#others.length,
      captureHeight: captured,
      wantedHeight: this.#options.pictureHeight?.(),
    });
    this.#limitedBy = advice.limitedBy;
    const { limitedBy: _, ...settings } = advice;
    const text = JSON.stringify(settings);
    if (text === this.#advised) return; // Parameters that are set again cost an encoder its rhythm.
    this.#advised = text;
    transport.setEncoding("camera", advice.camera);
    transport.setEncoding("screen", advice.screen);
    transport.setCodecOrder(advice.codecOrder);
    if (captured > 0) this.#options.captureHeight(advice.captureHeight);
  }
}

function isSame(one: Speakers, other: Speakers): boolean {
  return one.active === other.active && one.speaking.size === other.speaking.size &&
    [...one.speaking].every((userId) => other.speaking.has(userId));
}
