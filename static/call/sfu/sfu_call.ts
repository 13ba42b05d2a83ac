/**
 * A call through the server: one connection there, one back, and what is sent is sent once for
 * everybody. It keeps who is there and what each of them sends; publisher and subscriber do the rest.
 */
import type { ServerMessage, Speaker, UserId } from "../../../src/protocol/mod.ts";
import type { LinkReport, StreamReport } from "../link_report.ts";
import type { CallPlatform } from "../platform.ts";
import type { Progress } from "../progress.ts";
import { isPicture } from "../slot_kinds.ts";
import { sumKbps } from "../statistics.ts";
import type {
  ByteChannel,
  CallOptions,
  CallTransport,
  LinkState,
  LocalTracks,
  PictureWishes,
  RemoteMedia,
  Slot,
  SlotEncoding,
} from "../transport.ts";
import { Publications } from "./publications.ts";
import { Publisher } from "./publisher.ts";
import { requestIds } from "./request_ids.ts";
import { StreamChannels } from "./stream_channels.ts";
import { type Reception, Subscriber } from "./subscriber.ts";
import { WishList } from "./wish_list.ts";

/** Two reports that are closer than this say nothing about what lies between them. */
const MIN_SAMPLE_MS = 250;

/** What a call through the server needs. */
export interface SfuCallOptions extends CallOptions {
  readonly platform: CallPlatform;
  /** Whether nothing is ever sent: a viewer may not publish (rule PB1). Default: it may. */
  readonly isReceiver?: boolean;
  /** MIME types of pictures, most wanted first. Default: what everybody decodes comes first. */
  readonly codecs?: readonly string[];
  /** Something was refused, by us or by the server; the call goes on. Default: nobody asks. */
  readonly faulted?: (fault: unknown) => void;
}

/** A call through the server. */
export class SfuCall implements CallTransport {
  readonly topology = "sfu";
  readonly #options: SfuCallOptions;
  readonly #publisher: Publisher;
  readonly #subscriber: Subscriber;
  readonly #wishes: WishList;
  readonly #encodings = new Map<Slot, SlotEncoding>();
  readonly #publications: Publications;
  #streams: StreamChannels | undefined;
  #tracks: LocalTracks = {};
  #others: readonly UserId[] = [];
  #speakers: readonly Speaker[] = [];
  #measured: { readonly at: number; readonly reports: ReadonlyMap<UserId, LinkReport> } | undefined;
  #isClosed = false;

