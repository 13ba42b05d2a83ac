/** What a browser has agreed to send, and publications of it, for tests of what publishers do. */
import type { TrackSource, UserId } from "../../../src/protocol/mod.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { NegotiatedMedia } from "../../../src/media/sdp/negotiated_media.ts";
import { Publication } from "../../../src/media/sfu/publication.ts";

const ids = {
  ...{ absSendTime: 0, transportCc: 3, mid: 4, rid: 5, repairedRid: 6, audioLevel: 1 },
  ...{ videoOrientation: 0, dependencyDescriptor: 0 },
};

/** A camera in two sizes, which its packets name. */
export const CAMERA: NegotiatedMedia = {
  ...{ mid: "1", kind: "video", extensionIds: ids, rids: ["l", "h"], ssrcs: [], rtxSsrcs: [] },
  codec: { name: "VP8", payloadType: 100, rtxPayloadType: 101 },
};
/** A screen whose SSRCs are declared. */
export const SCREEN: NegotiatedMedia = {
  ...{ ...CAMERA, mid: "2", rids: [], ssrcs: [600], rtxSsrcs: [601] },
};
/** A microphone, likewise. */
export const MICROPHONE: NegotiatedMedia = {
  ...{ mid: "0", kind: "audio", extensionIds: ids, rids: [], ssrcs: [500], rtxSsrcs: [] },
  codec: { name: "opus", payloadType: 111, rtxPayloadType: 0 },
};

let tracks = 0;

/** A publication of it. */
export function publicationOf(media: NegotiatedMedia, source: TrackSource): Publication {
  const userId = "ann" as UserId; // A good user id.
  return new Publication({ trackId: `${++tracks}`, userId, source, media, qualitiesChanged() {} });
}

/** A packet that names these. */
export function packetOf(
  { ssrc, payloadType, ...names }: {
    readonly ssrc: number;
    readonly payloadType: number;
    readonly mid?: string;
    readonly rid?: string;
    readonly repairedRid?: string;
  },
): RtpPacket {
  const extensions = Object.entries(names).map(([name, value]) => ({
    id: ids[name as keyof typeof names], // They are their names.
    bytes: new TextEncoder().encode(value),
  }));
  const packet = new RtpPacket();
  const fields = { sequenceNumber: 1, timestamp: 1, payload: Uint8Array.of(1) };
  if (!packet.read(buildRtpPacket({ ssrc, payloadType, ...fields, extensions }))) {
    throw new Error("It was written here");
  }
  return packet;
}
