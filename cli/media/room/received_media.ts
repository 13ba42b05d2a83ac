/** What comes of others, by way and by what it is of: types that the ways of a room share. */
import type { TrackSource } from "../../../src/protocol/mod.ts";
import type { ReceivedTrack } from "../received/received_track.ts";

/** The way that media take to a headless participant. */
export type MediaWay = "p2p" | "turn" | "sfu";

/** A track of somebody else. */
export type RemoteTrack = {
  readonly userId: string;
  readonly source: TrackSource;
  /** undefined: it comes no way yet. */
  readonly way: MediaWay | undefined;
  readonly track: ReceivedTrack;
};
