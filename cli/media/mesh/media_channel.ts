/**
 * The media of one transport: streams that go out in its m-lines, tracks that come in, and what both
 * sides report of them. A link to a participant has one for both ways, the connections to the server
 * have one each way.
 */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { CODECS } from "../../../src/media/rtp/codecs.ts";
import { isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import {
  joinRtcp,
  readRtcp,
  type ReportBlock,
  type RtcpMessage,
  writeBitrateEstimate,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
} from "../../../src/media/rtp/rtcp.ts";
import type { Transport } from "../../../src/media/sfu/transport.ts";
import type { TrackSource } from "../../../src/protocol/mod.ts";
import { MediaClock } from "../media_clock.ts";
import { OutgoingStream } from "../outgoing_stream.ts";
import { packetize } from "../packetize.ts";
import { ReceivedTrack } from "../received/received_track.ts";
import type { RunTime } from "../run_time.ts";
import type { SourceFrame } from "../sources/frame_source.ts";
import type { AgreedCodec, PeerLine, SentSource } from "./peer_description.ts";

const REPORT_PERIOD_MS = 1_000;
/** A picture that has not begun, or cannot go on, is asked for this often. */
const KEY_FRAME_PERIOD_MS = 500;
/** Report blocks of one report (RFC 3550, section 6.4.1: five bits). */
const MAX_BLOCKS = 31;
/** What a sender may send us: it grows to that, as far as its own eyes on losses let it. */
const ESTIMATE = 3_000_000;
/** Of the packets to us, so many lost mean that it is too much; and what is left is asked for. */
const MUCH_LOSS = 0.1;
const LEAST_ESTIMATE = 150_000;

/** An m-line that we send in. */
export type SentLine = SentSource & {
  readonly source: TrackSource;
  readonly mid: string;
  readonly payloadType: number;
  readonly rtxPayloadType: number;
  /** 0: there is none. */
  readonly midId: number;
};

/** What went out, of all channels of a participant together. */
export class SentCounts {
  /** Of packets. */
  bytes = 0;
  /** Packets that were asked for again, and key frames, by others. */
  nacks = 0;
  plis = 0;
}

/** What a channel is made with. */
export type MediaChannelOptions = {
  readonly time: RunTime;
  readonly cname: string;
  readonly counts: SentCounts;
  /** The other side cannot go on without a key frame. */
  readonly wantKeyFrame: () => void;
};

type Sent = {
  readonly line: SentLine;
  readonly stream: OutgoingStream;
  readonly clock: MediaClock;
  frames: number;
  /** Nothing but a key frame can be begun with. */
  hasBegun: boolean;
};
type Received = {
  readonly line: PeerLine;
  readonly track: ReceivedTrack;
  readonly codecs: ReadonlyMap<number, { readonly codec: CodecName; readonly isRepair: boolean }>;
  askedAt: number;
};

/** The media of one transport. */
export class MediaChannel {
  readonly #options: MediaChannelOptions;
  readonly #packet = new RtpPacket();
  readonly #sent: Sent[] = [];
  /** By mid. */
  readonly #received = new Map<string, Received>();
  readonly #bySsrc = new Map<number, { readonly received: Received; readonly isRepair: boolean }>();
  #transport: Transport | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #estimate = ESTIMATE;

  /** Nothing is sent or received yet. */
  constructor(options: MediaChannelOptions) {
    this.#options = options;
  }

  /** What it receives, by the tags of the m-lines. */
  get tracks(): ReadonlyMap<string, ReceivedTrack> {
    return new Map([...this.#received].map(([mid, { track }]) => [mid, track]));
  }

  /** What it sends, by what it is of. */
  get sources(): readonly TrackSource[] {
    return this.#sent.map(({ line }) => line.source);
  }

  /** Sends over this from now on. */
  attach(transport: Transport): void {
    this.#transport = transport;
  }

  /** Sends in these m-lines, and in no other. Those that it sends in already go on. */
  send(lines: readonly SentLine[]): void {
    const before = this.#sent.splice(0);
    for (const line of lines) {
      const same = before.find((one) => one.line.ssrc === line.ssrc && isSameLine(one.line, line));
      this.#sent.push(same ?? this.#begin(line));
    }
  }

  /** Receives in these m-lines; one that is known keeps its track. */
  receive(lines: readonly PeerLine[]): void {
    for (const line of lines) {
      const known = this.#received.get(line.mid);
      const codecs = new Map(line.codecs.flatMap(byPayloadType));
      const track = known?.track ?? new ReceivedTrack(line.isVideo);
      const received = { line, track, codecs, askedAt: known?.askedAt ?? -Infinity };
      this.#received.set(line.mid, received);
      for (const [ssrc, one] of this.#bySsrc) {
        if (one.received === known) this.#bySsrc.set(ssrc, { ...one, received });
      }
      for (const { ssrc, rtxSsrc } of line.sources) {
        this.#bySsrc.set(ssrc, { received, isRepair: false });
        if (rtxSsrc !== 0) this.#bySsrc.set(rtxSsrc, { received, isRepair: true });
      }
    }
  }

  /** Something else comes in an m-line from now on: its track begins anew. */
  renew(mid: string): void {
    const known = this.#received.get(mid);
    if (known === undefined) return;
    const received = { ...known, track: new ReceivedTrack(known.line.isVideo) };
    this.#received.set(mid, received);
    for (const [ssrc, one] of this.#bySsrc) {
      if (one.received === known) this.#bySsrc.set(ssrc, { ...one, received });
    }
  }

  /** Sends a frame of `source`, where its m-line takes its codec. */
  sendFrame(source: TrackSource, frame: SourceFrame): void {
    const sent = this.#sent.find(({ line }) =>
      line.source === source && line.codec === frame.codec
    );
    if (sent === undefined || this.#transport?.isOpen !== true) return;
    if (!sent.hasBegun && !frame.isKeyFrame) return this.#options.wantKeyFrame();
    sent.hasBegun = true;
    const timestamp = sent.clock.timestampAt(frame.dueAt);
    const payloads = packetize(frame.codec, { ...frame, atMs: 0 }, sent.frames++);
    payloads.forEach((payload, index) => {
      // Sound marks nothing but the end of a silence (RFC 7587, section 4.2).
      const marker = frame.codec !== "opus" && index === payloads.length - 1;
      this.#send(sent.stream.next({ payload, timestamp, marker }));
    });
  }

  /** Takes what came over the transport. */
  take(bytes: Uint8Array): void {
    const at = this.#options.time.now;
    if (isRtcp(bytes)) {
      for (const message of readRtcp(bytes)) this.#control(message, at);
      return;
    }
    const packet = this.#packet;
    if (!packet.read(bytes)) return;
    const found = this.#bySsrc.get(packet.ssrc) ?? this.#learn(packet);
    const agreed = found?.received.codecs.get(packet.payloadType);
    if (found === undefined || agreed === undefined) return;
    const { codec } = agreed;
    found.received.track.take(packet, { codec, isRepair: agreed.isRepair, at });
  }

  /** Sends what is due: what is missing, which key frames are wanted, and the reports. */
  tick(): void {
    if (this.#transport?.isOpen !== true) return;
    const at = this.#options.time.now;
    for (const received of this.#received.values()) this.#ask(received, at);
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return;
    this.#reportedAt = at;
    this.#report(at);
  }

  #begin(line: SentLine): Sent {
    const { cname, time } = this.#options;
    const { ssrc, rtxSsrc, payloadType, rtxPayloadType, mid, midId, codec } = line;
    const extensions = midId === 0 ? [] : [{ id: midId, bytes: new TextEncoder().encode(mid) }];
    const repair = rtxPayloadType === 0 ? { rtxSsrc: 0, rtxPayloadType } : {
      rtxSsrc,
      rtxPayloadType,
    };
    const stream = new OutgoingStream({ ssrc, payloadType, ...repair, cname, extensions });
    const [first = 0] = crypto.getRandomValues(new Uint32Array(1));
    const clock = new MediaClock(CODECS[codec].clockRate, { startedAt: time.now, first });
    return { line, stream, clock, frames: 0, hasBegun: codec === "opus" };
  }

  /** A source that no description has named: its packets say of which m-line they are. */
  #learn(packet: RtpPacket): { received: Received; isRepair: boolean } | undefined {
    const received = [...this.#received.values()].find(({ line, codecs }) => {
      if (!codecs.has(packet.payloadType)) return false;
      const at = packet.findExtension(line.midId);
      if (line.midId === 0 || at < 0) return false;
      const mid = new TextDecoder().decode(packet.bytes.subarray(at, at + packet.foundLength));
      return mid === line.mid;
    });
    if (received === undefined) return undefined;
    const { isRepair } = received.codecs.get(packet.payloadType)!; // It was found by it.
    const found = { received, isRepair };
    this.#bySsrc.set(packet.ssrc, found);
    return found;
  }

  #ask(received: Received, at: number): void {
    const { track } = received;
    const { ssrc } = track;
    const [own] = this.#sent;
    const sender = own?.line.ssrc ?? 1;
    if (ssrc === undefined) return;
    const missing = track.isVideo ? track.missing(at) : [];
    if (missing.length > 0) this.#send(writeNack(sender, ssrc, missing));
    if (at - received.askedAt < KEY_FRAME_PERIOD_MS || !track.takeKeyFrameWish()) return;
    received.askedAt = at;
    this.#send(writePictureLoss(sender, ssrc));
  }

  #report(at: number): void {
    const { time } = this.#options;
    for (const { stream, clock } of this.#sent) {
      if (stream.packets > 0) this.#send(stream.report(time.epochOf(at), clock.timestampAt(at)));
    }
    const all = [...this.#received.values()].map(({ track }) => track);
    const blocks = all.flatMap((track) => track.reportBlock(at) ?? []);
    if (blocks.length === 0) return;
    const sender = this.#sent[0]?.line.ssrc ?? 1;
    this.#follow(blocks);
    const pictures = all.flatMap(({ isVideo, ssrc }) =>
      isVideo && ssrc !== undefined ? [ssrc] : []
    );
    for (let from = 0; from < blocks.length; from += MAX_BLOCKS) {
      const report = writeReceiverReport(sender, blocks.slice(from, from + MAX_BLOCKS));
      const isLast = from + MAX_BLOCKS >= blocks.length;
      this.#send(
        isLast && pictures.length > 0
          ? joinRtcp(
            report,
            writeBitrateEstimate(sender, this.#estimate * pictures.length, pictures),
          )
          : report,
      );
    }
  }

  /** Much loss means that less is to be sent; without, it may be more again. */
  #follow(blocks: readonly ReportBlock[]): void {
    const isMuch = blocks.some(({ fractionLost }) => fractionLost > MUCH_LOSS);
    this.#estimate = isMuch
      ? Math.max(LEAST_ESTIMATE, this.#estimate * 0.7)
      : Math.min(ESTIMATE, this.#estimate * 1.08);
  }

  #control(message: RtcpMessage, at: number): void {
    switch (message.type) {
      case "nack": {
        const sent = this.#sent.find(({ line }) => line.ssrc === message.mediaSsrc);
        this.#options.counts.nacks += message.sequenceNumbers.length;
        for (const sequenceNumber of message.sequenceNumbers) {
          const packet = sent?.stream.again(sequenceNumber);
          if (packet !== undefined) this.#send(packet);
        }
        return;
      }
      case "picture-loss":
      case "full-intra-request":
        this.#options.counts.plis++;
        return this.#options.wantKeyFrame();
      case "sender-report": {
        const received = this.#bySsrc.get(message.ssrc)?.received;
        received?.track.senderReport(message, at);
        return;
      }
      default: // Of the others nothing follows here.
    }
  }

  #send(packet: Uint8Array): void {
    if (this.#transport?.send(packet) === true) this.#options.counts.bytes += packet.length;
  }
}

function isSameLine(one: SentLine, other: SentLine): boolean {
  return one.mid === other.mid && one.codec === other.codec &&
    one.payloadType === other.payloadType;
}

function byPayloadType(
  { name: codec, payloadType, rtxPayloadType }: AgreedCodec,
): [number, { codec: CodecName; isRepair: boolean }][] {
  return [
    [payloadType, { codec, isRepair: false }],
    ...(rtxPayloadType === 0 ? [] : [
      [rtxPayloadType, { codec, isRepair: true }] as [
        number,
        { codec: CodecName; isRepair: boolean },
      ],
    ]),
  ];
}
