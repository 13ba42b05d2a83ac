/**
 * Files of what a headless participant receives: each of the others as WebM, or MP4 for H.264, as it
 * comes, by the recorder of the server.
 */
import type { Clock, Logger } from "../../../src/base/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import {
  type Lane,
  RoomRecorder,
  type StreamReport,
} from "../../../src/media/record/room_recorder.ts";
import { parseUserId } from "../../../src/protocol/mod.ts";
import type { Followed, TrackConsumer } from "./followed_tracks.ts";

/** More than any disk: who records is asked to stop, or told that the disk is full. */
const BOUNDS = { maxBytes: 2 ** 50, maxMs: 2 ** 31 - 1, container: "webm" } as const;

/**
 * Sound and picture that belong together wait so long for each other, so that one file holds both;
 * what there is then begins by itself.
 */
const GATHER_MS = 1_000;

/** Where and of what. */
export type RecorderOptions = {
  readonly folder: string;
  readonly roomId: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** It ended by itself: the disk took no more. */
  readonly failed: (why: string) => void;
};

type Recorded = { readonly lane: Lane | undefined; readonly codec: CodecName };

type Group = { readonly since: number; readonly codecs: Map<Followed, CodecName> };

/** The files of one stay. */
export class ParticipantRecorder implements TrackConsumer {
  readonly folder: string;
  readonly #recorder: RoomRecorder;
  readonly #recorded = new Map<Followed, Recorded>();
  /** What belongs together, until it begins. */
  readonly #groups = new Map<string, Group>();

  /** Begins a folder within `folder`, named by the room and the time. */
  constructor({ folder, roomId, clock, log, failed }: RecorderOptions) {
    const time = new Date(clock.now()).toISOString().replace(/[-:]/g, "").replace(/\..*/, "");
    const recordingId = `${roomId.replace(/[^\w-]/g, "_")}-${time}`;
    this.folder = `${folder}/${recordingId}`;
    this.#recorder = new RoomRecorder({
      ...{ recordingId, roomId, folder, clock, log, bounds: BOUNDS },
      onEnded: ({ reason }) => failed(`Recording has ended: ${reason}`),
    });
  }

  /** See TrackConsumer. */
  packet(of: Followed, codec: CodecName, packet: RtpPacket, at: number): void {
    if (!this.#hasBegun(of, codec, at)) return;
    const known = this.#recorded.get(of);
    const recorded = known?.codec === codec ? known : this.#begin(of, codec, known);
    if (recorded.lane !== undefined) this.#recorder.packet(recorded.lane, packet, at);
  }

  /** See TrackConsumer. */
  senderReport(of: Followed, report: StreamReport): void {
    const lane = this.#recorded.get(of)?.lane;
    if (lane !== undefined) this.#recorder.senderReport(lane, report);
  }

  /** See TrackConsumer. */
  ended(of: Followed): void {
    const lane = this.#recorded.get(of)?.lane;
    this.#recorded.delete(of);
    this.#groups.delete(keyOf(of));
    if (lane !== undefined) this.#recorder.end(lane);
  }

  /** Completes the files; resolves to their paths. Never rejects. */
  async stop(): Promise<string[]> {
    const { files } = await this.#recorder.stop("asked");
    return files.map((name) => `${this.folder}/${name.split("/").at(-1)}`);
  }

  /** Whether its group is recorded; it begins when all of it is there, or has been waited for. */
  #hasBegun(of: Followed, codec: CodecName, at: number): boolean {
    if (this.#recorded.has(of)) return true;
    const key = keyOf(of);
    const group = this.#groups.get(key) ?? { since: at, codecs: new Map() };
    this.#groups.set(key, group);
    group.codecs.set(of, codec);
    if (group.codecs.size < 2 && at - group.since < GATHER_MS) return false;
    for (const [member, itsCodec] of group.codecs) {
      if (!this.#recorded.has(member)) this.#begin(member, itsCodec, undefined);
    }
    return true;
  }

  #begin(of: Followed, codec: CodecName, before: Recorded | undefined): Recorded {
    if (before?.lane !== undefined) this.#recorder.end(before.lane);
    const userId = parseUserId(of.userId);
    const lane = userId && this.#recorder.begin({
      userId,
      track: { trackId: `${of.userId}-${of.source}`, source: of.source },
      codec,
      requestKeyFrame: of.wantKeyFrame,
    });
    const recorded = { lane, codec };
    this.#recorded.set(of, recorded);
    return recorded;
  }
}

/** Microphone and camera of one participant belong together, and a screen with its sound. */
function keyOf({ userId, source }: Followed): string {
  return `${userId} ${source.startsWith("screen") ? "screen" : "person"}`;
}
