/**
 * The offer to a subscriber (rule SB1) and its answer. Every subscriber gets the same payload types
 * and extension ids, so one rewritten packet serves all; codecs are all offered, for what a section
 * carries changes without another offer.
 */
import { type CodecName, CODECS } from "../rtp/codecs.ts";
import { EXTENSION_URIS, SUBSCRIBER_EXTENSION_IDS } from "../rtp/extensions.ts";
import type { RemoteParameters } from "../sfu/transport.ts";
import { codecLines, extensionLines, formatsOf } from "./codec_lines.ts";
import { parseDescription, remoteParametersOf } from "./description.ts";
import { badDescription } from "./description_line.ts";
import {
  headLines,
  joinLines,
  type LocalDescription,
  sessionLines,
  transportLines,
} from "./local.ts";
import type { MediaSection } from "./media_section.ts";
import { type SentSection, sourceLines } from "./source_lines.ts";

const PROTOCOL = "UDP/TLS/RTP/SAVPF";
const AUDIO_EXTENSIONS = ["absSendTime", "audioLevel"] as const;
const VIDEO_EXTENSIONS = ["absSendTime", "videoOrientation", "dependencyDescriptor"] as const;

/** An m-line that is offered; it stays at its place for the life of the connection. */
export type SubscriberSection = SentSection & { readonly kind: "audio" | "video" };

/** What an offer is made of. */
export type SubscriberOfferOptions = {
  readonly local: LocalDescription;
  /** Larger with each description of a connection. */
  readonly version: number;
  /** Those of the offer before at their places, new ones behind them. At least one. */
  readonly sections: readonly SubscriberSection[];
};

/** What a subscriber agreed to. */
export type SubscriberAnswer = {
  readonly remote: RemoteParameters;
  /** Tags of the m-lines that may be sent into. */
  readonly acceptedMids: ReadonlySet<string>;
  /** By tag, what may be sent, with the payload type of the repair stream; 0: it takes none. */
  readonly codecsByMid: ReadonlyMap<string, ReadonlyMap<CodecName, number>>;
};

/** Offers `sections` to a subscriber. Throws RangeError where there are none. */
export function offerSubscriber({ local, version, sections }: SubscriberOfferOptions): string {
  if (sections.length === 0) throw new RangeError("Cannot offer a connection without an m-line");
  const bundle = sections.map(({ mid }) => mid);
  return joinLines([
    ...sessionLines({ version, bundle, allowsMixedExtensions: true }),
    ...sections.flatMap((section, index) => sectionLines(section, local, index === 0)),
  ]);
}

/**
 * Reads the answer to an offer of the m-lines `mids`. Throws MediaError `bad-description` where it
 * answers another offer, or nothing of it.
 */
export function readSubscriberAnswer(sdp: string, mids: readonly string[]): SubscriberAnswer {
  const answer = parseDescription(sdp);
  const { media } = answer;
  if (media.length !== mids.length) {
    throw badDescription(`it has ${media.length} m-lines, and the offer ${mids.length}`);
  }
  const codecsByMid = new Map<string, ReadonlyMap<CodecName, number>>();
  media.forEach((section, index) => {
    if (section.isRejected) return;
    if (section.mid !== mids[index]) {
      throw badDescription(`m-line ${index + 1} has another a=mid than in the offer`);
    }
    const codecs = takenCodecs(section);
    if (codecs.size > 0) codecsByMid.set(section.mid, codecs);
  });
  const remote = remoteParametersOf(answer);
  if (remote.setup !== "active") {
    throw badDescription("it does not say a=setup:active, and the server is passive");
  }
  if (!answer.isBundled) throw badDescription("its m-lines do not share one transport");
  return { remote, acceptedMids: new Set(codecsByMid.keys()), codecsByMid };
}

/** What may be sent into an m-line; nothing where the subscriber does not receive. */
function takenCodecs({ direction, codecs }: MediaSection): Map<CodecName, number> {
  const taken = new Map<CodecName, number>();
  if (direction !== "recvonly" && direction !== "sendrecv") return taken;
  for (const codec of Object.values(CODECS)) {
    const answered = codecs.find(({ payloadType }) => payloadType === codec.payloadType);
    if (answered?.name.toLowerCase() !== codec.name.toLowerCase()) continue;
    const isRepeated = answered.rtxPayloadType === codec.rtxPayloadType;
    taken.set(codec.name, isRepeated ? codec.rtxPayloadType : 0);
  }
  return taken;
}

function sectionLines(
  section: SubscriberSection,
  local: LocalDescription,
  leads: boolean,
): string[] {
  const { kind, mid } = section;
  const codecs = Object.values(CODECS).filter((codec) => codec.kind === kind);
  const names = kind === "video" ? VIDEO_EXTENSIONS : AUDIO_EXTENSIONS;
  const extensions = names.map((name) => ({
    id: SUBSCRIBER_EXTENSION_IDS[name],
    uri: EXTENSION_URIS[name],
  }));
  return [
    ...headLines({ kind, mid, protocol: PROTOCOL, formats: formatsOf(codecs) }),
    ...transportLines(local, { setup: "actpass", leads }),
    "a=sendonly",
    ...extensionLines(extensions),
    "a=rtcp-mux",
    "a=rtcp-rsize",
    ...codecs.flatMap(codecLines),
    ...sourceLines(section, kind === "video"),
  ];
}
