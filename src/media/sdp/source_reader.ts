/**
 * Collects what an m-line says of its sources: a=ssrc, a=ssrc-group (RFC 5576) and the stream that
 * they belong to (RFC 8830).
 */
import {
  badLine,
  cutAtSpace,
  type DescriptionLine,
  pushBounded,
  readNumber,
  readWord,
} from "./description_line.ts";
import type { MediaSection, MediaStreamId, SourceGroup } from "./media_section.ts";

const MAX_SSRCS = 64;
const MAX_SSRC_GROUPS = 32;
const MAX_SSRCS_PER_GROUP = 16;
const MAX_SSRC = 0xffff_ffff;

/** The sources of one m-line while they are read. */
export class SourceReader {
  readonly #cnames = new Map<number, string>();
  readonly #groups: SourceGroup[] = [];
  #msid: MediaStreamId | undefined;

  /** Takes an attribute; false: it is none of sources. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): boolean {
    switch (name) {
      case "ssrc":
        this.#takeSource(line, value);
        return true;
      case "ssrc-group":
        this.#takeGroup(line, value);
        return true;
      case "msid":
        this.#takeMsid(line, value);
        return true;
      default:
        return false;
    }
  }

  /** What was said. */
  finish(): Pick<MediaSection, "ssrcs" | "ssrcGroups" | "msid"> {
    return {
      ssrcs: [...this.#cnames].map(([ssrc, cname]) => ({ ssrc, cname })),
      ssrcGroups: this.#groups,
      msid: this.#msid,
    };
  }

  #takeSource(line: DescriptionLine, value: string): void {
    const [number, attribute] = cutAtSpace(value);
    const ssrc = readNumber(line, number, { max: MAX_SSRC, what: "a=ssrc" });
    const isNew = !this.#cnames.has(ssrc);
    if (isNew && this.#cnames.size >= MAX_SSRCS) {
      throw badLine(line, `more than ${MAX_SSRCS} sources in one m-line`);
    }
    if (attribute.startsWith("cname:")) {
      this.#cnames.set(ssrc, readWord(line, attribute.slice("cname:".length), "a cname"));
    } else if (isNew) {
      this.#cnames.set(ssrc, "");
    }
  }

  #takeGroup(line: DescriptionLine, value: string): void {
    const [semantics, ...numbers] = value.trimEnd().split(" ");
    if (numbers.length > MAX_SSRCS_PER_GROUP) {
      throw badLine(line, `more than ${MAX_SSRCS_PER_GROUP} sources in one a=ssrc-group`);
    }
    const group: SourceGroup = {
      semantics: readWord(line, semantics, "the name of a=ssrc-group"),
      ssrcs: numbers.map((number) =>
        readNumber(line, number, { max: MAX_SSRC, what: "a source of a=ssrc-group" })
      ),
    };
    pushBounded(line, this.#groups, {
      entry: group,
      max: MAX_SSRC_GROUPS,
      what: "groups of sources",
    });
  }

  /** A track that is in several streams has a line for each; the first counts. */
  #takeMsid(line: DescriptionLine, value: string): void {
    if (this.#msid !== undefined) return;
    const [streamId, trackId] = cutAtSpace(value.trimEnd());
    this.#msid = {
      streamId: readWord(line, streamId, "the stream of a=msid"),
      trackId: trackId === "" ? "" : readWord(line, trackId, "the track of a=msid"),
    };
  }
}
