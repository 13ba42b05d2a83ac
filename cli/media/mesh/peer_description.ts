/**
 * The descriptions that a headless participant exchanges with another one, or with the server: what
 * theirs say of each m-line, and ours, with every codec that can be received and the one that is sent.
 */
import { type CodecName, CODECS } from "../../../src/media/rtp/codecs.ts";
import { EXTENSION_URIS } from "../../../src/media/rtp/extensions.ts";
import { chooseCodecs, type ChosenCodec } from "../../../src/media/sdp/codec_choice.ts";
import { codecLines, formatsOf, type WrittenCodec } from "../../../src/media/sdp/codec_lines.ts";
import { type Description, parseDescription } from "../../../src/media/sdp/description.ts";
import type { MediaSection } from "../../../src/media/sdp/media_section.ts";
import type { DtlsSetup, RemoteParameters } from "../../../src/media/sfu/transport.ts";
import type { TrackSource } from "../../../src/protocol/mod.ts";
import {
  type ClientSide,
  commonLines,
  EXTENSION_IDS,
  sessionLines,
  textOf,
} from "../client_descriptions.ts";
import { DescriptionError } from "../server_description.ts";

/** What a participant may send, in the order of the m-lines of its offer. */
export const SOURCES = ["microphone", "camera", "screen", "screen-sound"] as const;

/** What is sent in an m-line of ours. */
export type SentSource = {
  readonly codec: CodecName;
  readonly ssrc: number;
  /** 0: nothing is repeated. */
  readonly rtxSsrc: number;
};

/** A codec that both sides have agreed on. */
export type AgreedCodec = {
  readonly name: CodecName;
  readonly payloadType: number;
  /** 0: there is none. */
  readonly rtxPayloadType: number;
};

/** An m-line of theirs. */
export type PeerLine = {
  readonly mid: string;
  readonly isVideo: boolean;
  /** It carries nothing, and never will. */
  readonly isRejected: boolean;
  /** Those of theirs that we know, theirs to choose from. */
  readonly codecs: readonly AgreedCodec[];
  readonly sources: readonly { readonly ssrc: number; readonly rtxSsrc: number }[];
  /** The extension that tells m-lines apart; 0: there is none. */
  readonly midId: number;
  /** Whether they would take something in it. */
  readonly isTaken: boolean;
};

/** A description of theirs. */
export type PeerDescription = {
  readonly remote: RemoteParameters;
  /** Ways to them, as candidate lines. */
  readonly candidates: readonly string[];
  readonly lines: readonly PeerLine[];
  readonly sections: readonly MediaSection[];
};

const CANDIDATE = /^a=(candidate:[^\r\n]+)/gm;

/** Reads one; throws {@linkcode DescriptionError}. */
export function readPeerDescription(sdp: string): PeerDescription {
  const description = parsed(sdp);
  const { media, bundle } = description;
  const carrier = media.find(({ mid }) => mid === bundle[0]) ??
    media.find(({ isRejected }) => !isRejected);
  const { ice, fingerprint, setup = "actpass" } = carrier ?? {};
  if (ice === undefined || fingerprint === undefined) {
    throw new DescriptionError("it says nothing of its ICE credentials or its fingerprint");
  }
  return {
    remote: { ...ice, fingerprint, setup },
    candidates: [...sdp.matchAll(CANDIDATE)].map(([, candidate = ""]) => candidate),
    lines: media.map(lineOf),
    sections: media,
  };
}

/** What is sent by what it is of; nothing of what is left out. */
export type SentSources = ReadonlyMap<TrackSource, SentSource>;

/** Our offer: an m-line for each of {@linkcode SOURCES}. */
export function peerOffer(
  client: ClientSide,
  { sent, cname }: { readonly sent: SentSources; readonly cname: string },
): string {
  const mids = SOURCES.map((_, index) => `${index}`);
  return textOf([
    ...sessionLines(1, mids),
    ...SOURCES.flatMap((source, index) => {
      const isVideo = source === "camera" || source === "screen";
      const kind = isVideo ? "video" : "audio";
      const own = sent.get(source);
      const names = (Object.keys(CODECS) as CodecName[]) // It is a record of exactly these.
        .filter((name) => CODECS[name].kind === kind);
      const codecs = preferred(names, own?.codec).map((name) => CODECS[name]);
      const mid = `${index}`;
      return [
        `m=${kind} 9 UDP/TLS/RTP/SAVPF ${formatsOf(codecs).join(" ")}`,
        ...commonLines(client, mid, "actpass"),
        ...(index === 0 ? ["a=ice-options:trickle"] : []),
        own === undefined ? "a=recvonly" : "a=sendrecv",
        `a=extmap:${EXTENSION_IDS.mid} ${EXTENSION_URIS.mid}`,
        ...codecs.flatMap(codecLines),
        ...(own === undefined ? [] : sourceLines(own, { cname, source })),
      ];
    }),
  ]);
}