  /** A call with nobody yet. */
  constructor(options: SfuCallOptions) {
    this.#options = options;
    const { platform, iceServers, events } = options;
    const common = {
      platform,
      iceServers,
      newRequestId: requestIds(platform.randomId()),
      send: options.send,
      changed: () => this.#isClosed || events.changed(),
      faulted: (fault: unknown) => options.faulted?.(fault),
    };
    this.#publisher = new Publisher({
      ...common,
      codecs: options.codecs,
      sending: () => ({ tracks: this.#tracks, encodings: this.#encodings }),
      channelMade: (channel) => this.#carryStreams(channel),
    });
    this.#publications = new Publications(options.selfId, options.published);
    this.#wishes = new WishList({ clock: platform.clock, send: options.send });
    this.#subscriber = new Subscriber({
      ...common,
      isExpecting: () => !this.#publications.isEmpty,
      renewed: () => this.#wishes.tellAgain(),
    });
  }

  get remotes(): ReadonlyMap<UserId, RemoteMedia> {
    const state = this.#state;
    return new Map(this.#others.map((userId) => [userId, {
      state,
      tracks: this.#subscriber.tracksOf(userId),
    }]));
  }

  /** The first call makes the first offer: by then it is known what is to be sent. */
  setOthers(userIds: readonly UserId[]): void {
    if (this.#isClosed) return;
    this.#others = userIds.filter((userId) => userId !== this.#options.selfId);
    this.#publications.keep(this.#others);
    this.#published();
    if (this.#options.isReceiver !== true) this.#publisher.begin();
    this.#options.events.changed();
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = { ...tracks };
    this.#publisher.tracksChanged();
  }

  setEncoding(slot: Slot, encoding: SlotEncoding): void {
    this.#encodings.set(slot, encoding);
    this.#publisher.encodingsChanged();
  }

  /** What is sent once for everybody is what everybody decodes: nobody can be asked. */
  setCodecOrder(): void {}

  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.#wishes.setWishes(wishes);
  }

  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    if (message.type === "active-speakers") this.#speakers = message.speakers;
    this.#publisher.receive(message);
    this.#subscriber.receive(message);
    if (this.#publications.receive(message)) this.#published();
  }

  networkChanged(): void {
    this.#publisher.networkChanged();
    this.#subscriber.networkChanged();
    this.#wishes.networkChanged();
  }

  openChannel(to: UserId, label: string): Promise<ByteChannel> {
    if (this.#streams !== undefined) return this.#streams.open(to, label);
    const why = "there is no connection to the server";
    return Promise.reject(new Error(`Cannot open channel "${label}": ${why}`));
  }

  async measure(): Promise<ReadonlyMap<UserId, LinkReport>> {
    const at = this.#options.platform.clock.now();
    if (this.#measured !== undefined && at - this.#measured.at < MIN_SAMPLE_MS) {
      return this.#measured.reports;
    }
    const [sent, received] = await Promise.all([
      this.#publisher.measure(),
      this.#subscriber.measure(),
    ]);
    const reports = new Map(
      this.#others.map((userId) => [userId, this.#report(userId, sent, received)]),
    );
    this.#measured = { at, reports };
    return reports;
  }

  progress(): Promise<ReadonlyMap<UserId, Progress>> {
    return this.#subscriber.progress();
  }

  close(): void {
    this.#isClosed = true;
    this.#publisher.close();
    this.#subscriber.close();
    this.#wishes.close();
    this.#streams?.close();
    this.#streams = undefined;
    this.#others = [];
  }

  /** Nobody is seen while the way from the server is away, and sees us while the way there is. */
  get #state(): LinkState {
    const { state } = this.#subscriber;
    const isCutOff = this.#publisher.state === "interrupted" || this.#publisher.state === "failed";
    return isCutOff && state !== "failed" ? this.#publisher.state : state;
  }

  /** Another connection has another channel, on which nothing of the former one goes on (rule DC1). */
  #carryStreams(channel: RTCDataChannel): void {
    this.#streams?.close();
    const { platform, events } = this.#options;
    this.#streams = new StreamChannels(channel, {
      clock: platform.clock,
      channelOpened: events.channelOpened,
    });
  }

  /** The others send something else. */
  #published(): void {
    this.#wishes.setPictures(this.#publications.pictures);
    if (!this.#publications.isEmpty) this.#subscriber.expect();
  }

  #report(
    userId: UserId,
    sent: LinkReport | undefined,
    reception: Reception | undefined,
  ): LinkReport {
    const received = (reception?.streams.get(userId) ?? []).map((stream): StreamReport => {
      const wantedHeight = isPicture(stream.slot)
        ? this.#wishes.heightOf(userId, stream.slot)
        : undefined;
      return { ...stream, ...(wantedHeight === undefined ? {} : { wantedHeight }) };
    });
    const { wanted } = this.#publisher;
    const isThere = [this.#publisher.state, this.#subscriber.state].includes("connected");
    return {
      at: this.#options.platform.clock.now(),
      path: isThere ? "sfu" : "unknown",
      roundTripMs: reception?.roundTripMs ?? sent?.roundTripMs,
      availableOutgoingBitrate: sent?.availableOutgoingBitrate,
      kbpsUp: sent?.kbpsUp ?? 0,
      kbpsDown: sumKbps(received),
      sent: (sent?.sent ?? []).map((stream) => {
        const wantedHeight = wanted.get(stream.slot);
        return { ...stream, ...(wantedHeight === undefined ? {} : { wantedHeight }) };
      }),
      received: withLevel(received, this.#speakers.find((one) => one.userId === userId)?.level),
    };
  }
}

/** Who is heard by the server alone is known by its word; elsewhere our own ears are quicker. */
function withLevel(
  streams: readonly StreamReport[],
  level: number | undefined,
): readonly StreamReport[] {
  const isHeard = streams.some(({ slot, kbps }) => slot === "microphone" && kbps > 0);
  if (level === undefined || isHeard) return streams;
  const voice = { kbps: 0, codec: "", loss: 0, jitterMs: 0 };
  return [
    ...streams.filter(({ slot }) => slot !== "microphone"),
    { slot: "microphone", ...voice, audioLevel: level },
  ];
}
