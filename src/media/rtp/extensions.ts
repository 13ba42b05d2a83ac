/**
 * The header extensions that we know: their names in descriptions, the ids we give them towards
 * subscribers, what they say. An id of 0 stands for an extension that was not negotiated, and is
 * never found.
 */
import { byteAt, uint16At } from "./bytes.ts";
import type { RtpPacket } from "./packet.ts";

/** As a=extmap names them (RFC 8285, section 5). */
export const EXTENSION_URIS = {
  absSendTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  transportCc: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  mid: "urn:ietf:params:rtp-hdrext:sdes:mid",
  rid: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  repairedRid: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
  audioLevel: "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  videoOrientation: "urn:3gpp:video-orientation",
  dependencyDescriptor:
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
} as const;

/** An extension that we know. */
export type ExtensionName = keyof typeof EXTENSION_URIS;

/** The same towards every subscriber, so that one rewritten packet serves all of them. */
export const SUBSCRIBER_EXTENSION_IDS = {
  absSendTime: 2,
  videoOrientation: 3,
  audioLevel: 12,
  dependencyDescriptor: 13,
} as const;

const MODULO_24_BITS = 2 ** 24;

/** How far below the loudest: 0 to 127 (silence) decibels (RFC 6464); -1: it does not say. */
export function readAudioLevel(packet: RtpPacket, id: number): number {
  const at = packet.findExtension(id);
  return at < 0 || packet.foundLength === 0 ? -1 : byteAt(packet.bytes, at) & 0x7f;
}

/** Whether the sender believes that there is a voice in it (RFC 6464). */
export function readVoiceActivity(packet: RtpPacket, id: number): boolean {
  const at = packet.findExtension(id);
  return at >= 0 && packet.foundLength > 0 && (byteAt(packet.bytes, at) & 0x80) !== 0;
}

/** The sequence number of the whole transport, 16 bits; -1: it does not say. */
export function readTransportSequenceNumber(packet: RtpPacket, id: number): number {
  const at = packet.findExtension(id);
  return at < 0 || packet.foundLength < 2 ? -1 : uint16At(packet.bytes, at);
}

/** A mid or rid: letters, digits and other visible ASCII (RFC 8852, RFC 9143). */
export function readText(packet: RtpPacket, id: number): string | undefined {
  const at = packet.findExtension(id);
  if (at < 0 || packet.foundLength === 0) return undefined;
  let text = "";
  for (let index = at; index < at + packet.foundLength; index++) {
    const code = byteAt(packet.bytes, index);
    if (code <= 0x20 || code >= 0x7f) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}

/** When a packet is sent, of a clock in milliseconds: 24 bits, seconds with 18 bits behind the point. */
export function toAbsSendTime(ms: number): number {
  return Math.floor(ms * 2 ** 18 / 1000) % MODULO_24_BITS;
}
