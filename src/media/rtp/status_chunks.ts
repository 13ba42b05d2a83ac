/**
 * The packet status chunks of transport feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.2 to 3.1.4): which packets
 * arrived, in as few bytes as a look at what comes next gives. `transport_feedback.ts` calls it.
 */
import { byteAt, writeUint16 } from "./bytes.ts";

// What became of a packet: each is also how many bytes its arrival takes.
/** It has not arrived. */
export const MISSING = 0;
/** It arrived at most 63.75 ms after the one before. */
export const SMALL_DELTA = 1;
/** It arrived later than that, or earlier than the one before. */
export const LARGE_DELTA = 2;

/** Packets of a chunk that says two bits of each, or one bit. */
const TWO_BIT_PACKETS = 7;
const ONE_BIT_PACKETS = 14;
const MAX_RUN = 0x1fff;

/** Every chunk but the last holds so many at least, whatever the symbols are. */
export function maxChunkBytes(count: number): number {
  return 2 * Math.ceil(count / TWO_BIT_PACKETS);
}

/** Writes the chunks of the first `count` symbols at `at`; returns where they end. */
export function writeStatusChunks(
  target: Uint8Array,
  at: number,
  { symbols, count }: { readonly symbols: Uint8Array; readonly count: number },
): number {
  let end = at;
  let index = 0;
  while (index < count) {
    const run = runLength(symbols, index, count);
    const isOneBit = hasNoLargeDelta(symbols, index, Math.min(count, index + ONE_BIT_PACKETS));
    if (run >= (isOneBit ? ONE_BIT_PACKETS : TWO_BIT_PACKETS) || index + run === count) {
      writeUint16(target, end, byteAt(symbols, index) << 13 | run);
      index += run;
    } else {
      const packets = isOneBit ? ONE_BIT_PACKETS : TWO_BIT_PACKETS;
      writeUint16(target, end, vectorChunk(symbols, index, { count, packets }));
      index += packets;
    }
    end += 2;
  }
  return end;
}

function runLength(symbols: Uint8Array, start: number, count: number): number {
  const end = Math.min(count, start + MAX_RUN);
  let at = start + 1;
  while (at < end && symbols[at] === symbols[start]) at++;
  return at - start;
}

function hasNoLargeDelta(symbols: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (byteAt(symbols, at) > SMALL_DELTA) return false;
  }
  return true;
}

/** Section 3.1.4. What is beyond the count is filled with 0. */
function vectorChunk(
  symbols: Uint8Array,
  start: number,
  { count, packets }: { readonly count: number; readonly packets: number },
): number {
  const bits = packets === TWO_BIT_PACKETS ? 2 : 1;
  let chunk = packets === TWO_BIT_PACKETS ? 0x3 : 0x2;
  for (let at = start; at < start + packets; at++) {
    chunk = chunk << bits | (at < count ? byteAt(symbols, at) : 0);
  }
  return chunk;
}
