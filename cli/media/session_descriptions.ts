/** The offers of `whip` and `whep`: one codec to be sent, or every one to be received. */
import { type CodecName, CODECS } from "../../src/media/rtp/codecs.ts";
import { EXTENSION_URIS } from "../../src/media/rtp/extensions.ts";
import { codecLines, formatsOf } from "../../src/media/sdp/codec_lines.ts";
import {
  type ClientSide,
  commonLines,
  EXTENSION_IDS,
  sessionLines,
  textOf,
} from "./client_descriptions.ts";

/** An m-line to send in. */
export type SentLine = {
  readonly mid: string;
  readonly codec: CodecName;
  readonly ssrc: number;
  /** 0: it is sound, and nothing of it is repeated. */
  readonly rtxSsrc: number;
};

/** The offer of a WHIP client (RFC 9725, section 4.2). */
export function whipOffer(
  client: ClientSide,
  { lines, cname }: { readonly lines: readonly SentLine[]; readonly cname: string },
): string {
  return textOf([
    ...sessionLines(1, lines.map(({ mid }) => mid)),
    ...lines.flatMap(({ mid, codec, ssrc, rtxSsrc }) => [
      ...headOf(client, mid, [codec]),
      "a=sendonly",
      `a=msid:${cname} ${mid}`,
      `a=extmap:${EXTENSION_IDS.mid} ${EXTENSION_URIS.mid}`,
      ...codecLines(written(codec)),
      ...(rtxSsrc === 0 ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
      ...[ssrc, rtxSsrc].filter((one) => one !== 0).map((one) => `a=ssrc:${one} cname:${cname}`),
    ]),
  ]);
}

/** The offer of a WHEP client: so many sounds and as many pictures. */
export function whepOffer(client: ClientSide, { pairs }: { readonly pairs: number }): string {
  const pictures = (Object.keys(CODECS) as CodecName[]) // It is a record of exactly these.
    .filter((name) => CODECS[name].kind === "video");
  const lines = Array.from({ length: pairs }, () => [["opus"], pictures] as CodecName[][]).flat();
  return textOf([
    ...sessionLines(1, lines.map((_, index) => `${index}`)),
    ...lines.flatMap((codecs, index) => [
      ...headOf(client, `${index}`, codecs),
      "a=recvonly",
      ...codecs.flatMap((codec) => codecLines(written(codec))),
    ]),
  ]);
}

function headOf(client: ClientSide, mid: string, codecs: readonly CodecName[]): string[] {
  const kind = CODECS[codecs[0]!].kind;
  const formats = formatsOf(codecs.map(written)).join(" ");
  return [`m=${kind} 9 UDP/TLS/RTP/SAVPF ${formats}`, ...commonLines(client, mid, "actpass")];
}

function written(codec: CodecName) {
  return CODECS[codec];
}
