/**
 * The answer to a publisher (rules PB1, PB2): each m-line with the first codec of its order that we
 * forward, under the client's own numbers, so that its packets arrive as the SFU expects them.
 */
import type { ExtensionName } from "../rtp/extensions.ts";
import { type AnswerOptions, type SectionAnswer, writeAnswer } from "./answer_text.ts";
import { chooseCodecs, type ChosenCodec } from "./codec_choice.ts";
import { codecLines, extensionLines, formatsOf } from "./codec_lines.ts";
import { chooseExtensions } from "./extension_choice.ts";
import type { MediaSection } from "./media_section.ts";
import type { NegotiatedMedia } from "./negotiated_media.ts";
import { pairSources } from "./source_pairs.ts";

/** The layers that are taken of one m-line; a browser sends 3 at most. */
const MAX_LAYERS = 4;
/** A publisher adapts to the feedback of the whole transport; of two estimates it takes the lower. */
const TRANSPORT_FEEDBACK = "transport-cc";
const FEEDBACK: ReadonlySet<string> = new Set([
  ...["nack", "nack pli", "ccm fir"],
  TRANSPORT_FEEDBACK,
]);
const AUDIO_EXTENSIONS: readonly ExtensionName[] = ["absSendTime", "mid", "audioLevel"];
const VIDEO_EXTENSIONS: readonly ExtensionName[] = [
  ...["absSendTime", "mid", "rid", "repairedRid", "videoOrientation"] as const,
];

/** What an answer to a publisher is made of. */
export type PublisherAnswerOptions = AnswerOptions & {
  /** Tags of the m-lines that may send; the others are kept and carry nothing. Default: all. */
  readonly wanted?: ReadonlySet<string> | undefined;
  /** Bound on what each video m-line sends (b=AS). Default: none. */
  readonly maxVideoKbps?: number | undefined;
};

/** The answer, and what comes of it. */
export type PublisherAnswer = {
  readonly sdp: string;
  /** What is sent from now on. */
  readonly media: readonly NegotiatedMedia[];
  /** Whether the connection has a data channel. */
  readonly hasData: boolean;
};

/** Answers a publisher. What cannot be taken is rejected in it, as RFC 3264 has it. */
export function answerPublisher(options: PublisherAnswerOptions): PublisherAnswer {
  const { wanted, maxVideoKbps } = options;
  const media = new Map<string, NegotiatedMedia>();
  const text = writeAnswer(options, (section) => {
    const [codec] = chooseCodecs(section);
    if (codec === undefined) return undefined;
    const isSent = section.direction === "sendonly" || section.direction === "sendrecv";
    const isTaken = isSent && (wanted?.has(section.mid) ?? true);
    const negotiated = negotiate(section, codec);
    if (isTaken) media.set(section.mid, negotiated.media);
    return {
      ...negotiated.answer,
      lines: [isTaken ? "a=recvonly" : "a=inactive", ...negotiated.answer.lines],
      maxKbps: section.kind === "video" ? maxVideoKbps : undefined,
    };
  });
  const ordered = options.offer.media.flatMap(({ mid }) => media.get(mid) ?? []);
  return { ...text, media: ordered };
}

function negotiate(
  section: MediaSection,
  { name, offered }: ChosenCodec,
): { media: NegotiatedMedia; answer: SectionAnswer } {
  const kind = section.kind === "video" ? "video" : "audio";
  const { payloadType, rtxPayloadType } = offered;
  const isRepeated = kind === "video" && rtxPayloadType !== undefined;
  const feedback = offered.feedback.filter((one) =>
    kind === "video" ? FEEDBACK.has(one) : one === TRANSPORT_FEEDBACK
  );
  const extensions = chooseExtensions(section.extensions, extensionsFor(kind, name, feedback));
  const { ids } = extensions;
  const rids = ids.mid !== 0 && ids.rid !== 0 ? layersOf(section, payloadType) : [];
  const codec = { ...offered, feedback, rtxPayloadType: isRepeated ? rtxPayloadType : undefined };
  return {
    media: {
      mid: section.mid,
      kind,
      codec: { name, payloadType, ...(isRepeated ? { rtxPayloadType } : {}) },
      extensionIds: ids,
      rids,
      ...pairSources(section),
    },
    answer: {
      formats: formatsOf([codec]),
      lines: [
        ...extensionLines(extensions.offered),
        "a=rtcp-mux",
        "a=rtcp-rsize",
        ...codecLines(codec),
        ...rids.map((rid) => `a=rid:${rid} recv`),
        ...(rids.length > 0 ? [`a=simulcast:recv ${rids.join(";")}`] : []),
      ],
    },
  };
}

/**
 * Chromium leaves the picture numbers of VP8 out where it may send a dependency descriptor, and we
 * need them to switch layers; so that is taken for the codecs alone that tell their layers by it.
 */
function extensionsFor(
  kind: "audio" | "video",
  name: string,
  feedback: readonly string[],
): ReadonlySet<ExtensionName> {
  const names = new Set(kind === "video" ? VIDEO_EXTENSIONS : AUDIO_EXTENSIONS);
  if (name === "AV1" || name === "VP9") names.add("dependencyDescriptor");
  if (feedback.includes(TRANSPORT_FEEDBACK)) names.add("transportCc");
  return names;
}

/** The layers that may be sent with the codec, as the offer orders them. */
function layersOf({ rids, simulcast }: MediaSection, payloadType: number): string[] {
  const sent = new Set(
    rids.filter(({ direction, payloadTypes }) =>
      direction === "send" && (payloadTypes.length === 0 || payloadTypes.includes(payloadType))
    ).map(({ rid }) => rid),
  );
  return [...new Set(simulcast?.send)].filter((rid) => sent.has(rid)).slice(0, MAX_LAYERS);
}
