/**
 * Reads when packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).
 * `rtcp_feedback_reading.ts` calls it with one message from its header on.
 */
import { byteAt, uint16At, uint24At, uint32At } from "./bytes.ts";
import type { TransportFeedbackReport } from "./rtcp.ts";

/** Where the status chunks begin. */
const CHUNKS_AT = 20;
const REFERENCE_MS = 64;
const TICKS_PER_MS = 4;
/** Status symbols: how many bytes the arrival takes; the fourth is reserved. */
const SMALL_DELTA = 1;
const LARGE_DELTA = 2;

/** The report; `undefined`: it is broken, or tells of more than `maxPackets`. */
export function readTransportFeedback(
  bytes: Uint8Array,
  maxPackets: number,
): TransportFeedbackReport | undefined {
  const baseSequenceNumber = uint16At(bytes, 12);
  const count = uint16At(bytes, 14);
  if (bytes.length < CHUNKS_AT || count > maxPackets) return undefined;
  const symbols = new Uint8Array(count);
  const deltasAt = readSymbols(bytes, symbols);
  if (deltasAt < 0) return undefined;
  const referenceTimeMs = (uint24At(bytes, 16) << 8 >> 8) * REFERENCE_MS;
  const packets: TransportFeedbackReport["packets"][number][] = [];
  let at = deltasAt;
  let ticks = 0;
  for (const symbol of symbols) {
    const sequenceNumber = baseSequenceNumber + packets.length & 0xffff;
    if (symbol > LARGE_DELTA || at + symbol > bytes.length) return undefined;
    if (symbol === SMALL_DELTA) ticks += byteAt(bytes, at);
    if (symbol === LARGE_DELTA) ticks += uint16At(bytes, at) << 16 >> 16;
    const receivedAtMs = symbol === 0 ? undefined : referenceTimeMs + ticks / TICKS_PER_MS;
    packets.push({ sequenceNumber, receivedAtMs });
    at += symbol;
  }
  return {
    type: "transport-feedback",
    mediaSsrc: uint32At(bytes, 8),
    baseSequenceNumber,
    feedbackCount: byteAt(bytes, 19),
    referenceTimeMs,
    packets,
  };
}

/** Fills `symbols` from the chunks; returns where the chunks end, -1: the bytes end first. */
function readSymbols(bytes: Uint8Array, symbols: Uint8Array): number {
  let filled = 0;
  let at = CHUNKS_AT;
  while (filled < symbols.length && at + 2 <= bytes.length) {
    const chunk = uint16At(bytes, at);
    at += 2;
    if ((chunk & 0x8000) === 0) {
      const end = filled + (chunk & 0x1fff);
      symbols.fill(chunk >> 13 & 0x03, filled, end);
      filled = end;
      continue;
    }
    const hasTwoBits = (chunk & 0x4000) !== 0;
    for (let shift = hasTwoBits ? 12 : 13; shift >= 0; shift -= hasTwoBits ? 2 : 1) {
      // What is beyond the count is filling, and is not stored.
      symbols[filled++] = chunk >> shift & (hasTwoBits ? 0x03 : 0x01);
    }
  }
  return filled < symbols.length ? -1 : at;
}
