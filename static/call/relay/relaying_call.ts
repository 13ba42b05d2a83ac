/**
 * The call of a meeting that also sends what it shows over the socket, where somebody asks for that:
 * who watches over HTTP, or whom nothing else reaches (rules FR1-FR4).
 */
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { SwitchingCall, type SwitchingCallOptions } from "../switching_call.ts";
import type { LocalTracks, Relayed } from "../transport.ts";
import type { FrameSocket } from "./frame_sink.ts";
import type { RelayPlatform } from "./relay_platform.ts";
import { RelaySender } from "./relay_sender.ts";

/** What such a call needs. */
export interface RelayingCallOptions extends SwitchingCallOptions {
  readonly relay: RelayPlatform;
  /** The session of the page. */
  readonly frames: FrameSocket;
  /** Something could not be encoded; the call goes on. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** A call over whichever way, and frames beside it. */
export class RelayingCall extends SwitchingCall {
  readonly #sender: RelaySender;

  /** A call with nobody yet, that sends nothing over the socket before somebody wants it. */
  constructor(options: RelayingCallOptions) {
    super(options);
    const { relay: platform, frames, send, events, faulted } = options;
    const changed = () => events.changed();
    this.#sender = new RelaySender({ platform, frames, send, faulted, changed });
  }

  /** What goes over the socket; undefined while nothing does. */
  get relayed(): Relayed | undefined {
    return this.#sender.relayed;
  }

  override setTracks(tracks: LocalTracks): void {
    super.setTracks(tracks);
    this.#sender.setTracks(tracks);
  }

  override receive(message: ServerMessage): void {
    super.receive(message);
    this.#sender.receive(message);
  }

  override close(): void {
    super.close();
    this.#sender.close();
  }
}
