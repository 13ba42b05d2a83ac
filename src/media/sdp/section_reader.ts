/**
 * Collects the attributes below one m-line. `description.ts` gives it a line at a time and takes the
 * finished section; attributes that mean nothing to us are passed over, those that do are bounded.
 */
import {
  badLine,
  cutAtSpace,
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
  MediaKind,
  MediaSection,
  MediaStreamId,
  RidOffer,
  Simulcast,
  SourceGroup,
  TransportAttributes,
} from "./media_section.ts";
import { readRidOffer, readSimulcast } from "./simulcast_reader.ts";
import { TransportReader } from "./transport_attributes.ts";

/** Payload types of one m-line; Chromium offers 34. */
const MAX_FORMATS = 64;
const MAX_EXTENSIONS = 64;
const MAX_SSRCS = 64;
const MAX_SSRC_GROUPS = 32;
const MAX_SSRCS_PER_GROUP = 16;
const MAX_RIDS = 16;
const MAX_PORT = 65_535;
const MAX_SSRC = 0xffff_ffff;
/** RFC 8285, section 4.3: what a two-byte header can say; larger ones stand for "no id yet". */
const MAX_EXTENSION_ID = 255;
const MAX_PROVISIONAL_ID = 4_351;
const RTP_PROTOCOL = /^((UDP|TCP)\/TLS\/)?RTP\/S?AVPF?$/;
const DATA_PROTOCOL = /^(UDP|TCP)\/DTLS\/SCTP$/;

/** What the session says for every m-line that says nothing else. */
export type SessionDefaults = {
  readonly transport: TransportAttributes;
  readonly direction: Direction;
};

/** What the m-line itself says. */
type SectionHead = Pick<MediaSection, "kind" | "port" | "protocol" | "formats">;

/** One m-line while it is read. */
export class SectionReader {
  readonly #head: SectionHead;
  readonly #transport = new TransportReader();
  readonly #codecs: CodecReader;
  readonly #extensions: ExtensionOffer[] = [];
  readonly #cnames = new Map<number, string>();
  readonly #groups: SourceGroup[] = [];
  readonly #rids: RidOffer[] = [];
  readonly #line: DescriptionLine;
  #mid = "";
  #direction: Direction | undefined;
  #isBundleOnly = false;
  #hasRtcpMux = false;
  #simulcast: Simulcast | undefined;
  #msid: MediaStreamId | undefined;
  #sctpPort = 0;

  /** Reads the m-line itself. Throws MediaError. */
  constructor(line: DescriptionLine) {
    this.#line = line;
    this.#head = readHead(line);
    const isData = this.#head.kind === "application";
    this.#codecs = new CodecReader(line, isData ? [] : this.#head.formats);
  }

  /** Takes an attribute below it. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): void {
    if (this.#transport.take(line, name, value) || this.#codecs.take(line, name, value)) return;
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
      case "ssrc":
        this.#takeSource(line, value);
        break;
      case "ssrc-group":
        this.#takeGroup(line, value);
        break;
      case "rid":
        this.#takeRid(line, value);
        break;
      case "simulcast":
        this.#simulcast = readSimulcast(line, value);
        break;
      case "msid":
        this.#takeMsid(line, value);
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
      mid: this.#mid,
      isRejected,
      direction: this.#direction ?? session.direction,
      hasRtcpMux: this.#hasRtcpMux,
      codecs: this.#codecs.finish(),
      extensions: this.#extensions,
      ssrcs: [...this.#cnames].map(([ssrc, cname]) => ({ ssrc, cname })),
      ssrcGroups: this.#groups,
      rids: this.#rids,
      simulcast: this.#simulcast,
      msid: this.#msid,
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

  #takeRid(line: DescriptionLine, value: string): void {
    const entry = readRidOffer(line, value);
    if (this.#rids.some(({ rid }) => rid === entry.rid)) {
      throw badLine(line, "a=rid stands there twice with one name");
    }
    pushBounded(line, this.#rids, { entry, max: MAX_RIDS, what: "layers" });
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

function readHead(line: DescriptionLine): SectionHead {
  const [kind, portText, protocol = "", ...formats] = line.value.trimEnd().split(" ");
  const [port] = portText?.split("/") ?? [];
  if (kind !== "audio" && kind !== "video" && kind !== "application") {
    throw badLine(line, "this m-line is for neither audio, video nor application");
  }
  if (formats.length > MAX_FORMATS) {
    throw badLine(line, `more than ${MAX_FORMATS} formats in one m-line`);
  }
  readProtocol(line, kind, protocol);
  if (formats.length === 0) throw badLine(line, "this m-line names no format");
  for (const format of formats) readWord(line, format, "a format");
  return {
    kind,
    port: readNumber(line, port, { max: MAX_PORT, what: "the port of this m-line" }),
    protocol,
    formats,
  };
}

function readProtocol(line: DescriptionLine, kind: MediaKind, protocol: string): void {
  const grammar = kind === "application" ? DATA_PROTOCOL : RTP_PROTOCOL;
  if (!grammar.test(protocol)) {
    throw badLine(line, "the protocol of this m-line is not one of WebRTC");
  }
}
