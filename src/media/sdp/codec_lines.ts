/** The lines of codecs and header extensions below an m-line that we write. */
import type { ExtensionOffer } from "./media_section.ts";

/** A codec as it is written. */
export type WrittenCodec = {
  readonly payloadType: number;
  readonly name: string;
  readonly clockRate: number;
  /** 0: not said. */
  readonly channels: number;
  /** Empty: not said. */
  readonly fmtp: string;
  readonly feedback: readonly string[];
  /** `undefined` or 0: no repair stream. */
  readonly rtxPayloadType: number | undefined;
};

/** The payload types of codecs and their repair streams, for the m-line. */
export function formatsOf(codecs: readonly WrittenCodec[]): number[] {
  return codecs.flatMap(({ payloadType, rtxPayloadType }) =>
    rtxPayloadType ? [payloadType, rtxPayloadType] : [payloadType]
  );
}

/** a=rtpmap, a=rtcp-fb and a=fmtp of a codec and of its repair stream. */
export function codecLines(codec: WrittenCodec): string[] {
  const { payloadType, name, clockRate, channels, fmtp, feedback, rtxPayloadType } = codec;
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels > 0 ? `/${channels}` : ""}`,
    ...feedback.map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    ...(fmtp === "" ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    ...(rtxPayloadType
      ? [
        `a=rtpmap:${rtxPayloadType} rtx/${clockRate}`,
        `a=fmtp:${rtxPayloadType} apt=${payloadType}`,
      ]
      : []),
  ];
}

/** a=extmap of each. */
export function extensionLines(extensions: readonly ExtensionOffer[]): string[] {
  return extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`);
}
