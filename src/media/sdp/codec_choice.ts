/**
 * Which of the codecs that a client offers we forward. A packet that one client sends is decoded by
 * others, so parameters that change the bitstream have to be those of the table in `rtp/codecs.ts`.
 */
import { type CodecName, CODECS } from "../rtp/codecs.ts";
import type { CodecOffer, MediaSection } from "./media_section.ts";

/** An offered codec that we forward. */
export type ChosenCodec = { readonly name: CodecName; readonly offered: CodecOffer };

/** How well an offered codec fits: 0 not at all, 2 as we would have it. */
type Fitness = 0 | 1 | 2;

/** RFC 6184, section 8.1: profile_idc 66, Baseline. */
const H264_BASELINE = "42";
/** constraint_set1_flag of profile-iop: Constrained Baseline, which every browser decodes. */
const H264_CONSTRAINED = 0x40;

/**
 * Those of an m-line that we forward, in its order of preference; of several with one name, the one
 * that fits best.
 */
export function chooseCodecs({ kind, codecs }: MediaSection): ChosenCodec[] {
  const chosen = new Map<CodecName, { codec: ChosenCodec; fitness: Fitness }>();
  for (const offered of codecs) {
    const name = nameOf(kind, offered);
    const fitness = name === undefined ? 0 : fitnessOf(name, offered.fmtp);
    if (name === undefined || fitness <= (chosen.get(name)?.fitness ?? 0)) continue;
    chosen.set(name, { codec: { name, offered }, fitness });
  }
  return [...chosen.values()].map(({ codec }) => codec);
}

function nameOf(kind: string, offered: CodecOffer): CodecName | undefined {
  const name = offered.name.toLowerCase();
  return Object.values(CODECS).find((codec) =>
    codec.kind === kind && codec.name.toLowerCase() === name &&
    codec.clockRate === offered.clockRate && codec.channels === offered.channels
  )?.name;
}

function fitnessOf(name: CodecName, fmtp: string): Fitness {
  switch (name) {
    case "VP9":
      return (parameterOf(fmtp, "profile-id") ?? "0") === "0" ? 2 : 0;
    case "AV1":
      return (parameterOf(fmtp, "profile") ?? "0") === "0" ? 2 : 0;
    case "H264":
      return fitnessOfH264(fmtp);
    default:
      return 2;
  }
}

/** Without packetization-mode=1 no picture could be larger than a packet. */
function fitnessOfH264(fmtp: string): Fitness {
  const profile = parameterOf(fmtp, "profile-level-id") ?? "";
  const isBaseline = /^[0-9a-f]{6}$/i.test(profile) && profile.startsWith(H264_BASELINE);
  if (!isBaseline || parameterOf(fmtp, "packetization-mode") !== "1") return 0;
  return (Number.parseInt(profile.slice(2, 4), 16) & H264_CONSTRAINED) === 0 ? 1 : 2;
}

function parameterOf(fmtp: string, name: string): string | undefined {
  for (const parameter of fmtp.split(";")) {
    const [key, value = ""] = parameter.trim().split("=");
    if (key?.toLowerCase() === name) return value.trim();
  }
  return undefined;
}
