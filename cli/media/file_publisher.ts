/**
 * Files published over one connection, at their own pace: an m-line each. What the server asks for is
 * sent again, and where it wants a key frame, the files go on with their next one. `whip` has one.
 */
import { CODECS } from "../../src/media/rtp/codecs.ts";
import { middleOfNtp, toNtp } from "../../src/media/rtp/ntp.ts";
import { isRtcp } from "../../src/media/rtp/packet.ts";
import { readRtcp, type ReportBlock, type RtcpMessage } from "../../src/media/rtp/rtcp.ts";
import { createIceParameters, createSsrc } from "../../src/media/sfu/credentials.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import { type ClientSide, EXTENSION_IDS } from "./client_descriptions.ts";
import type { MediaEngine } from "./engine.ts";
import { MediaClock } from "./media_clock.ts";
import type { MediaFile } from "./media_file.ts";
import { OutgoingStream } from "./outgoing_stream.ts";
import { packetize } from "./packetize.ts";
import { Playback } from "./playback.ts";
import type { RunTime } from "./run_time.ts";
import { connectToServer } from "./server_connection.ts";
import { DescriptionError, ServerDescription } from "./server_description.ts";
import { type SentLine, whipOffer } from "./session_descriptions.ts";
import type { ReportSpan, SessionMedia, SessionReport } from "./session_media.ts";

const REPORT_PERIOD_MS = 1_000;
/** What was sent last may be asked for again. */
const TAIL_MS = 250;
/** Reports count time in 1/65536 of a second. */
const UNITS_PER_MS = 65.536;

/** What is published, and how. */
export type FilePublisherOptions = {
  readonly files: readonly MediaFile[];
  readonly isLooping: boolean;
  readonly engine: MediaEngine;
  readonly time: RunTime;
};

type Track = {
  readonly file: MediaFile;
  readonly line: SentLine;
  readonly stream: OutgoingStream;
  clock: MediaClock | undefined;
  frames: number;
};

/** A connection that sends files. */
export class FilePublisher implements SessionMedia {
  readonly offer: string;
  /** Packets that were asked for again, and key frames. */
  nacks = 0;
  plis = 0;
  readonly #options: FilePublisherOptions;
  readonly #client: ClientSide;
  readonly #tracks: readonly Track[];
  readonly #firstTimestamps = crypto.getRandomValues(new Uint32Array(2));
  #transport: Transport | undefined;
  #playback: Playback | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #overAt: number | undefined;
  #bytes = 0;
  #roundTripMs: number | undefined;
  #beganAt = 0;
  #before = { at: 0, bytes: 0 };

