/**
 * The descriptions of a synthetic participant: the offer of what it publishes and the answer to what
 * it is to receive, as a browser would write them for Opus and VP8.
 */
import { EXTENSION_URIS } from "../../src/media/rtp/extensions.ts";
import type { MediaSection } from "../../src/media/sdp/media_section.ts";
import type { Fingerprint, IceParameters } from "../../src/media/sfu/transport.ts";

/** Payload types of the offers. */
export const PAYLOAD_TYPES = { opus: 111, vp8: 96, rtx: 97 } as const;
/** Header extensions of the offers. */
export const EXTENSION_IDS = { audioLevel: 1, mid: 4 } as const;

/** What the sound says in the latter (RFC 6464): a voice, 40 dB below the loudest. */
export const AUDIO_LEVEL = 0x80 | 40;

/** The side of the participant. */
export type ClientSide = { readonly ice: IceParameters; readonly fingerprint: Fingerprint };

/** An m-line to be published. */
export type PublishedLine = {
  readonly mid: string;
  readonly isVideo: boolean;
  readonly ssrc: number;
  /** Of a picture. */
  readonly rtxSsrc: number;
};

/** An offer to publish. */
export function publisherOffer(
  client: ClientSide,
  { lines, version, cname }: {
    readonly lines: readonly PublishedLine[];
    readonly version: number;
    readonly cname: string;
  },
): string {
  return textOf([
    ...sessionLines(version, lines.map(({ mid }) => mid)),
    ...lines.flatMap(({ mid, isVideo, ssrc, rtxSsrc }) => [
      `m=${isVideo ? "video" : "audio"} 9 UDP/TLS/RTP/SAVPF ${formatsOf(isVideo)}`,
      ...commonLines(client, mid, "actpass"),
      "a=sendonly",
      `a=msid:${cname} ${mid}`,
      `a=extmap:${EXTENSION_IDS.mid} ${EXTENSION_URIS.mid}`,
      ...(isVideo ? [] : [`a=extmap:${EXTENSION_IDS.audioLevel} ${EXTENSION_URIS.audioLevel}`]),
      ...codecLines(isVideo),
      ...(isVideo ? [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`] : []),
      `a=ssrc:${ssrc} cname:${cname}`,
      ...(isVideo ? [`a=ssrc:${rtxSsrc} cname:${cname}`] : []),
    ]),
  ]);
}

/** The answer to an offer with these m-lines: all of them, Opus and VP8. */
export function receiverAnswer(
  client: ClientSide,
  { media, version }: { readonly media: readonly MediaSection[]; readonly version: number },
): string {
  return textOf([
    ...sessionLines(version, media.map(({ mid }) => mid)),
    ...media.flatMap(({ mid, kind, extensions }) => [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${formatsOf(kind === "video")}`,
      ...commonLines(client, mid, "active"),
      "a=recvonly",
      ...extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      ...codecLines(kind === "video"),
    ]),
  ]);
}

/** The lines of the session, ahead of the m-lines with these tags. */
export function sessionLines(version: number, mids: readonly string[]): string[] {
  return [
    "v=0",
    `o=- 1 ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mids.join(" ")}`,
    "a=extmap-allow-mixed",
  ];
}

/** What every m-line says of its transport. */
export function commonLines(
  { ice, fingerprint }: ClientSide,
  mid: string,
  setup: string,
): string[] {
  return [
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    "a=rtcp-mux",
    "a=rtcp-rsize",
  ];
}

function formatsOf(isVideo: boolean): string {
  return isVideo ? `${PAYLOAD_TYPES.vp8} ${PAYLOAD_TYPES.rtx}` : `${PAYLOAD_TYPES.opus}`;
}

function codecLines(isVideo: boolean): string[] {
  const { opus, vp8, rtx } = PAYLOAD_TYPES;
  if (!isVideo) {
    return [`a=rtpmap:${opus} opus/48000/2`, `a=fmtp:${opus} minptime=10;useinbandfec=1`];
  }
  return [
    `a=rtpmap:${vp8} VP8/90000`,
    `a=rtcp-fb:${vp8} nack`,
    `a=rtcp-fb:${vp8} nack pli`,
    `a=rtcp-fb:${vp8} ccm fir`,
    `a=rtcp-fb:${vp8} goog-remb`,
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${vp8}`,
  ];
}

/** The text of a description. */
export function textOf(lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n`;
}
