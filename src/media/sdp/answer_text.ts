/**
 * The frame that all answers share: an m-line for each of the offer, in its order, rejected where it
 * cannot be carried (RFC 3264, section 6). What the others say comes from who answers.
 */
import type { Description } from "./description.ts";
import {
  headLines,
  joinLines,
  type LocalDescription,
  rejectedLines,
  sessionLines,
  transportLines,
} from "./local.ts";
import type { MediaSection } from "./media_section.ts";

/** The port of SCTP that the native engine speaks; browsers offer no other. */
const SCTP_PORT = 5_000;
/** Larger messages the engine does not take (RFC 8841, section 6). */
const MAX_MESSAGE_BYTES = 262_144;
const DATA_CHANNEL = "webrtc-datachannel";

/** What an answer says to one m-line of audio or video. */
export type SectionAnswer = {
  readonly formats: readonly (number | string)[];
  /** What stands below the transport. */
  readonly lines: readonly string[];
  /** b=AS. Default: none. */
  readonly maxKbps?: number | undefined;
};

/** What an answer is written for. */
export type AnswerOptions = {
  readonly offer: Description;
  readonly local: LocalDescription;
  /** Larger with each description of a connection. */
  readonly version: number;
};

/** What was written. */
export type AnswerText = {
  readonly sdp: string;
  /** Whether it takes a data channel. */
  readonly hasData: boolean;
};

/** Writes an answer; `answer` is asked for each m-line of audio or video that can be carried. */
export function writeAnswer(
  { offer, local, version }: AnswerOptions,
  answer: (section: MediaSection) => SectionAnswer | undefined,
): AnswerText {
  const answers = new Map<MediaSection, SectionAnswer>();
  let hasData = false;
  for (const section of carriedBy(offer)) {
    const isData = section.kind === "application";
    const one = isData ? answerData(section, hasData) : answer(section);
    if (one === undefined) continue;
    hasData ||= isData;
    answers.set(section, one);
  }
  const accepted = [...answers.keys()].map(({ mid }) => mid);
  const lines = offer.media.flatMap((section) => {
    const one = answers.get(section);
    if (one === undefined) return rejectedLines(section);
    return [
      ...headLines({ ...section, formats: one.formats }, one.maxKbps),
      ...transportLines(local, { setup: "passive", leads: section.mid === accepted[0] }),
      ...one.lines,
    ];
  });
  const { allowsMixedExtensions } = offer;
  const bundle = offer.bundle.length > 0 ? accepted : [];
  return {
    sdp: joinLines([...sessionLines({ version, bundle, allowsMixedExtensions }), ...lines]),
    hasData,
  };
}

/** The m-lines that our one transport can carry, its leader first. */
function carriedBy({ media, bundle }: Description): MediaSection[] {
  const live = media.filter(({ isRejected }) => !isRejected);
  const tags = bundle.length > 0 ? bundle : live.slice(0, 1).map(({ mid }) => mid);
  const byTag = new Map(live.map((section) => [section.mid, section]));
  return tags.map((tag) => byTag.get(tag)!) // A description groups only tags that it has.
    .filter(({ kind, hasRtcpMux }) => kind === "application" || hasRtcpMux);
}

/** One data channel suffices a connection. */
function answerData(
  { formats, sctpPort }: MediaSection,
  hasData: boolean,
): SectionAnswer | undefined {
  if (hasData || sctpPort !== SCTP_PORT || formats[0] !== DATA_CHANNEL) return undefined;
  return {
    formats: [DATA_CHANNEL],
    lines: [`a=sctp-port:${SCTP_PORT}`, `a=max-message-size:${MAX_MESSAGE_BYTES}`],
  };
}
