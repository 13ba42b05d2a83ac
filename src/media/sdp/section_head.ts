/** Reads an m-line itself: what it is for, where, how and in which formats (RFC 8866, section 5.14). */
import { badLine, type DescriptionLine, readNumber, readWord } from "./description_line.ts";
import type { MediaKind, MediaSection } from "./media_section.ts";

/** Payload types of one m-line; Chromium offers 34. */
const MAX_FORMATS = 64;
const MAX_PORT = 65_535;
const RTP_PROTOCOL = /^((UDP|TCP)\/TLS\/)?RTP\/S?AVPF?$/;
const DATA_PROTOCOL = /^(UDP|TCP)\/DTLS\/SCTP$/;

/** What the m-line itself says. */
export type SectionHead = Pick<MediaSection, "kind" | "port" | "protocol" | "formats">;

/** Reads an m-line. Throws MediaError. */
export function readSectionHead(line: DescriptionLine): SectionHead {
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
