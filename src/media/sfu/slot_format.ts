/**
 * The numbers by which a receiver knows formats and header extensions. In our own offers they are
 * ours, so a packet needs no change; who offers to us (WHEP) has numbers of its own.
 */
import { type CodecName, CODECS } from "../rtp/codecs.ts";
import { SUBSCRIBER_EXTENSION_IDS } from "../rtp/extensions.ts";
import { buildRtpPacket, RtpPacket } from "../rtp/packet.ts";

/** The numbers of one m-line. */
export type SlotFormat = {
  readonly payloadTypes: { readonly [codec in CodecName]?: number };
  readonly rtxPayloadTypes: { readonly [codec in CodecName]?: number };
  /** Undefined: ours. 0: the receiver does not know that one. */
  readonly extensionIds: { readonly absSendTime: number } | undefined;
};

const names = Object.keys(CODECS) as CodecName[]; // The table's own keys.

/** The numbers of our own offers. */
export const SUBSCRIBER_FORMAT: SlotFormat = {
  payloadTypes: Object.fromEntries(names.map((name) => [name, CODECS[name].payloadType])),
  rtxPayloadTypes: Object.fromEntries(names.map((name) => [name, CODECS[name].rtxPayloadType])),
  extensionIds: undefined,
};

const packet = new RtpPacket();

/** A copy of a packet of ours with the extension that the receiver knows, and no other. */
export function rewrittenFor(
  { absSendTime }: { absSendTime: number },
  bytes: Uint8Array,
  payloadStart: number,
): Uint8Array {
  packet.read(bytes);
  const at = packet.findExtension(SUBSCRIBER_EXTENSION_IDS.absSendTime);
  const extensions = absSendTime === 0 || at < 0
    ? []
    : [{ id: absSendTime, bytes: bytes.subarray(at, at + packet.foundLength) }];
  const { marker, payloadType, sequenceNumber, timestamp, ssrc } = packet;
  const payload = bytes.subarray(payloadStart);
  return buildRtpPacket({
    marker,
    payloadType,
    sequenceNumber,
    timestamp,
    ssrc,
    extensions,
    payload,
  });
}