/** Our answer: every m-line that we know anything of, and what we send in which. */
export function peerAnswer(
  client: ClientSide,
  { offer, sent, cname, version }: {
    readonly offer: PeerDescription;
    /** By the tags of its m-lines. */
    readonly sent: ReadonlyMap<string, SentSource & { readonly source: TrackSource }>;
    readonly cname: string;
    readonly version: number;
  },
): string {
  const setup: DtlsSetup = offer.remote.setup === "active" ? "passive" : "active";
  const used = offer.lines.filter((line) => !line.isRejected && line.codecs.length > 0);
  return textOf([
    ...sessionLines(version, used.map(({ mid }) => mid)),
    ...offer.sections.flatMap((section, index) => {
      const line = offer.lines[index]!; // One each.
      if (!used.includes(line)) {
        return [
          `m=${section.kind} 0 ${section.protocol} ${section.formats.join(" ")}`,
          "c=IN IP4 0.0.0.0",
          ...(section.mid === "" ? [] : [`a=mid:${section.mid}`]),
          "a=inactive",
        ];
      }
      const own = sent.get(line.mid);
      const codecs = agreedOf(section, own?.codec);
      const directions = { send: own !== undefined && line.isTaken, receive: isSent(section) };
      return [
        `m=${section.kind} 9 ${section.protocol} ${formatsOf(codecs).join(" ")}`,
        ...commonLines(client, line.mid, setup),
        directionOf(directions),
        ...(line.midId === 0 ? [] : [`a=extmap:${line.midId} ${EXTENSION_URIS.mid}`]),
        ...codecs.flatMap(codecLines),
        ...(own !== undefined && directions.send
          ? sourceLines(own, { cname, source: own.source })
          : []),
      ];
    }),
  ]);
}

function lineOf(section: MediaSection): PeerLine {
  const { mid, kind, isRejected, ssrcs, ssrcGroups, extensions, direction } = section;
  const pairs = ssrcGroups.filter(({ semantics }) => semantics === "FID")
    .map(({ ssrcs: [ssrc = 0, rtxSsrc = 0] }) => ({ ssrc, rtxSsrc }));
  const lone = ssrcs.filter(({ ssrc }) =>
    !pairs.some((pair) => pair.ssrc === ssrc || pair.rtxSsrc === ssrc)
  ).map(({ ssrc }) => ({ ssrc, rtxSsrc: 0 }));
  return {
    ...{ mid, isVideo: kind === "video", isRejected: isRejected || kind === "application" },
    codecs: kind === "application" ? [] : chooseCodecs(section).map(agreed),
    sources: [...pairs, ...lone],
    midId: extensions.find(({ uri }) => uri === EXTENSION_URIS.mid)?.id ?? 0,
    isTaken: direction === "sendrecv" || direction === "recvonly",
  };
}

function agreed({ name, offered }: ChosenCodec): AgreedCodec {
  const { payloadType, rtxPayloadType = 0 } = offered;
  return { name, payloadType, rtxPayloadType: CODECS[name].kind === "video" ? rtxPayloadType : 0 };
}

/** Their codecs as we write them again, what we send ahead. */
function agreedOf(section: MediaSection, own: CodecName | undefined): WrittenCodec[] {
  const chosen = chooseCodecs(section);
  return preferred(chosen.map(({ name }) => name), own).map((name) => {
    const { offered } = chosen.find((one) => one.name === name)!; // They are its names.
    return {
      ...offered,
      feedback: offered.feedback.filter((one) => CODECS[name].feedback.includes(one)),
      rtxPayloadType: CODECS[name].kind === "video" ? offered.rtxPayloadType : undefined,
    };
  });
}

function preferred(names: readonly CodecName[], first: CodecName | undefined): CodecName[] {
  return [...names.filter((name) => name === first), ...names.filter((name) => name !== first)];
}

/** Lips and voice are of one stream, and so are a screen and its sound. */
function sourceLines(
  { ssrc, rtxSsrc }: SentSource,
  { cname, source }: { readonly cname: string; readonly source: TrackSource },
): string[] {
  const stream = source === "microphone" || source === "camera" ? "person" : "screen";
  return [
    `a=msid:${cname}-${stream} ${cname}-${source}`,
    ...(rtxSsrc === 0 ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
    ...[ssrc, rtxSsrc].filter((one) => one !== 0).map((one) => `a=ssrc:${one} cname:${cname}`),
  ];
}

function isSent({ direction }: MediaSection): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

function directionOf({ send, receive }: { send: boolean; receive: boolean }): string {
  if (send && receive) return "a=sendrecv";
  if (send) return "a=sendonly";
  return receive ? "a=recvonly" : "a=inactive";
}

function parsed(sdp: string): Description {
  try {
    return parseDescription(sdp);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new DescriptionError(reason, { cause: error });
  }
}
