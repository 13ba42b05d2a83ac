/**
 * What a participant reads in a description of the server: how to connect to it, and what it is going
 * to send. The publisher reads answers with it, the receiver offers.
 */
import type { ServerParameters } from "../../src/media/child/stub_offer.ts";
import { EXTENSION_URIS } from "../../src/media/rtp/extensions.ts";
import { type Description, parseDescription } from "../../src/media/sdp/description.ts";
import type { MediaSection } from "../../src/media/sdp/media_section.ts";
import type { Candidate } from "../../src/media/sfu/transport.ts";
import type { StreamOffer } from "./incoming_stream.ts";

/** RFC 8839, section 5.1: a host candidate over UDP. */
const CANDIDATE = /^a=candidate:\S+ 1 udp (\d+) (\S+) (\d+) typ host/gim;

/** A description of a server that cannot be used. The message says why. */
export class DescriptionError extends Error {
  override readonly name = "DescriptionError";
}

/** A description of the server. */
export class ServerDescription {
  /** How to connect. */
  readonly server: ServerParameters;
  readonly #description: Description;

  private constructor(description: Description, server: ServerParameters) {
    this.#description = description;
    this.server = server;
  }

  /** Reads it; throws {@linkcode DescriptionError}. */
  static read(sdp: string): ServerDescription {
    const description = parsed(sdp);
    const { media, bundle } = description;
    const carrier = media.find(({ mid }) => mid === bundle[0]) ??
      media.find(({ isRejected }) => !isRejected);
    const { ice, fingerprint } = carrier ?? {};
    if (ice === undefined || fingerprint === undefined) {
      throw new DescriptionError("it says nothing of its ICE credentials or its fingerprint");
    }
    const candidates = candidatesOf(sdp);
    if (candidates.length === 0) throw new DescriptionError("it has no host candidate over UDP");
    return new ServerDescription(description, { ...ice, fingerprint, candidates });
  }

  /** Its m-lines. */
  get media(): readonly MediaSection[] {
    return this.#description.media;
  }

  /** Tags of the m-lines that the server is ready to receive in. */
  get received(): string[] {
    return this.media.filter(({ direction, isRejected }) => direction === "recvonly" && !isRejected)
      .map(({ mid }) => mid);
  }

  /** What the server is going to send. */
  get streams(): StreamOffer[] {
    return this.media.filter(({ kind, isRejected, direction }) =>
      kind !== "application" && !isRejected && direction !== "inactive"
    ).map(streamOf);
  }
}

function parsed(sdp: string): Description {
  try {
    return parseDescription(sdp);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new DescriptionError(reason, { cause: error });
  }
}

function streamOf({ mid, kind, ssrcs, ssrcGroups, extensions }: MediaSection): StreamOffer {
  const pair = ssrcGroups.find(({ semantics }) => semantics === "FID")?.ssrcs ?? [];
  const [ssrc = ssrcs[0]?.ssrc, rtxSsrc = 0] = pair;
  if (ssrc === undefined) throw new DescriptionError(`m-line "${mid}" names no source`);
  const level = extensions.find(({ uri }) => uri === EXTENSION_URIS.audioLevel);
  return { mid, isVideo: kind === "video", ssrc, rtxSsrc, audioLevelId: level?.id ?? 0 };
}

function candidatesOf(sdp: string): Candidate[] {
  return [...sdp.matchAll(CANDIDATE)].map(([, priority, address = "", port]) => ({
    address,
    port: Number(port),
    priority: Number(priority),
  }));
}
