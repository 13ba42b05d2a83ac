/**
 * A connection that receives what a room sends, each m-line counted. It asks for what is missing and
 * for key frames to begin with, as a player would, and decodes nothing. `whep` has one.
 */
import { type CodecName, CODECS, isKeyFrameStart } from "../../src/media/rtp/codecs.ts";
import { isRtcp } from "../../src/media/rtp/packet.ts";
import { readRtcp } from "../../src/media/rtp/rtcp.ts";
import { timestampDelta } from "../../src/media/rtp/sequence.ts";
import { createIceParameters } from "../../src/media/sfu/credentials.ts";
import { Reception } from "../../src/media/sfu/reception.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import type { ClientSide } from "./client_descriptions.ts";
import type { MediaEngine } from "./engine.ts";
import { IncomingStream, type StreamOffer } from "./incoming_stream.ts";
import { ReceivedPacket } from "./received_packet.ts";
import { ReceiverReports } from "./receiver_reports.ts";
import type { RunTime } from "./run_time.ts";
import { connectToServer } from "./server_connection.ts";
import { ServerDescription } from "./server_description.ts";
import { whepOffer } from "./session_descriptions.ts";
import type { ReportSpan, SessionMedia, SessionReport } from "./session_media.ts";

/** So many participants are received at once, each with a sound and a picture. */
const PAIRS = 4;
/** RFC 4588, section 4: the number of the packet that is repeated. */
const ORIGINAL_NUMBER_BYTES = 2;
const CODEC_BY_TYPE: ReadonlyMap<number, CodecName> = new Map(
  Object.values(CODECS).flatMap(({ name, payloadType, rtxPayloadType }) => [
    [payloadType, name] as const,
    [rtxPayloadType, name] as const,
  ]),
);

/** What came in an m-line. */
class Line {
  readonly stream: IncomingStream;
  readonly #reception: Reception;
  readonly #clockRate: number;
  codec: CodecName | undefined;
  packets = 0;
  bytes = 0;
  frames = 0;
  keyFrames = 0;
  #repaired = 0;
  #timestamp: number | undefined;
  #beganAt = 0;
  #before = { at: 0, bytes: 0 };

  constructor(offer: StreamOffer, time: RunTime) {
    this.stream = new IncomingStream(offer, time);
    this.#clockRate = CODECS[offer.isVideo ? "VP8" : "opus"].clockRate;
    this.#reception = new Reception(this.#clockRate);
  }

  take(packet: ReceivedPacket, at: number): void {
    const { rtp, isRepeated, sequenceNumber } = packet;
    if (this.packets === 0) this.#before = { at: this.#beganAt = at, bytes: 0 };
    this.stream.number(packet, at);
    this.bytes += rtp.bytes.length;
    if (isRepeated) this.#repaired++;
    else this.#reception.count(sequenceNumber, rtp.timestamp, at);
    this.packets++;
    const codec = CODEC_BY_TYPE.get(rtp.payloadType);
    if (codec === undefined || rtp.payloadStart === rtp.payloadEnd) return;
    this.codec = codec;
    const { timestamp } = rtp;
    if (this.#timestamp === undefined || timestampDelta(timestamp, this.#timestamp) > 0) {
      this.#timestamp = timestamp;
      this.frames++;
    }
    if (this.stream.offer.isVideo && isKeyFrameStart(codec, rtp)) this.keyFrames++;
  }

