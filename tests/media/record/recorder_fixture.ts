/** A recorder on a real disk and a clock that a test turns, and publishers that send to it. */
import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/mod.ts";
import type { RecordingView } from "../../../src/media/port.ts";
import { type CodecName, CODECS } from "../../../src/media/rtp/codecs.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { IndexedFile, RecordingIndex } from "../../../src/media/record/recording_index.ts";
import {
  type Lane,
  RoomRecorder,
  type RoomRecorderOptions,
} from "../../../src/media/record/room_recorder.ts";
import { parseUserId, type TrackSource } from "../../../src/protocol/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type SenderOptions, type SentPacket, timestampAt } from "./packetizers.ts";

/** A packet that reaches the recorder. */
export type Delivery = { readonly lane: Lane; readonly bytes: Uint8Array; readonly atMs: number };

/** A recorder of a test. */
export class RecorderFixture implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly recorder: RoomRecorder;
  readonly ended: RecordingView[] = [];
  /** How many key frames were asked for, by track. */
  readonly asked = new Map<string, number>();
  readonly #folder: string;
  readonly #packet = new RtpPacket();
  #tracks = 0;

  /** Begins a recording in a new folder; `options` as for a recorder. */
  constructor(options: Partial<RoomRecorderOptions> = {}) {
    this.#folder = options.folder ?? Deno.makeTempDirSync();
    this.recorder = new RoomRecorder({
      recordingId: "rec",
      roomId: "room",
      folder: this.#folder,
      bounds: { maxBytes: 1e9, maxMs: 3_600_000, container: "webm" },
      clock: this.clock,
      log: silentLogger,
      onEnded: (view) => this.ended.push(view),
      ...options,
    });
  }

  /** Where the recording lies. */
  get folder(): string {
    return `${this.#folder}/rec`;
  }

  /** Where a file lies that a view or the index names. */
  path(name: string): string {
    return name.startsWith("rec/") ? `${this.#folder}/${name}` : `${this.folder}/${name}`;
  }

  /** A track of `userId` begins; it has to be taken. */
  begin(userId: string, source: TrackSource, codec: CodecName, orientationId = 0): Lane {
    const trackId = `track-${++this.#tracks}`;
    const lane = this.recorder.begin({
      userId: parseUserId(userId)!, // Tests use ids.
      track: { trackId, source },
      codec,
      videoOrientationId: orientationId,
      requestKeyFrame: () => this.asked.set(trackId, (this.asked.get(trackId) ?? 0) + 1),
    });
    assert.ok(lane !== undefined, `${userId} has too many tracks`);
    return lane;
  }

  /** What a sender's packets are when they arrive, `delayMs` after they were taken. */
  sent(lane: Lane, packets: readonly SentPacket[], delayMs = 0): Delivery[] {
    return packets.map(({ bytes, atMs }) => ({ lane, bytes, atMs: atMs + delayMs }));
  }

  /** Lets packets come, each at its time from now on, and the time pass to the last. */
  feed(...deliveries: readonly (readonly Delivery[])[]): void {
    const startMs = this.clock.elapsed();
    const inOrder = deliveries.flat().sort((one, other) => one.atMs - other.atMs);
    for (const { lane, bytes, atMs } of inOrder) {
      const waitMs = startMs + atMs - this.clock.elapsed();
      if (waitMs > 0) this.clock.advance(waitMs);
      assert.ok(this.#packet.read(bytes), "a packet of the test cannot be read");
      this.recorder.packet(lane, this.#packet);
    }
  }

  /** The sender says that its `atMs` was at `ntpMs` of its wall clock. */
  report(lane: Lane, sender: SenderOptions, { atMs = 0, ntpMs = 1e12 } = {}): void {
    const rtpTimestamp = timestampAt(sender, atMs);
    this.recorder.senderReport(lane, { ssrc: sender.ssrc, ntpMs, rtpTimestamp });
  }

  /** Ends the recording; returns its index. */
  async stop(reason = "asked"): Promise<RecordingIndex> {
    await this.recorder.stop(reason);
    return await this.index();
  }

  /** The index as it is on the disk. */
  async index(): Promise<RecordingIndex> {
    return JSON.parse(await Deno.readTextFile(this.path("index.json")));
  }

  /** Ends the recording and takes the folder away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.recorder.stop("over");
    assert.equal(this.clock.pending, 0, "timers are left");
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The files of an index, in order. */
export function filesOf(index: RecordingIndex): IndexedFile[] {
  return index.participants.flatMap(({ files }) => files);
}

/** How fast a codec counts, in ticks a millisecond. */
export function ticksPerMs(codec: CodecName): number {
  return CODECS[codec].clockRate / 1_000;
}
