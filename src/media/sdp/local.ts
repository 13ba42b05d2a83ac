/**
 * The server's side of every description: ICE-lite (RFC 8445, section 2.5), passive in DTLS towards
 * clients, one transport for all m-lines. Answers and offers are put together from these lines.
 */
import type { Candidate, DtlsSetup, Fingerprint, IceParameters } from "../sfu/transport.ts";

/** RFC 8866 wants one for a session; the version tells descriptions of a connection apart. */
const SESSION_ID = 1;
/** RFC 9143, section 7.1: the port of an m-line whose candidates say where it is. */
const PORT = 9;
const NO_ADDRESS = "c=IN IP4 0.0.0.0";

/** What the server shows of one transport. */
export type LocalDescription = {
  readonly ice: IceParameters;
  readonly fingerprint: Fingerprint;
  /** Of one component each; at least one. */
  readonly candidates: readonly Candidate[];
};

/** What stands above the m-lines. */
export type SessionOptions = {
  /** Larger with each description of a connection. */
  readonly version: number;
  /** The tags that share the transport; the first carries it. Empty: there is no group. */
  readonly bundle: readonly string[];
  readonly allowsMixedExtensions: boolean;
};

/** The first line of an m-line, and its tag. */
export type SectionHeadOptions = {
  readonly kind: string;
  readonly mid: string;
  readonly protocol: string;
  readonly formats: readonly (number | string)[];
};

/** The lines above the m-lines. */
export function sessionLines({ version, bundle, allowsMixedExtensions }: SessionOptions): string[] {
  return [
    "v=0",
    `o=- ${SESSION_ID} ${version} IN IP4 0.0.0.0`,
    "s=-",
    "t=0 0",
    "a=ice-lite",
    ...(bundle.length > 0 ? [`a=group:BUNDLE ${bundle.join(" ")}`] : []),
    ...(allowsMixedExtensions ? ["a=extmap-allow-mixed"] : []),
  ];
}

/** An m-line that is carried, with `b=AS` of so many kilobits a second if given. */
export function headLines(
  { kind, mid, protocol, formats }: SectionHeadOptions,
  maxKbps?: number,
): string[] {
  return [
    `m=${kind} ${PORT} ${protocol} ${formats.join(" ")}`,
    NO_ADDRESS,
    ...(maxKbps === undefined ? [] : [`b=AS:${maxKbps}`]),
    `a=mid:${mid}`,
  ];
}

/** An m-line that is not carried; one format is enough for its grammar. */
export function rejectedLines({ kind, mid, protocol, formats }: SectionHeadOptions): string[] {
  return [
    `m=${kind} 0 ${protocol} ${formats[0] ?? 0}`,
    NO_ADDRESS,
    "a=inactive",
    ...(mid === "" ? [] : [`a=mid:${mid}`]),
  ];
}

/**
 * The transport, below every m-line that it carries: GStreamer looks for it there and nowhere else.
 * Candidates belong to the m-line whose tag leads the group.
 */
export function transportLines(
  local: LocalDescription,
  { setup, leads }: { readonly setup: DtlsSetup; readonly leads: boolean },
): string[] {
  const { ice, fingerprint, candidates } = local;
  return [
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    ...(leads ? [...candidates.map(candidateLine), "a=end-of-candidates"] : []),
  ];
}

/** The text of a description; every line ends, the last one too. */
export function joinLines(lines: readonly string[]): string {
  return lines.join("\r\n") + "\r\n";
}

/** RFC 8839, section 5.1; each has a base of its own, so a foundation too. */
function candidateLine({ address, port, priority }: Candidate, index: number): string {
  return `a=candidate:${index + 1} 1 udp ${priority} ${address} ${port} typ host`;
}
