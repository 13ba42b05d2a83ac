/**
 * One participant of a room's media: the connection over which it publishes, the one over which it
 * receives, its voice, and who captures its packets.
 */
import type { Clock } from "../../base/mod.ts";
import type { UserId } from "../../protocol/mod.ts";
import { PacketCapture } from "../capture/packet_capture.ts";
import type { DataEnd } from "../data/data_end.ts";
import type { CaptureOptions, MediaChannel } from "../port.ts";
import type { Publication } from "./publication.ts";
import type { Publisher } from "./publisher.ts";
import type { Voice } from "./speakers.ts";
import type { Subscriber } from "./subscriber.ts";
import type { IceParameters, PacketTap } from "./transport.ts";
import type { Viewer } from "./viewer.ts";

/** A publisher connection with what its descriptions are made of. */
export type Publishing = {
  readonly connection: Publisher;
  readonly ice: IceParameters;
  /** Counts the answers. */
  version: number;
  /** Its end of the data channel, where it has one. */
  data: DataEnd | undefined;
};

/** What a member begins with. */
export type MemberOptions = {
  readonly userId: UserId;
  readonly voice: Voice;
  readonly receiver: Subscriber | Viewer;
};

/** One participant. */
export class Member {
  readonly userId: UserId;
  readonly voice: Voice;
  readonly #captures = new Set<PacketCapture>();
  #receiver: Subscriber | Viewer;
  #publishing: Publishing | undefined;

  /** Somebody who publishes nothing yet. */
  constructor({ userId, voice, receiver }: MemberOptions) {
    this.userId = userId;
    this.voice = voice;
    this.#receiver = receiver;
  }

  /** What it gets, and how. */
  get receiver(): Subscriber | Viewer {
    return this.#receiver;
  }

  /** Takes the place of the receiver before, which is closed. */
  set receiver(receiver: Subscriber | Viewer) {
    this.#receiver.close();
    this.#receiver = receiver;
    this.#tap();
  }

  /** The connection over which it publishes, if there is one. */
  get publishing(): Publishing | undefined {
    return this.#publishing;
  }

  /** Takes the place of the connection before, which is closed. */
  set publishing(publishing: Publishing | undefined) {
    this.#endPublishing();
    this.#publishing = publishing;
    this.#tap();
  }

  /** What it publishes. */
  get publications(): readonly Publication[] {
    return this.#publishing?.connection.publications ?? [];
  }

  /** Packets of both connections as a pcap stream (see MediaRoom). */
  capture(options: CaptureOptions, clock: Clock): ReadableStream<Uint8Array> {
    const capture: PacketCapture = new PacketCapture({
      ...options,
      clock,
      ended: () => {
        this.#captures.delete(capture);
        this.#tap();
      },
    });
    this.#captures.add(capture);
    this.#tap();
    return capture.stream;
  }

  /** Ends its connections and captures. Idempotent. */
  close(): void {
    this.#receiver.close();
    this.#endPublishing();
    for (const capture of this.#captures) capture.close();
  }

  #endPublishing(): void {
    this.#publishing?.data?.close();
    this.#publishing?.connection.close();
  }

  /** Lets those see the packets who capture them; without any, nobody looks. */
  #tap(): void {
    const tapOf = (channel: MediaChannel): PacketTap | undefined =>
      this.#captures.size === 0 ? undefined : (direction, bytes) => {
        for (const capture of this.#captures) capture.packet(channel, direction, bytes);
      };
    if (this.#publishing !== undefined) this.#publishing.connection.tap = tapOf("publisher");
    this.#receiver.downlink.tap = tapOf("subscriber");
  }
}
