/**
 * A client's description, read into what concerns us (RFC 8866, JSEP RFC 8829). The SFU reads every
 * offer and answer with it before anything else sees them; what comes out is bounded and fits its
 * grammar, so it may be copied into an answer and handed to the engine.
 */
import type { RemoteParameters } from "../sfu/transport.ts";
import { badDescription, badLine, type DescriptionLine, splitLines } from "./description_line.ts";
import type { Direction, MediaSection } from "./media_section.ts";
import { SectionReader } from "./section_reader.ts";
import { TransportReader } from "./transport_attributes.ts";

export type {
  CodecOffer,
  Direction,
  ExtensionOffer,
  MediaKind,
  MediaSection,
  MediaStreamId,
  RidOffer,
  Simulcast,
  SourceGroup,
  SourceOffer,
} from "./media_section.ts";

/** m-lines of one description. */
const MAX_SECTIONS = 256;

/** An offer or an answer. */
export type Description = {
  /** In their order, which is for the life of the connection; rejected ones too. */
  readonly media: readonly MediaSection[];
  /** The tags that share a transport, in the order of a=group:BUNDLE (RFC 9143); the first carries it. */
  readonly bundle: readonly string[];
  /** Whether one transport carries every m-line that is not rejected. */
  readonly isBundled: boolean;
  /** RFC 8285, section 6: one- and two-byte header extensions may be mixed. */
  readonly allowsMixedExtensions: boolean;
};

/** Reads a description. Throws MediaError `bad-description` that names the line. */
export function parseDescription(sdp: string): Description {
  const lines = splitLines(sdp);
  const [first] = lines;
  if (first?.type !== "v" || first.value.trimEnd() !== "0") {
    throw badDescription('it does not begin with "v=0"');
  }
  const session = new SessionReader();
  const readers: SectionReader[] = [];
  for (const line of lines) {
    if (line.type === "m") {
      if (readers.length >= MAX_SECTIONS) throw badLine(line, `more than ${MAX_SECTIONS} m-lines`);
      readers.push(new SectionReader(line));
    } else if (line.type === "a") {
      const at = line.value.indexOf(":");
      const name = at < 0 ? line.value.trimEnd() : line.value.slice(0, at);
      const value = at < 0 ? "" : line.value.slice(at + 1);
      (readers.at(-1) ?? session).take(line, name, value);
    }
  }
  const defaults = session.finish();
  const media = readers.map((reader) => reader.finish(defaults));
  refuseTwins(media);
  return describe(media, session);
}

/** The browser's side of the one transport. Throws MediaError `bad-description` where it is incomplete. */
export function remoteParametersOf(description: Description): RemoteParameters {
  const carrier = carrierOf(description);
  if (carrier === undefined) throw badDescription("it has no m-line that is not rejected");
  const { ice, fingerprint, setup } = carrier;
  if (ice === undefined) throw badDescription("it has no a=ice-ufrag with an a=ice-pwd");
  if (fingerprint === undefined) throw badDescription("it has no a=fingerprint of SHA-1 or SHA-2");
  if (setup === undefined) throw badDescription("it has no a=setup");
  if (setup === "passive") {
    throw badDescription("it says a=setup:passive, and so is the server: nobody would begin");
  }
  return { ...ice, fingerprint, setup };
}

/** What is said above all m-lines. */
class SessionReader {
  readonly #transport = new TransportReader();
  #direction: Direction = "sendrecv";
  #bundle: readonly string[] | undefined;
  #allowsMixedExtensions = false;

  /** Takes an attribute. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): void {
    if (this.#transport.take(line, name, value)) return;
    switch (name) {
      case "sendrecv":
      case "sendonly":
      case "recvonly":
      case "inactive":
        this.#direction = name;
        break;
      case "extmap-allow-mixed":
        this.#allowsMixedExtensions = true;
        break;
      case "group": {
        const [semantics, ...mids] = value.trimEnd().split(" ");
        // Further groups have transports of their own, which we do not: their m-lines are rejected.
        if (semantics === "BUNDLE") this.#bundle ??= mids;
        break;
      }
    }
  }

  /** RFC 9143; without the attribute empty. */
  get bundle(): readonly string[] {
    return this.#bundle ?? [];
  }

  /** See Description. */
  get allowsMixedExtensions(): boolean {
    return this.#allowsMixedExtensions;
  }

  /** What holds for every m-line that says nothing else. */
  finish() {
    return { transport: this.#transport.finish(), direction: this.#direction };
  }
}

/** A tag stands for one m-line. */
function refuseTwins(media: readonly MediaSection[]): void {
  const seen = new Set<string>();
  for (const { mid } of media) {
    if (mid !== "" && seen.has(mid)) throw badDescription(`two m-lines have a=mid:${mid}`);
    seen.add(mid);
  }
}

/** Tags of the group that no m-line has, or a rejected one, carry nothing and are left out. */
function describe(media: readonly MediaSection[], session: SessionReader): Description {
  const live = new Set(media.filter(({ isRejected }) => !isRejected).map(({ mid }) => mid));
  const bundle = [...new Set(session.bundle)].filter((mid) => live.has(mid));
  return {
    media,
    bundle,
    isBundled: bundle.length === live.size || (live.size === 1 && session.bundle.length === 0),
    allowsMixedExtensions: session.allowsMixedExtensions,
  };
}

function carrierOf({ media, bundle }: Description): MediaSection | undefined {
  const [tag] = bundle;
  return tag === undefined
    ? media.find(({ isRejected }) => !isRejected)
    : media.find(({ mid }) => mid === tag);
}
