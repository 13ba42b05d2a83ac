/**
 * Collects the attributes below one m-line. `description.ts` gives it a line at a time and takes the
 * finished section; attributes that mean nothing to us are passed over, those that do are bounded.
 */
import {
  badLine,
  type DescriptionLine,
  pushBounded,
  readMid,
  readNumber,
  readWord,
} from "./description_line.ts";
import { CodecReader } from "./codec_reader.ts";
import type {
  Direction,
  ExtensionOffer,
  MediaSection,
  RidOffer,
  Simulcast,
  TransportAttributes,
} from "./media_section.ts";
import { readSectionHead, type SectionHead } from "./section_head.ts";
import { readRidOffer, readSimulcast } from "./simulcast_reader.ts";
import { SourceReader } from "./source_reader.ts";
import { TransportReader } from "./transport_attributes.ts";

const MAX_EXTENSIONS = 64;
const MAX_RIDS = 16;
const MAX_PORT = 65_535;
/** RFC 8285, section 4.3: what a two-byte header can say; larger ones stand for "no id yet". */
const MAX_EXTENSION_ID = 255;
const MAX_PROVISIONAL_ID = 4_351;

/** What the session says for every m-line that says nothing else. */
export type SessionDefaults = {
  readonly transport: TransportAttributes;
  readonly direction: Direction;
};

/** One m-line while it is read. */
export class SectionReader {
  readonly #head: SectionHead;
  readonly #transport = new TransportReader();
  readonly #codecs: CodecReader;
  readonly #sources = new SourceReader();
  readonly #extensions: ExtensionOffer[] = [];
  readonly #rids: RidOffer[] = [];
  readonly #line: DescriptionLine;
  #mid = "";
  #direction: Direction | undefined;
  #isBundleOnly = false;
  #hasRtcpMux = false;
  #simulcast: Simulcast | undefined;
  #sctpPort = 0;

  /** Reads the m-line itself. Throws MediaError. */
  constructor(line: DescriptionLine) {
    this.#line = line;
    this.#head = readSectionHead(line);
    const isData = this.#head.kind === "application";
    this.#codecs = new CodecReader(line, isData ? [] : this.#head.formats);
  }

  /** Takes an attribute below it. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): void {
    if (
      this.#codecs.take(line, name, value) || this.#transport.take(line, name, value) ||
      this.#sources.take(line, name, value)
    ) return;
    switch (name) {
      case "mid":
        this.#mid = readMid(line, value);
        break;
      case "sendrecv":
      case "sendonly":
      case "recvonly":
      case "inactive":
        this.#direction = name;
        break;
      case "rtcp-mux":
        this.#hasRtcpMux = true;
        break;
      case "bundle-only":
        this.#isBundleOnly = true;
        break;
      case "extmap":
        this.#takeExtension(line, value);
        break;
      case "rid":
        this.#takeRid(line, value);
        break;
      case "simulcast":
        this.#simulcast = readSimulcast(line, value);
        break;
      case "sctp-port":
        this.#sctpPort = readNumber(line, value, { max: MAX_PORT, what: "a=sctp-port" });
        break;
    }
  }

  /** The whole of it. Throws MediaError where it has no tag. */
  finish(session: SessionDefaults): MediaSection {
    const isRejected = this.#head.port === 0 && !this.#isBundleOnly;
    if (this.#mid === "" && !isRejected) throw badLine(this.#line, "this m-line has no a=mid");
    return {
      ...this.#head,
      ...this.#transport.finish(session.transport),
      ...this.#sources.finish(),
      mid: this.#mid,
      isRejected,
      direction: this.#direction ?? session.direction,
      hasRtcpMux: this.#hasRtcpMux,
      codecs: this.#codecs.finish(),
      extensions: this.#extensions,
      rids: this.#rids,
      simulcast: this.#simulcast,
      sctpPort: this.#sctpPort,
    };
  }

  #takeExtension(line: DescriptionLine, value: string): void {
    const [numbered, named = ""] = value.split(" ");
    const [idText] = numbered!.split("/"); // Splitting gives one part at least.
    const id = readNumber(line, idText, { max: MAX_PROVISIONAL_ID, what: "the id of a=extmap" });
    const uri = readWord(line, named, "the name of a=extmap");
    if (id === 0 || id > MAX_EXTENSION_ID) return;
    if (this.#extensions.some((other) => other.id === id)) {
      throw badLine(line, `a=extmap:${id} stands there twice`);
    }
    pushBounded(line, this.#extensions, {
      entry: { id, uri },
      max: MAX_EXTENSIONS,
      what: "header extensions",
    });
  }

  #takeRid(line: DescriptionLine, value: string): void {
    const entry = readRidOffer(line, value);
    if (this.#rids.some(({ rid }) => rid === entry.rid)) {
      throw badLine(line, "a=rid stands there twice with one name");
    }
    pushBounded(line, this.#rids, { entry, max: MAX_RIDS, what: "layers" });
  }
}
