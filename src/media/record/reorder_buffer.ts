/**
 * Puts the packets of one stream in order again. Each track that is recorded has one: what comes in
 * order passes without a copy, what comes too early waits a bounded time for what is missing, what
 * comes twice or too late is dropped. A recording is in no hurry, so it waits for every
 * retransmission that a call would still make use of.
 */
import { RtpPacket } from "../rtp/packet.ts";
import { seqDelta } from "../rtp/sequence.ts";

/** How long a gap is waited for: the retransmissions of a publisher end well before. */
export const MAX_WAIT_MS = 1_000;
/** Packets behind a gap: 8 Mbit/s for a second, and no more of them is looked at. */
export const MAX_HELD_PACKETS = 1_024;
/** Bytes behind a gap; real packets are full by a fraction of it. */
export const MAX_HELD_BYTES = 2 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** Who takes the packets in order. */
export interface PacketReceiver {
  /** The next packet. It is a view that is used again: valid until this returns. */
  packet(packet: RtpPacket, arrivedAtMs: number): void;
  /** At least one packet is missing between the last and the next. */
  packetsLost(): void;
}

/** A place for a packet that came too early. */
type Slot = { readonly packet: RtpPacket; arrivedAtMs: number; isHeld: boolean };

/** The packets of one SSRC. */
export class ReorderBuffer {
  readonly #receiver: PacketReceiver;
  /** By the low bits of the sequence number; made when the first packet comes too early. */
  #slots: Slot[] = [];
  #held = 0;
  #heldBytes = 0;
  /** The sequence number that is to come; -1: any. */
  #next = -1;
  /** When the first packet came behind the gap. */
  #gapSinceMs = 0;
  /** What would follow a packet that was far off; -1: there was none. */
  #strayNext = -1;

  /** Nothing is known of the numbers at first. */
  constructor(receiver: PacketReceiver) {
    this.#receiver = receiver;
  }

  /** How many packets wait. */
  get held(): number {
    return this.#held;
  }

  /** Takes a packet; the receiver hears of all that are in order now. */
  push(packet: RtpPacket, nowMs: number): void {
    const { sequenceNumber } = packet;
    if (this.#next < 0) this.#next = sequenceNumber;
    const ahead = seqDelta(sequenceNumber, this.#next);
    if (ahead >= MAX_HELD_PACKETS || ahead < -MAX_HELD_PACKETS) return this.#pushFar(packet, nowMs);
    if (ahead < 0) return;
    if (ahead > 0) {
      this.#hold(packet, nowMs);
      return this.expire(nowMs);
    }
    this.#deliver(packet, nowMs);
    this.#deliverHeld(nowMs);
  }

  /** Waits no longer for what has been missing too long. */
  expire(nowMs: number): void {
    while (this.#held > 0 && this.#isOverdue(nowMs)) this.#skipGap(nowMs);
  }

  /** Hands on all that waits, and forgets the numbers: another stream may follow. */
  flush(nowMs: number): void {
    while (this.#held > 0) this.#skipGap(nowMs);
    this.#next = -1;
    this.#strayNext = -1;
  }

  #isOverdue(nowMs: number): boolean {
    return nowMs - this.#gapSinceMs >= MAX_WAIT_MS || this.#heldBytes > MAX_HELD_BYTES;
  }

  /**
   * A number far off is an error of one packet, or a source that counts anew: the second in a row
   * tells (RFC 3550, appendix A.1).
   */
  #pushFar(packet: RtpPacket, nowMs: number): void {
    const isInRow = packet.sequenceNumber === this.#strayNext;
    this.#strayNext = (packet.sequenceNumber + 1) & 0xffff;
    if (!isInRow) return;
    this.flush(nowMs);
    this.#receiver.packetsLost();
    this.#deliver(packet, nowMs);
  }

  #deliver(packet: RtpPacket, arrivedAtMs: number): void {
    this.#next = (packet.sequenceNumber + 1) & 0xffff;
    this.#receiver.packet(packet, arrivedAtMs);
  }

  #deliverHeld(nowMs: number): void {
    while (this.#held > 0) {
      const slot = this.#slotOf(this.#next);
      if (!slot.isHeld) break;
      this.#release(slot);
      // Whatever waits behind another gap has waited since now at the earliest.
      this.#gapSinceMs = nowMs;
    }
  }

  #skipGap(nowMs: number): void {
    while (!this.#slotOf(this.#next).isHeld) this.#next = (this.#next + 1) & 0xffff;
    this.#receiver.packetsLost();
    this.#deliverHeld(nowMs);
  }

  #hold(packet: RtpPacket, nowMs: number): void {
    const slot = this.#slotOf(packet.sequenceNumber);
    if (slot.isHeld) return;
    if (this.#held === 0) this.#gapSinceMs = nowMs;
    copyPacket(slot.packet, packet);
    slot.arrivedAtMs = nowMs;
    slot.isHeld = true;
    this.#held++;
    this.#heldBytes += packet.payloadEnd;
  }

  #release(slot: Slot): void {
    slot.isHeld = false;
    this.#held--;
    this.#heldBytes -= slot.packet.payloadEnd;
    this.#deliver(slot.packet, slot.arrivedAtMs);
    // Gaps are rare: the memory is given back, not kept.
    slot.packet.bytes = NOTHING;
  }

  #slotOf(sequenceNumber: number): Slot {
    if (this.#slots.length === 0) {
      const makeSlot = () => ({ packet: new RtpPacket(), arrivedAtMs: 0, isHeld: false });
      this.#slots = Array.from({ length: MAX_HELD_PACKETS }, makeSlot);
    }
    return this.#slots[sequenceNumber % MAX_HELD_PACKETS]!;
  }
}

/** The fields count, not the bytes of the header: a packet that was sent again has other ones. */
function copyPacket(to: RtpPacket, from: RtpPacket): void {
  to.bytes = from.bytes.slice(0, from.payloadEnd);
  to.marker = from.marker;
  to.payloadType = from.payloadType;
  to.sequenceNumber = from.sequenceNumber;
  to.timestamp = from.timestamp;
  to.ssrc = from.ssrc;
  to.payloadStart = from.payloadStart;
  to.payloadEnd = from.payloadEnd;
  to.extensionStart = from.extensionStart;
  to.extensionEnd = from.extensionEnd;
  to.isTwoByte = from.isTwoByte;
}
