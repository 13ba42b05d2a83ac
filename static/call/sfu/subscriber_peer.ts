/**
 * One subscriber connection: offers are the server's, answers ours (rules SB1, SB2). Which m-line
 * carries what is told beside the descriptions, and changes without one.
 */
import type { ServerMessageOf, SubscribedMedia } from "../../../src/protocol/mod.ts";
import { type Counters, readCounters } from "../progress.ts";
import { SerialQueue } from "../serial_queue.ts";

/** What a peer tells its subscriber. */
export interface SubscriberPeerEvents {
  /** The m-lines carry this now, and all of them are there. */
  readonly carries: (media: readonly SubscribedMedia[]) => void;
  readonly answered: (sdp: string) => void;
  readonly moved: (state: RTCPeerConnectionState) => void;
  /** The browser refused a description. */
  readonly failed: (fault: unknown) => void;
}

/** One connection, from its first offer to its end. */
export class SubscriberPeer {
  /** Which of the server's connections it is. */
  readonly number: number;
  readonly connection: RTCPeerConnection;
  readonly #events: SubscriberPeerEvents;
  readonly #queue: SerialQueue;
  readonly #fragment: string | undefined;
  #isClosed = false;

  /** A peer for the connection that an offer begins; the offer is still to be taken. */
  constructor(
    { connection: number, description }: ServerMessageOf<"subscription-offer">,
    connection: RTCPeerConnection,
    events: SubscriberPeerEvents,
  ) {
    this.number = number;
    this.#fragment = fragmentOf(description.sdp);
    this.connection = connection;
    this.#events = events;
    this.#queue = new SerialQueue(events.failed);
    connection.onconnectionstatechange = () => events.moved(connection.connectionState);
  }

  /** Whether an offer is for another connection than the one of the offers before. */
  isOther({ description }: ServerMessageOf<"subscription-offer">): boolean {
    return fragmentOf(description.sdp) !== this.#fragment;
  }

  /** Takes an offer, and answers it. */
  take({ description, tracks }: ServerMessageOf<"subscription-offer">): void {
    void this.#queue.run(async () => {
      await this.connection.setRemoteDescription(description);
      if (this.#isClosed) return;
      this.#events.carries(tracks);
      await this.connection.setLocalDescription();
      const { sdp } = this.connection.localDescription ?? {};
      if (!this.#isClosed && sdp !== undefined) this.#events.answered(sdp);
    });
  }

  /** The m-lines carry something else, once the offers before have been taken. */
  update(tracks: readonly SubscribedMedia[]): void {
    void this.#queue.run(() => this.#events.carries(tracks));
  }

  /** What an m-line receives; undefined where there is none. */
  trackOf(mid: string): MediaStreamTrack | undefined {
    return this.connection.getTransceivers().find((one) => one.mid === mid)?.receiver.track;
  }

  /** How much each m-line has received. */
  async counters(): Promise<ReadonlyMap<string, Counters>> {
    return readCounters(await this.connection.getStats());
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.close();
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }
}

/** What names a connection at its other end (RFC 8839, section 5.4). */
function fragmentOf(sdp: string): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
}
