/**
 * What a receiver tells the server, in time: what it misses (RFC 4585), what it received (RFC 3550,
 * section 6.4.2), what it would take (REMB), and which pictures it cannot begin with.
 */
import {
  joinRtcp,
  writeBitrateEstimate,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
} from "../../src/media/rtp/rtcp.ts";
import type { IncomingStream } from "./incoming_stream.ts";

/** Our own SSRC in reports: a receiver sends nothing else. */
const OWN_SSRC = 1;
const REPORT_PERIOD_MS = 1_000;
/** Report blocks of one report (RFC 3550, section 6.4.1: five bits). */
const MAX_BLOCKS = 31;
/** More than any room of this size sends: the path is the machine's own, or as good. */
const ESTIMATE = 50_000_000;
/** A picture that has not begun is asked for this often. */
const PICTURE_PERIOD_MS = 1_000;

/** The reports of one receiver. */
export class ReceiverReports {
  /** Packets that were asked for again, and key frames. */
  nacks = 0;
  plis = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #askedAt = new Map<IncomingStream, number>();

  /** What to send at `at`, a compound packet each. `stuck` are streams whose picture has not begun. */
  due(
    streams: readonly IncomingStream[],
    { at, stuck }: { readonly at: number; readonly stuck: readonly IncomingStream[] },
  ): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (const stream of streams) {
      const missing = stream.missing();
      if (missing.length === 0) continue;
      this.nacks += missing.length;
      packets.push(writeNack(OWN_SSRC, stream.offer.ssrc, missing));
    }
    for (const stream of stuck) {
      if (at - (this.#askedAt.get(stream) ?? Number.NEGATIVE_INFINITY) < PICTURE_PERIOD_MS) {
        continue;
      }
      this.#askedAt.set(stream, at);
      this.plis++;
      packets.push(writePictureLoss(OWN_SSRC, stream.offer.ssrc));
    }
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return packets;
    this.#reportedAt = at;
    return [...packets, ...reportsOf(streams, at)];
  }
}

function reportsOf(streams: readonly IncomingStream[], at: number): Uint8Array[] {
  const blocks = streams.flatMap((stream) => stream.reportBlock(at) ?? []);
  const reports: Uint8Array[] = [];
  for (let from = 0; from < blocks.length || from === 0; from += MAX_BLOCKS) {
    reports.push(writeReceiverReport(OWN_SSRC, blocks.slice(from, from + MAX_BLOCKS)));
  }
  const pictures = streams.filter(({ offer }) => offer.isVideo).map(({ offer }) => offer.ssrc);
  if (pictures.length > 0) reports.push(writeBitrateEstimate(OWN_SSRC, ESTIMATE, pictures));
  return [joinRtcp(...reports)];
}
