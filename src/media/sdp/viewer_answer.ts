/**
 * The answer to a viewer that offers its own m-lines to be filled (WHEP): all codecs that we forward
 * and it takes, under its own numbers, and the sources that will fill them.
 */
import { type CodecName, CODECS } from "../rtp/codecs.ts";
import type { ExtensionName } from "../rtp/extensions.ts";
import { type AnswerOptions, type SectionAnswer, writeAnswer } from "./answer_text.ts";
import { chooseCodecs } from "./codec_choice.ts";
import { codecLines, extensionLines, formatsOf } from "./codec_lines.ts";
import { chooseExtensions } from "./extension_choice.ts";
import type { MediaSection } from "./media_section.ts";
import type { ViewedMedia } from "./negotiated_media.ts";
import { type SentSection, sourceLines } from "./source_lines.ts";

const EXTENSIONS: Record<"audio" | "video", ReadonlySet<ExtensionName>> = {
  audio: new Set(["absSendTime", "audioLevel"]),
  video: new Set(["absSendTime", "videoOrientation", "dependencyDescriptor"]),
};

/** What an answer to a viewer is made of. */
export type ViewerAnswerOptions = AnswerOptions & {
  /** What is sent, by the tags of the offer; other m-lines are kept and carry nothing. */
  readonly sections: readonly SentSection[];
};

/** The answer, and what comes of it. */
export type ViewerAnswer = {
  readonly sdp: string;
  /** The m-lines that may be sent into, in the order of the offer. */
  readonly media: readonly ViewedMedia[];
  /** Whether the connection has a data channel. */
  readonly hasData: boolean;
};

/** Answers a viewer. What cannot be sent is rejected in it, as RFC 3264 has it. */
export function answerViewer(options: ViewerAnswerOptions): ViewerAnswer {
  const sections = new Map(options.sections.map((section) => [section.mid, section]));
  const media = new Map<string, ViewedMedia>();
  const text = writeAnswer(options, (section) => {
    const isTaken = section.direction === "recvonly" || section.direction === "sendrecv";
    const sent = isTaken ? sections.get(section.mid) : undefined;
    const negotiated = negotiate(section, sent);
    if (negotiated !== undefined && sent !== undefined) media.set(section.mid, negotiated.media);
    return negotiated?.answer;
  });
  const ordered = options.offer.media.flatMap(({ mid }) => media.get(mid) ?? []);
  return { ...text, media: ordered };
}

function negotiate(
  section: MediaSection,
  sent: SentSection | undefined,
): { media: ViewedMedia; answer: SectionAnswer } | undefined {
  const kind = section.kind === "video" ? "video" : "audio";
  const codecs = chooseCodecs(section).map(({ name, offered }) => ({
    ...offered,
    codec: name,
    feedback: offered.feedback.filter((one) => CODECS[name].feedback.includes(one)),
    rtxPayloadType: kind === "video" ? offered.rtxPayloadType : undefined,
  }));
  if (codecs.length === 0) return undefined;
  const extensions = chooseExtensions(section.extensions, EXTENSIONS[kind]);
  const payloadTypes: Partial<Record<CodecName, number>> = {};
  const rtxPayloadTypes: Partial<Record<CodecName, number>> = {};
  for (const { codec, payloadType, rtxPayloadType } of codecs) {
    payloadTypes[codec] = payloadType;
    if (rtxPayloadType !== undefined) rtxPayloadTypes[codec] = rtxPayloadType;
  }
  const hasRepair = Object.keys(rtxPayloadTypes).length > 0;
  return {
    media: { mid: section.mid, kind, payloadTypes, rtxPayloadTypes, extensionIds: extensions.ids },
    answer: {
      formats: formatsOf(codecs),
      lines: [
        sent === undefined ? "a=inactive" : "a=sendonly",
        ...extensionLines(extensions.offered),
        "a=rtcp-mux",
        "a=rtcp-rsize",
        ...codecs.flatMap(codecLines),
        ...(sent === undefined ? [] : sourceLines(sent, hasRepair)),
      ],
    },
  };
}