  report(at: number, span: ReportSpan): { words: string; json: object } {
    const { codec, packets, bytes, frames, keyFrames } = this;
    const { mid } = this.stream.offer;
    const { packetsLost, jitter } = this.#reception.report();
    const lost = Math.max(0, packetsLost - this.#repaired);
    const jitterMs = jitter * 1_000 / this.#clockRate;
    const before = span === "whole" ? { at: this.#beganAt, bytes: 0 } : this.#before;
    const kbps = Math.round((bytes - before.bytes) * 8 / Math.max(1, at - before.at));
    this.#before = { at, bytes };
    const keys = this.stream.offer.isVideo ? `  ${keyFrames} key frames` : "";
    return {
      words: `${mid} ${codec ?? "?"}  ${kbps} kbit/s  ${frames} frames${keys}  ` +
        `lost ${lost}  jitter ${jitterMs.toFixed(1)} ms`,
      json: {
        ...{ mid, codec: codec ?? null, kbps, packets, frames, keyFrames, lost },
        jitterMs: Math.round(jitterMs * 10) / 10,
      },
    };
  }
}

/** A connection that receives. */
export class SessionViewer implements SessionMedia {
  readonly offer: string;
  readonly isOver = false;
  readonly #engine: MediaEngine;
  readonly #time: RunTime;
  readonly #client: ClientSide;
  readonly #packet = new ReceivedPacket();
  readonly #reports = new ReceiverReports();
  #lines: readonly Line[] = [];
  #transport: Transport | undefined;

  /** Nothing is received yet. */
  constructor({ engine, time }: { readonly engine: MediaEngine; readonly time: RunTime }) {
    this.#engine = engine;
    this.#time = time;
    this.#client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    this.offer = whepOffer(this.#client, { pairs: PAIRS });
  }

  get isOpen(): boolean {
    return this.#transport?.isOpen === true;
  }

  get hasCarried(): boolean {
    return this.#carried.length > 0;
  }

  begin(sdp: string): void {
    const description = ServerDescription.read(sdp);
    this.#lines = description.streams.map((stream) => new Line(stream, this.#time));
    const { ice } = this.#client;
    const receive = (bytes: Uint8Array) => this.#receive(bytes);
    this.#transport = connectToServer(this.#engine, { ice, description }, receive);
  }

  tick(): void {
    if (!this.isOpen) return;
    const stuck = this.#carried.filter(({ stream, keyFrames }) =>
      stream.offer.isVideo && keyFrames === 0
    );
    const due = this.#reports.due(this.#lines.map(({ stream }) => stream), {
      at: this.#time.now,
      stuck: stuck.map(({ stream }) => stream),
    });
    for (const packet of due) this.#transport?.send(packet);
  }

  report(span: ReportSpan): SessionReport {
    const at = this.#time.now;
    const reports = this.#carried.map((line) => line.report(at, span));
    return {
      lines: reports.length === 0 ? ["nothing has come"] : reports.map(({ words }) => words),
      json: { media: reports.map(({ json }) => json) },
    };
  }

  close(): void {
    this.#transport?.close();
    this.#transport = undefined;
  }

  get #carried(): readonly Line[] {
    return this.#lines.filter(({ packets }) => packets > 0);
  }

  #receive(bytes: Uint8Array): void {
    const at = this.#time.now;
    if (isRtcp(bytes)) return this.#control(bytes, at);
    const packet = this.#packet;
    const { rtp } = packet;
    if (!rtp.read(bytes)) return;
    for (const line of this.#lines) {
      const { ssrc, rtxSsrc } = line.stream.offer;
      if (rtp.ssrc !== ssrc && rtp.ssrc !== rtxSsrc) continue;
      packet.isRepeated = rtp.ssrc !== ssrc;
      packet.sequenceNumber = rtp.sequenceNumber;
      if (packet.isRepeated) {
        // The server probes with padding in the repair stream: it repeats nothing.
        if (rtp.payloadEnd - rtp.payloadStart < ORIGINAL_NUMBER_BYTES) return;
        packet.sequenceNumber = bytes[rtp.payloadStart]! << 8 | bytes[rtp.payloadStart + 1]!;
        rtp.payloadStart += ORIGINAL_NUMBER_BYTES;
      }
      return line.take(packet, at);
    }
  }

  #control(bytes: Uint8Array, at: number): void {
    for (const message of readRtcp(bytes)) {
      if (message.type !== "sender-report") continue;
      const line = this.#lines.find(({ stream }) => stream.offer.ssrc === message.ssrc);
      line?.stream.senderReport(message, at, this.#time.epochOf(at));
    }
  }
}
