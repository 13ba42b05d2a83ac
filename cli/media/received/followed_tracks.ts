/**
 * Who takes what comes: each thing of each participant once, whichever way it comes. Where the way
 * changes, whoever takes it goes over to the other one.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { TrackSource } from "../../../src/protocol/mod.ts";
import type { RemoteTrack } from "../room/received_media.ts";
import type { ReceivedTrack, TrackSink } from "./received_track.ts";

/** A thing of a participant. */
export type Followed = {
  readonly userId: string;
  readonly source: TrackSource;
  /** Asks whoever sends it for a key frame. */
  readonly wantKeyFrame: () => void;
};

/** Takes what comes. */
export interface TrackConsumer {
  packet(of: Followed, codec: CodecName, packet: RtpPacket, at: number): void;
  senderReport(of: Followed, report: Parameters<TrackSink["senderReport"]>[0]): void;
  /** Nothing will come of it any more. */
  ended(of: Followed): void;
}

type Entry = { readonly followed: Followed; track: ReceivedTrack };

/** The things that are followed. */
export class FollowedTracks {
  readonly #consumers: readonly TrackConsumer[];
  readonly #entries = new Map<string, Entry>();

  /** Hands all to each of these. */
  constructor(consumers: readonly TrackConsumer[]) {
    this.#consumers = consumers;
  }

  /** These come now, and no other. */
  follow(tracks: readonly RemoteTrack[]): void {
    const keys = new Set<string>();
    for (const { userId, source, track } of tracks) {
      const key = `${userId} ${source}`;
      keys.add(key);
      const known = this.#entries.get(key);
      if (known?.track === track) continue;
      if (known !== undefined) known.track.sink = undefined;
      const entry = known ?? this.#entry(userId, source, track);
      entry.track = track;
      track.sink = this.#sinkOf(entry.followed);
      this.#entries.set(key, entry);
    }
    for (const [key, { followed, track }] of this.#entries) {
      if (keys.has(key)) continue;
      track.sink = undefined;
      this.#entries.delete(key);
      for (const consumer of this.#consumers) consumer.ended(followed);
    }
  }

  #entry(userId: string, source: TrackSource, track: ReceivedTrack): Entry {
    const followed = { userId, source, wantKeyFrame: () => entry.track.wantKeyFrame() };
    const entry: Entry = { followed, track };
    return entry;
  }

  #sinkOf(followed: Followed): TrackSink {
    return {
      packet: (codec, packet, at) => {
        for (const consumer of this.#consumers) consumer.packet(followed, codec, packet, at);
      },
      senderReport: (report) => {
        for (const consumer of this.#consumers) consumer.senderReport(followed, report);
      },
    };
  }
}
