/**
 * One connection over which a user receives: it is made by the server's first offer, learns m-lines
 * from further ones, and tells packets of its streams from what is none of them. The receiver has one
 * at a time.
 */
import { readAudioLevel } from "../../src/media/rtp/extensions.ts";
import { isRtcp } from "../../src/media/rtp/packet.ts";
import { readRtcp } from "../../src/media/rtp/rtcp.ts";
import { createIceParameters } from "../../src/media/sfu/credentials.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import { AUDIO_LEVEL, type ClientSide, receiverAnswer } from "./client_descriptions.ts";
import type { MediaEngine } from "./engine.ts";
import { IncomingStream } from "./incoming_stream.ts";
import { ReceivedPacket } from "./received_packet.ts";
import type { RunTime } from "./run_time.ts";
import { connectToServer } from "./server_connection.ts";
import type { ServerDescription } from "./server_description.ts";

/** By more than this a report of the server would put lips and voice apart. */
const MAX_MISPLACED_MS = 20;
/** RFC 6464: the lower bits are the level. */
const LEVEL = AUDIO_LEVEL & 0x7f;

/** Who hears of what came. */
export type IncomingOptions = {
  readonly engine: MediaEngine;
  readonly time: RunTime;
  /** A packet as it was sent; its fields hold until the next one. */
  readonly packet: (stream: IncomingStream, packet: ReceivedPacket, at: number) => void;
  /** What came is wrong: about what, what was expected, what was seen. */
  readonly wrong: (message: string, expected: string, seen: string) => void;
};

/** One connection. */
export class IncomingConnection {
  /** The number that the server gave it. */
  readonly number: number;
  readonly #options: IncomingOptions;
  readonly #client: ClientSide;
  readonly #transport: Transport;
  readonly #packet = new ReceivedPacket();
  readonly #sources = new Map<number, { stream: IncomingStream; isRepair: boolean }>();
  readonly #streams: IncomingStream[] = [];
  #version = 0;

  /** Begins to connect. Throws DescriptionError. */
  constructor(number: number, offer: ServerDescription, options: IncomingOptions) {
    const { engine } = options;
    const ice = createIceParameters();
    this.number = number;
    this.#options = options;
    this.#client = { ice, fingerprint: engine.fingerprint };
    this.#transport = connectToServer(engine, { ice, description: offer }, (bytes) => {
      this.#receive(bytes);
    });
  }

  /** Its m-lines. */
  get streams(): readonly IncomingStream[] {
    return this.#streams;
  }

  /** Whether packets go both ways. */
  get isOpen(): boolean {
    return this.#transport.isOpen;
  }

  /** The answer to an offer of this connection, whose m-lines it takes. */
  answer(offer: ServerDescription): string {
    for (const line of offer.streams) {
      if (this.#sources.has(line.ssrc)) continue;
      const stream = new IncomingStream(line, this.#options.time);
      this.#streams.push(stream);
      this.#sources.set(line.ssrc, { stream, isRepair: false });
      if (line.rtxSsrc !== 0) this.#sources.set(line.rtxSsrc, { stream, isRepair: true });
    }
    return receiverAnswer(this.#client, { media: offer.media, version: ++this.#version });
  }

  /** Sends a packet to the server. */
  send(packet: Uint8Array): void {
    this.#transport.send(packet);
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#transport.close();
  }

  #receive(bytes: Uint8Array): void {
    const { time, packet: take, wrong } = this.#options;
    const at = time.now;
    if (isRtcp(bytes)) return this.#control(bytes, at);
    const packet = this.#packet;
    const { rtp } = packet;
    if (!rtp.read(bytes)) {
      return wrong("a packet", "RTP", `${bytes.length} bytes of something else`);
    }
    if (rtp.payloadStart === rtp.payloadEnd) return; // A probe of the path.
    const found = this.#sources.get(rtp.ssrc);
    if (found === undefined) return wrong("a packet", "a source of the offer", `SSRC ${rtp.ssrc}`);
    const { stream, isRepair } = found;
    const { mid, isVideo, audioLevelId } = stream.offer;
    if (!packet.read({ isVideo, isRepeated: isRepair })) {
      return wrong(`m-line "${mid}"`, "payloads as they were sent", "another");
    }
    if (audioLevelId !== 0) {
      const level = readAudioLevel(rtp, audioLevelId);
      if (level !== LEVEL) wrong(`m-line "${mid}"`, `the audio level ${LEVEL}`, `${level}`);
    }
    take(stream, packet, at);
  }

  #control(bytes: Uint8Array, at: number): void {
    const { time, wrong } = this.#options;
    for (const message of readRtcp(bytes)) {
      if (message.type !== "sender-report") continue;
      const stream = this.#sources.get(message.ssrc)?.stream;
      const misplaced = stream?.senderReport(message, at, time.epochOf(at));
      if (misplaced === undefined || Math.abs(misplaced) <= MAX_MISPLACED_MS) continue;
      const what = `sender report of m-line "${stream?.offer.mid}"`;
      wrong(what, "the time at which it was sent", `${Math.round(misplaced)} ms beside it`);
    }
  }
}
