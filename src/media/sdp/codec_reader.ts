/**
 * Collects the codecs of one m-line: a=rtpmap, a=fmtp and a=rtcp-fb (RFC 8866, RFC 4585), and ties
 * repair streams (RFC 4588) to what they repair.
 */
import {
  badLine,
  cutAtSpace,
  type DescriptionLine,
  pushBounded,
  readNumber,
  readPrintable,
  readWord,
} from "./description_line.ts";
import type { CodecOffer } from "./media_section.ts";

const MAX_PAYLOAD_TYPE = 127;
const MAX_CLOCK_RATE = 1_000_000;
const MAX_CHANNELS = 64;
/** Feedback of one codec; Chromium offers 5 kinds. */
const MAX_FEEDBACK = 16;
const REPAIR_TARGET = /(?:^|;)\s*apt=(\d{1,3})\s*(?:;|$)/;

/** A codec while it is read. */
type Draft = {
  payloadType: number;
  name: string;
  clockRate: number;
  channels: number;
  fmtp: string;
  feedback: string[];
};

/** The codecs of one m-line while they are read. */
export class CodecReader {
  /** In the order of preference, which is that of the m-line. */
  readonly #drafts = new Map<number, Draft>();
  /** a=rtcp-fb:* */
  readonly #feedbackOfAll: string[] = [];

  /** The payload types of the m-line. Throws MediaError. */
  constructor(line: DescriptionLine, formats: readonly string[]) {
    for (const format of formats) {
      const payloadType = readPayloadType(line, format);
      if (this.#drafts.has(payloadType)) {
        throw badLine(line, `payload type ${payloadType} stands there twice`);
      }
      const nothing = { name: "", clockRate: 0, channels: 0, fmtp: "", feedback: [] };
      this.#drafts.set(payloadType, { payloadType, ...nothing });
    }
  }

  /** Takes an attribute; false: it is none of codecs. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): boolean {
    if (name !== "rtpmap" && name !== "fmtp" && name !== "rtcp-fb") return false;
    const [numberText, text] = cutAtSpace(value);
    if (name === "rtcp-fb" && numberText === "*") {
      takeFeedback(line, this.#feedbackOfAll, text);
      return true;
    }
    const draft = this.#drafts.get(readPayloadType(line, numberText));
    if (draft === undefined) return true; // Of a payload type that the m-line does not have.
    if (name === "rtpmap") takeMapping(line, draft, text);
    else if (name === "fmtp") draft.fmtp = readPrintable(line, text, "a=fmtp");
    else takeFeedback(line, draft.feedback, text);
    return true;
  }

  /** Those that have a name; repair streams stand with what they repair. */
  finish(): CodecOffer[] {
    const repairs = new Map<number, number>();
    for (const { name, fmtp, payloadType } of this.#drafts.values()) {
      if (name.toLowerCase() !== "rtx") continue;
      const target = Number(REPAIR_TARGET.exec(fmtp)?.[1] ?? Number.NaN);
      if (!repairs.has(target)) repairs.set(target, payloadType);
    }
    return [...this.#drafts.values()]
      .filter(({ name }) => name !== "" && name.toLowerCase() !== "rtx")
      .map((draft) => ({
        ...draft,
        feedback: [...draft.feedback, ...this.#feedbackOfAll],
        rtxPayloadType: repairs.get(draft.payloadType),
      }));
  }
}

function takeMapping(line: DescriptionLine, draft: Draft, text: string): void {
  if (draft.name !== "") {
    throw badLine(line, `a=rtpmap:${draft.payloadType} stands there twice`);
  }
  const [name, clockRate, channels] = text.trimEnd().split("/");
  draft.name = readWord(line, name, "the codec of a=rtpmap");
  draft.clockRate = readNumber(line, clockRate, {
    max: MAX_CLOCK_RATE,
    what: "the clock rate of a=rtpmap",
  });
  if (channels !== undefined) {
    draft.channels = readNumber(line, channels, {
      max: MAX_CHANNELS,
      what: "the channels of a=rtpmap",
    });
  }
}

function takeFeedback(line: DescriptionLine, feedback: string[], text: string): void {
  pushBounded(line, feedback, {
    entry: readPrintable(line, text.trimEnd(), "a=rtcp-fb"),
    max: MAX_FEEDBACK,
    what: "kinds of feedback of one codec",
  });
}

function readPayloadType(line: DescriptionLine, text: string): number {
  return readNumber(line, text, { max: MAX_PAYLOAD_TYPE, what: "a payload type" });
}
