/**
 * What one participant shows, as it comes over the socket: frames to tracks, and what a viewer's
 * ladder and statistics want to know of them.
 */
import { decodeRelayFrame } from "../../../src/protocol/relay_frame.ts";
import type { LinkReport, StreamReport } from "../link_report.ts";
import type { Progress } from "../progress.ts";
import type { LocalTracks } from "../transport.ts";
import { Playout } from "./playout.ts";
import type { RelayPlatform } from "./relay_platform.ts";
import { SoundReceiver } from "./sound_receiver.ts";
import { VideoReceiver } from "./video_receiver.ts";

/** Two reports that are closer than this say nothing about what lies between them. */
const MIN_SAMPLE_MS = 250;

/** What a receiver needs. */
export interface RelayReceiverOptions {
  readonly platform: RelayPlatform;
  /** A key frame is needed. */
  readonly needKey: () => void;
  /** {@linkcode RelayReceiver.tracksIn} are others. */
  readonly changed: () => void;
  /** Something could not be decoded; the rest goes on. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** Of what reports are made. */
type Sample = {
  readonly at: number;
  readonly frames: number;
  readonly videoBytes: number;
  readonly soundBytes: number;
  readonly packets: number;
  readonly lost: number;
};

const NOTHING = { frames: 0, videoBytes: 0, soundBytes: 0, packets: 0, lost: 0 };

/** The frames of one source. */
export class RelayReceiver {
  readonly #options: RelayReceiverOptions;
  readonly #playout = new Playout();
  #sourceId: number | undefined;
  #video: VideoReceiver | undefined;
  #sound: SoundReceiver | undefined;
  #sample: Sample | undefined;
  #report: LinkReport | undefined;

  /** Nothing was asked for yet. */
  constructor(options: RelayReceiverOptions) {
    this.#options = options;
  }

  /** Frames of this source are what was asked for (rule FR2). */
  start(sourceId: number): void {
    this.#sourceId = sourceId;
  }

  /** The tracks; the picture stands in `slot`, for frames do not say what they show. */
  tracksIn(slot: "camera" | "screen"): LocalTracks {
    return {
      ...(this.#video === undefined ? {} : { [slot]: this.#video.track }),
      ...(this.#sound === undefined ? {} : { microphone: this.#sound.track }),
    };
  }

  /** How much was shown and has come. */
  progressIn(slot: "camera" | "screen"): Progress {
    const { frames, packets } = this.#counts;
    return { [slot]: frames, microphone: packets };
  }

  /** Takes a binary frame of the socket; those of others are dropped. */
  take(bytes: Uint8Array): void {
    const frame = decodeRelayFrame(bytes);
    if (frame === undefined || frame.sourceId !== this.#sourceId) return;
    const { platform, needKey, changed, faulted } = this.#options;
    const common = { platform, playout: this.#playout, faulted };
    switch (frame.kind) {
      case "vp8":
      case "h264": {
        const isFirst = this.#video === undefined;
        this.#video ??= new VideoReceiver({ ...common, needKey });
        this.#video.take(frame, frame.kind);
        if (isFirst) changed();
        return;
      }
      case "opus": {
        const isFirst = this.#sound === undefined;
        this.#sound ??= new SoundReceiver(common);
        this.#sound.take(frame);
        if (isFirst) changed();
        return;
      }
      case "jpeg": // For those who watch over HTTP.
    }
  }

  /** What is measured of it, for the statistics. */
  measure(slot: "camera" | "screen"): LinkReport {
    const { clock } = this.#options.platform;
    const now: Sample = { at: clock.now(), ...this.#counts };
    const before = this.#sample ?? { ...NOTHING, at: now.at };
    const passedMs = now.at - before.at;
    if (this.#report !== undefined && passedMs < MIN_SAMPLE_MS) return this.#report;
    this.#sample = now;
    const rate = (grown: number) => passedMs <= 0 ? 0 : grown / passedMs;
    const received: StreamReport[] = [];
    if (this.#video !== undefined) {
      const { codec, width, height } = this.#video.counts;
      received.push({
        ...{ slot, codec, width, height, frames: now.frames, loss: 0, jitterMs: 0 },
        kbps: Math.round(rate(now.videoBytes - before.videoBytes) * 8),
        framesPerSecond: Math.round(rate(now.frames - before.frames) * 1_000),
      });
    }
    if (this.#sound !== undefined) {
      const [came, lost] = [now.packets - before.packets, now.lost - before.lost];
      received.push({
        ...{ slot: "microphone", codec: "opus", jitterMs: 0 },
        kbps: Math.round(rate(now.soundBytes - before.soundBytes) * 8),
        loss: came + lost === 0 ? 0 : lost / (came + lost),
      });
    }
    return this.#report = {
      ...{ at: now.at, path: "relay", roundTripMs: undefined },
      ...{ availableOutgoingBitrate: undefined, kbpsUp: 0, sent: [], received },
      kbpsDown: received.reduce((sum, { kbps }) => sum + kbps, 0),
    };
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#sourceId = undefined;
    this.#video?.close();
    this.#sound?.close();
    this.#video = this.#sound = undefined;
  }

  get #counts(): Omit<Sample, "at"> {
    const { frames = 0, bytes: videoBytes = 0 } = this.#video?.counts ?? {};
    const { packets = 0, lost = 0, bytes: soundBytes = 0 } = this.#sound?.counts ?? {};
    return { frames, videoBytes, packets, lost, soundBytes };
  }
}
