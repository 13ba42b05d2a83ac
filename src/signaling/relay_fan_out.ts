/**
 * Relayed frames from the socket they came over to those of their receivers (rules CO7, FR5-FR8).
 * Nothing is queued here: who does not read loses frames until the next key frame, so what a viewer
 * can have in memory is what its socket may hold unread. The exchange has one.
 */
import {
  decodeRelayFrame,
  type ErrorCode,
  MAX_UNREAD_BYTES,
  type RelayFrame,
  stampRelaySource,
} from "../protocol/mod.ts";
import type { Outbound, Participant, RelaySource, RelayViewer } from "../rooms/mod.ts";
import type { FrameBucket } from "./frame_bucket.ts";
import type { SignalingObserver } from "./observer.ts";
import type { SeatedConnection, Session } from "./session.ts";

/**
 * Who was behind goes on when no more than this is unread: with the whole bound unread, all it sees
 * would stay as late as that.
 */
const CAUGHT_UP_BYTES = 16 * 1024;

/** What the fan-out depends on. */
export type RelayFanOutOptions = {
  readonly sessions: { of(participant: Participant): Session | undefined };
  readonly observer: SignalingObserver;
  readonly deliver: (outbound: readonly Outbound[]) => void;
  /** Longest frame, header included. */
  readonly maxFrameBytes: number;
};

/** A connection as the sender of frames. */
export interface FrameSender {
  /** The stay of the participant who sits here. */
  readonly session: Session | undefined;
  /** Whether anybody has ever wanted frames of it. */
  readonly isFrameSource: boolean;
  /** What it may send. */
  readonly frames: FrameBucket;
}

/** Why a binary frame was not taken. */
export type FrameRefusal = { readonly code: ErrorCode; readonly message: string };

/** All relayed frames. */
export class RelayFanOut {
  readonly #options: RelayFanOutOptions;

  /** Keeps nothing between two frames; what it knows of viewers stands in their room. */
  constructor(options: RelayFanOutOptions) {
    this.#options = options;
  }

  /** Passes a frame on, or drops it where nobody wants it. Returns why it is none, if so. */
  take(sender: FrameSender, bytes: Uint8Array): FrameRefusal | undefined {
    const { maxFrameBytes, observer } = this.#options;
    const attempt = "Cannot read a binary frame";
    if (!sender.isFrameSource) {
      return { code: "bad-message", message: `${attempt}: nobody has asked for any` };
    }
    if (bytes.length > maxFrameBytes) {
      return {
        code: "message-too-large",
        message: `${attempt} of more than ${maxFrameBytes} bytes`,
      };
    }
    const frame = decodeRelayFrame(bytes);
    if (frame === undefined) {
      return {
        code: "bad-message",
        message: `${attempt}: its header is not that of a relayed frame`,
      };
    }
    observer.frameReceived(bytes.length);
    const source = sourceOf(sender);
    if (!sender.frames.take(bytes.length)) {
      observer.framesDropped("rate", 1);
      if (source !== undefined && isPicture(frame)) this.#options.deliver(source.hasGap());
      return undefined;
    }
    if (source === undefined) return undefined;
    if (frame.kind === "jpeg") {
      source.pictures.received(frame.pictureId, frame.payload, frame.timestampUs);
    } else {
      this.#pass(source, frame, bytes);
    }
    return undefined;
  }

  #pass(source: RelaySource, frame: RelayFrame, bytes: Uint8Array): void {
    const { observer, deliver } = this.#options;
    stampRelaySource(bytes, source.sourceId);
    let dropped = 0;
    let isKeyMissing = false;
    for (const viewer of source.viewers.values()) {
      switch (this.#send(viewer, frame, bytes)) {
        case "sent":
          observer.frameSent(bytes.length);
          break;
        case "needs key frame":
          isKeyMissing = true;
          dropped++;
          break;
        case "behind":
          dropped++;
      }
    }
    if (dropped > 0) observer.framesDropped("reader", dropped);
    if (isKeyMissing) deliver(source.askForKeyFrame());
  }

  #send(
    viewer: RelayViewer,
    frame: RelayFrame,
    bytes: Uint8Array,
  ): "sent" | "behind" | "needs key frame" {
    const connection = this.#options.sessions.of(viewer.participant)?.connection;
    if (connection === undefined || isBehind(viewer, connection, bytes.length)) {
      if (isPicture(frame)) viewer.needsKeyFrame = true;
      return "behind";
    }
    if (isPicture(frame)) {
      if (viewer.needsKeyFrame && !frame.isKey) return "needs key frame";
      viewer.needsKeyFrame = false;
    }
    connection.sendFrame(bytes);
    return "sent";
  }
}

/** Whose frames a connection sends, where anybody has ever wanted them. */
function sourceOf({ session }: FrameSender): RelaySource | undefined {
  return session?.seat.room.frameRelay.source(session.seat.participant);
}

/** Whether it depends on frames before it. */
function isPicture({ kind }: RelayFrame): boolean {
  return kind === "vp8" || kind === "h264";
}

/** Whether a viewer has too much unread to get `more` bytes, or has not caught up since (rule FR7). */
function isBehind(viewer: RelayViewer, connection: SeatedConnection, more: number): boolean {
  const { unreadBytes } = connection;
  const bound = viewer.isBehind ? CAUGHT_UP_BYTES : MAX_UNREAD_BYTES - more;
  viewer.isBehind = unreadBytes > bound;
  return viewer.isBehind;
}
