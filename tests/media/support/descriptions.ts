/** Descriptions as a browser would write them, as short as they can be, for tests without a browser. */

const FINGERPRINT = Array(32).fill("0A").join(":");

/** An m-line to be offered. */
export type OfferedMedia = {
  readonly mid: string;
  readonly kind: "audio" | "video";
  /** Default `sendonly`. */
  readonly direction?: "sendonly" | "recvonly" | "inactive";
  /** Default none. */
  readonly rids?: readonly string[];
  /** Default none. */
  readonly ssrc?: number;
  /** Of what repairs it. Default none. */
  readonly rtxSsrc?: number;
};

/** Payload types and extension ids that the offers have. */
export const OFFERED = {
  opus: 111,
  vp8: 96,
  rtx: 97,
  extensions: { mid: 4, rid: 10, repairedRid: 11, audioLevel: 1, transportCc: 3 },
} as const;

/** An offer with these m-lines; another `usernameFragment` is another connection. */
export function offerOf(
  usernameFragment: string,
  media: readonly OfferedMedia[],
  { hasData = false }: { hasData?: boolean } = {},
): string {
  const mids = [...media.map(({ mid }) => mid), ...(hasData ? ["data"] : [])];
  return lines([
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mids.join(" ")}`,
    "a=extmap-allow-mixed",
    ...media.flatMap((one) => [
      `m=${one.kind} 9 UDP/TLS/RTP/SAVPF ${
        one.kind === "audio" ? OFFERED.opus : `${OFFERED.vp8} ${OFFERED.rtx}`
      }`,
      "c=IN IP4 0.0.0.0",
      `a=mid:${one.mid}`,
      ...transport(usernameFragment, "actpass"),
      ...extensions(),
      `a=${one.direction ?? "sendonly"}`,
      "a=rtcp-mux",
      ...codecs(one.kind),
      ...(one.rids ?? []).map((rid) => `a=rid:${rid} send`),
      ...(one.rids === undefined ? [] : [`a=simulcast:send ${one.rids.join(";")}`]),
      ...(one.ssrc !== undefined && one.rtxSsrc !== undefined
        ? [`a=ssrc-group:FID ${one.ssrc} ${one.rtxSsrc}`]
        : []),
      ...[one.ssrc, one.rtxSsrc].filter((ssrc) => ssrc !== undefined)
        .map((ssrc) => `a=ssrc:${ssrc} cname:c`),
    ]),
    ...(hasData
      ? [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=mid:data",
        ...transport(usernameFragment, "actpass"),
        "a=sctp-port:5000",
        "a=max-message-size:262144",
      ]
      : []),
  ]);
}

/** An answer to `offer` that takes every m-line. */
export function answerTo(offer: string, usernameFragment: string): string {
  const sections = offer.split(/\r\n(?=m=)/).slice(1);
  const mids = sections.map((section) => /a=mid:(\S+)/.exec(section)?.[1] ?? "");
  return lines([
    "v=0",
    "o=- 2 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mids.join(" ")}`,
    ...sections.flatMap((section, index) => [
      section.split("\r\n")[0] ?? "",
      "c=IN IP4 0.0.0.0",
      `a=mid:${mids[index]}`,
      ...transport(usernameFragment, "active"),
      "a=recvonly",
      "a=rtcp-mux",
      ...section.split("\r\n").filter((line) => /^a=(rtpmap|fmtp|rtcp-fb|extmap):/.test(line)),
    ]),
  ]);
}

function transport(usernameFragment: string, setup: string): string[] {
  return [
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${"p".repeat(24)}`,
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    `a=setup:${setup}`,
  ];
}

function extensions(): string[] {
  const { mid, rid, repairedRid, audioLevel, transportCc } = OFFERED.extensions;
  return [
    `a=extmap:${audioLevel} urn:ietf:params:rtp-hdrext:ssrc-audio-level`,
    `a=extmap:${transportCc} ` +
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    `a=extmap:${mid} urn:ietf:params:rtp-hdrext:sdes:mid`,
    `a=extmap:${rid} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`,
    `a=extmap:${repairedRid} urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id`,
  ];
}

function codecs(kind: OfferedMedia["kind"]): string[] {
  if (kind === "audio") return [`a=rtpmap:${OFFERED.opus} opus/48000/2`];
  return [
    `a=rtpmap:${OFFERED.vp8} VP8/90000`,
    `a=rtcp-fb:${OFFERED.vp8} nack`,
    `a=rtcp-fb:${OFFERED.vp8} nack pli`,
    `a=rtcp-fb:${OFFERED.vp8} transport-cc`,
    `a=rtpmap:${OFFERED.rtx} rtx/90000`,
    `a=fmtp:${OFFERED.rtx} apt=${OFFERED.vp8}`,
  ];
}

function lines(all: readonly string[]): string {
  return `${all.join("\r\n")}\r\n`;
}