  /** Nothing is sent yet. */
  constructor(options: FilePublisherOptions) {
    this.#options = options;
    const { engine, files } = options;
    this.#client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    const cname = crypto.randomUUID();
    const taken = new Set<number>();
    this.#tracks = files.map((file, index) => trackOf(file, { mid: `${index}`, cname, taken }));
    this.offer = whipOffer(this.#client, { lines: this.#tracks.map(({ line }) => line), cname });
  }

  get isOpen(): boolean {
    return this.#transport?.isOpen === true;
  }

  get isOver(): boolean {
    return this.#overAt !== undefined && this.#options.time.now - this.#overAt >= TAIL_MS;
  }

  get hasCarried(): boolean {
    return this.#bytes > 0;
  }

  begin(sdp: string): void {
    const description = ServerDescription.read(sdp);
    const closed = this.#tracks.filter(({ line }) => !description.received.includes(line.mid));
    if (closed.length > 0) {
      const codecs = closed.map(({ file }) => file.codec).join(" and ");
      throw new DescriptionError(`it does not receive ${codecs}`);
    }
    const { ice } = this.#client;
    const receive = (bytes: Uint8Array) => this.#receive(bytes);
    this.#transport = connectToServer(this.#options.engine, { ice, description }, receive);
  }

  tick(): void {
    if (!this.isOpen) return;
    const { files, isLooping, time } = this.#options;
    const at = time.now;
    if (this.#playback === undefined) this.#start(at);
    const playback = this.#playback ??= new Playback(files, { isLooping, startedAt: at });
    for (const { file, frame, dueAt } of playback.due(at)) {
      const track = this.#tracks.find((one) => one.file === file)!; // It plays these.
      const timestamp = track.clock!.timestampAt(dueAt); // Since the start.
      const payloads = packetize(file.codec, frame, track.frames++);
      payloads.forEach((payload, index) => {
        // Sound marks nothing but the end of a silence (RFC 7587, section 4.2).
        const marker = file.codec !== "opus" && index === payloads.length - 1;
        this.#send(track.stream.next({ payload, timestamp, marker }));
      });
    }
    if (playback.isOver(at)) this.#overAt ??= at;
    else this.#overAt = undefined; // A key frame was asked for at the end.
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return;
    this.#reportedAt = at;
    for (const { stream, clock } of this.#tracks) {
      if (stream.packets > 0) {
        this.#send(stream.report(time.epochOf(at), clock!.timestampAt(at)));
      }
    }
  }

  report(span: ReportSpan): SessionReport {
    const at = this.#options.time.now;
    const { at: since, bytes } = span === "whole" ? { at: this.#beganAt, bytes: 0 } : this.#before;
    const kbps = Math.round((this.#bytes - bytes) * 8 / Math.max(1, at - since));
    this.#before = { at, bytes: this.#bytes };
    const packets = this.#tracks.reduce((sum, { stream }) => sum + stream.packets, 0);
    const repeated = this.#tracks.reduce((sum, { stream }) => sum + stream.repeated, 0);
    const { nacks, plis } = this;
    const roundTripMs = this.#roundTripMs;
    const trip = roundTripMs === undefined ? "not measured" : `${roundTripMs.toFixed(1)} ms`;
    return {
      lines: [
        `${kbps} kbit/s  ${packets} packets  NACK ${nacks}  PLI ${plis}  round trip ${trip}`,
      ],
      json: { kbps, packets, repeated, nacks, plis, roundTripMs: roundTripMs ?? null },
    };
  }

  close(): void {
    this.#transport?.close();
    this.#transport = undefined;
  }

  #start(at: number): void {
    this.#beganAt = at;
    this.#before = { at, bytes: 0 };
    this.#tracks.forEach((track, index) => {
      const first = this.#firstTimestamps[index] ?? 0;
      track.clock = new MediaClock(CODECS[track.file.codec].clockRate, { startedAt: at, first });
    });
  }

  #send(packet: Uint8Array): void {
    if (this.#transport?.send(packet) === true) this.#bytes += packet.length;
  }

  #receive(bytes: Uint8Array): void {
    if (!isRtcp(bytes)) return;
    for (const message of readRtcp(bytes)) this.#control(message);
  }

  #control(message: RtcpMessage): void {
    switch (message.type) {
      case "nack": {
        const track = this.#tracks.find(({ stream }) => stream.ssrc === message.mediaSsrc);
        this.nacks += message.sequenceNumbers.length;
        for (const sequenceNumber of message.sequenceNumbers) {
          const packet = track?.stream.again(sequenceNumber);
          if (packet !== undefined) this.#send(packet);
        }
        return;
      }
      case "picture-loss":
      case "full-intra-request":
        this.plis++;
        return this.#playback?.jump(this.#options.time.now);
      case "receiver-report":
      case "sender-report":
        return message.reports.forEach((block) => this.#measure(block));
      default: // Of the others nothing follows here.
    }
  }

  /** RFC 3550, section 6.4.1: what has passed since a report of ours, without its time over there. */
  #measure({ ssrc, lastSenderReport, delaySinceLastSenderReport }: ReportBlock): void {
    if (lastSenderReport === 0 || !this.#tracks.some(({ stream }) => stream.ssrc === ssrc)) return;
    const { time } = this.#options;
    const { high, low } = toNtp(time.epochOf(time.now));
    const passed = middleOfNtp(high, low) - lastSenderReport - delaySinceLastSenderReport | 0;
    this.#roundTripMs = Math.max(0, passed / UNITS_PER_MS);
  }
}

function trackOf(
  file: MediaFile,
  { mid, cname, taken }: { mid: string; cname: string; taken: Set<number> },
): Track {
  const { codec } = file;
  const { payloadType, rtxPayloadType } = CODECS[codec];
  const rtxSsrc = rtxPayloadType === 0 ? 0 : createSsrc(taken);
  const line = { mid, codec, ssrc: createSsrc(taken), rtxSsrc };
  const stream = new OutgoingStream({
    ...{ ssrc: line.ssrc, rtxSsrc, payloadType, rtxPayloadType, cname },
    extensions: [{ id: EXTENSION_IDS.mid, bytes: new TextEncoder().encode(mid) }],
  });
  return { file, line, stream, clock: undefined, frames: 0 };
}
