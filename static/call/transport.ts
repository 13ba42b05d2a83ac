/**
 * A call as the rest of the page sees it, whoever carries the media: a mesh, the server, or one after
 * the other. The model of the meeting gives it the local tracks and the messages of the wire, and
 * reads what comes back; no DOM.
 */
import type {
  ClientMessage,
  ServerMessage,
  Topology,
  TrackView,
  UserId,
} from "../../src/protocol/mod.ts";
import type { FileChannel } from "./file_line.ts";
import type { LinkReport } from "./link_report.ts";
import type { Progress } from "./progress.ts";

/** The four things that a participant may send, in the order of their m-lines. */
export const SLOTS = ["microphone", "camera", "screen", "screenSound"] as const;
/** One of {@linkcode SLOTS}. */
export type Slot = typeof SLOTS[number];

/** What is sent now; a slot that is left out sends nothing. */
export type LocalTracks = { readonly [slot in Slot]?: MediaStreamTrack };

/** How the media of one participant fare. */
export type LinkState =
  /** Nobody has offered yet: the other side may have no media at all. */
  | "waiting"
  /** Descriptions and candidates are under way. */
  | "connecting"
  | "connected"
  /** The path is gone; a restart of ICE is under way, then a new connection. */
  | "interrupted"
  /** All attempts failed so far; the next one comes by itself. */
  | "failed";

/** What comes from one participant. */
export interface RemoteMedia {
  readonly state: LinkState;
  /** The tracks that are received, muted ones too: what is on says the participant's state. */
  readonly tracks: LocalTracks;
}

/** How tall the pictures of one participant are seen, in pixels; 0: nobody looks. */
export interface PictureWishes {
  readonly camera: number;
  /** {@linkcode Infinity}: as tall as it comes, so that it can be read. */
  readonly screen: number;
}

/** A file or another stream of bytes to one participant; RTCDataChannel has this shape. */
export type ByteChannel = FileChannel;

/** What participants send to the server (rule PB3). */
export type PublishedTracks = ReadonlyMap<UserId, readonly TrackView[]>;

/** What is sent over the socket now, as the server wants it (rule FR4). */
export interface Relayed {
  /** How many get any of it, viewers in the room and those over HTTP. */
  readonly viewers: number;
  /** Whether pictures and sound are sent as frames of a codec. */
  readonly isVideo: boolean;
  readonly isAudio: boolean;
  /** How many single pictures (MJPEG) are made, each of a width and a rate of its own. */
  readonly pictures: number;
}

/** What a call tells its owner. */
export interface CallEvents {
  /** Something in {@linkcode CallTransport.remotes} is another than before. */
  changed(): void;
  /** The other side opened a channel; its label says what for. */
  channelOpened(from: UserId, channel: ByteChannel): void;
}

/** What a call needs. */
export interface CallOptions {
  readonly selfId: UserId;
  /** How the room's media travel as the call begins (rule TO1). */
  readonly topology: Topology;
  /** Those of now: the list is kept up to date, so each new connection copies it. */
  readonly iceServers: readonly RTCIceServer[];
  /** What the others were known to send to the server before the call began. Default: nothing. */
  readonly published?: PublishedTracks;
  /** Sends to the room's server; `false` when there is no connection to send it on. */
  readonly send: (message: ClientMessage) => boolean;
  readonly events: CallEvents;
}

/** The media of one room, from joining to leaving. */
export interface CallTransport {
  /** How the media travel now. */
  readonly topology: Topology;
  /** What goes over the socket beside the media; undefined, or left out: nothing does. */
  readonly relayed?: Relayed | undefined;
  /** The others, by user id. */
  readonly remotes: ReadonlyMap<UserId, RemoteMedia>;
  /** Who else is in the room now: links to others are made, those to whoever left are ended. */
  setOthers(userIds: readonly UserId[]): void;
  /** Sends these tracks from now on, without another negotiation where that can be. */
  setTracks(tracks: LocalTracks): void;
  /** How wide and fast each slot may be sent; `adaptation.ts` decides it. */
  setEncoding(slot: Slot, encoding: SlotEncoding): void;
  /** The codecs of the camera and the screen, most wanted first. */
  setCodecOrder(mimeTypes: readonly string[]): void;
  /**
   * What is seen of whom; who is left out is not seen at all. Before the first call everything is
   * wanted as tall as it comes.
   */
  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void;
  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void;
  /** The socket is back, or the network is another one: looks at every path anew. */
  networkChanged(): void;
  /** Opens a channel to one participant; rejects when there is no connection to it in time. */
  openChannel(to: UserId, label: string): Promise<ByteChannel>;
  /** What each link measures. */
  measure(): Promise<ReadonlyMap<UserId, LinkReport>>;
  /** How much has come from each of the others. */
  progress(): Promise<ReadonlyMap<UserId, Progress>>;
  /** Ends every link. Idempotent; the local tracks go on. */
  close(): void;
}

/** Bounds of what one slot sends to each other participant (RTCRtpEncodingParameters). */
export interface SlotEncoding {
  /** Bits a second. */
  readonly maxBitrate: number;
  /** 1 sends the picture as it is, 2 half as wide and half as high. */
  readonly scaleResolutionDownBy: number;
  readonly maxFramerate: number;
  readonly degradationPreference: RTCDegradationPreference;
}
