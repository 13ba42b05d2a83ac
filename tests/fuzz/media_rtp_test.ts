/**
 * What browsers and attackers send as RTP and RTCP: broken in every way, it is either refused or read
 * without a word from beyond its bytes.
 */
import assert from "node:assert/strict";
import { isRtcp, RtpPacket } from "../../src/media/rtp/packet.ts";
import { joinRtcp, readRtcp, type RtcpMessage } from "../../src/media/rtp/rtcp.ts";
import {
  checkBounds,
  checkDependencyDescriptor,
  checkExtensions,
  checkMessage,
  checkPictures,
  checkVp8,
  checkVp9,
} from "./media_rtp_checks.ts";
import { rtcpSeeds, rtpSeeds } from "./media_rtp_seeds.ts";
import { mutateBytes, SeededChoice } from "./mutate_bytes.ts";

const MUTANTS = 100_000;
const SEED = 20_261_121;
const MAX_TOLD_PACKETS = 8_192;

Deno.test(`${MUTANTS} broken RTP packets are refused, or read within their bytes`, () => {
  const choice = new SeededChoice(SEED);
  const packet = new RtpPacket();
  const seeds = rtpSeeds();
  const seen = { read: 0, extensions: 0, vp8: 0, vp9: 0, descriptors: 0, sizes: 0 };

  for (let number = 0; number < MUTANTS; number++) {
    const bytes = mutateBytes(choice.of(seeds), choice);
    try {
      isRtcp(bytes);
      if (!packet.read(bytes)) continue;
      seen.read++;
      checkBounds(packet);
      seen.extensions += checkExtensions(packet);
      seen.vp8 += checkVp8(packet);
      seen.vp9 += checkVp9(packet);
      seen.descriptors += checkDependencyDescriptor(packet, choice);
      seen.sizes += checkPictures(packet);
    } catch (cause) {
      throw new Error(`Packet ${number}: ${toHex(bytes)}`, { cause });
    }
  }

  // Neither so broken that nothing was read, nor so whole that nothing was tried.
  assert.ok(seen.read > MUTANTS / 4 && seen.read < MUTANTS * 0.95, JSON.stringify(seen));
  for (const [what, count] of Object.entries(seen)) assert.ok(count > MUTANTS / 50, what);
});

Deno.test(`${MUTANTS} broken RTCP compounds are read up to where they are broken`, () => {
  const choice = new SeededChoice(SEED);
  const seeds = rtcpSeeds();
  const seen = new Map<string, number>();
  let told = 0;

  for (let number = 0; number < MUTANTS; number++) {
    const compound = joinRtcp(choice.of(seeds), choice.of(seeds), choice.of(seeds));
    const bytes = mutateBytes(compound, choice);
    try {
      const messages = readRtcp(bytes);
      assert.ok(messages.length <= bytes.length / 4);
      for (const message of messages) {
        checkMessage(message, bytes);
        seen.set(message.type, (seen.get(message.type) ?? 0) + 1);
      }
      told = Math.max(told, toldPackets(messages));
      if (number % 10 === 0) checkPrefix(bytes, messages, choice);
    } catch (cause) {
      throw new Error(`Compound ${number}: ${toHex(bytes)}`, { cause });
    }
  }

  assert.equal(seen.size, 9, JSON.stringify([...seen]));
  for (const [type, count] of seen) assert.ok(count > MUTANTS / 50, type);
  assert.ok(told <= MAX_TOLD_PACKETS && told > 1_000, `${told} packets in one compound`);
});

/** What stands in the first part of a compound reads the same without the rest. */
function checkPrefix(bytes: Uint8Array, messages: RtcpMessage[], choice: SeededChoice): void {
  const first = readRtcp(bytes.subarray(0, choice.below(bytes.length + 1)));
  assert.deepEqual(first, messages.slice(0, first.length));
}

function toldPackets(messages: readonly RtcpMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + (message.type === "transport-feedback" ? message.packets.length : 0),
    0,
  );
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
