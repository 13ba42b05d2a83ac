/**
 * As much of an SDP offer (RFC 8866) as WHIP and WHEP themselves have rules for: its m-lines, which
 * way they go, and the ICE credentials that a later fragment is compared with. Everything else is read
 * by the media plane.
 */
import { type PublishedMedia, quoted } from "../protocol/mod.ts";
import { HttpError } from "./problem.ts";

/** Which way media go, seen from the client. */
type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** An m-line. */
type Section = { kind: string; mid: string | undefined; direction: Direction; isRejected: boolean };

/** RFC 8839, section 5.4. */
export type IceCredentials = { readonly usernameFragment: string; readonly password: string };

/** An offer, as far as it is looked at here. */
export type SessionOffer = {
  readonly sdp: string;
  readonly sections: readonly Readonly<Section>[];
  readonly ice: IceCredentials;
};

const DIRECTIONS: readonly string[] = ["sendrecv", "sendonly", "recvonly", "inactive"];

/** Reads an offer. Throws HttpError 400 where it is none. */
export function readOffer(sdp: string): SessionOffer {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== "");
  if (lines[0] !== "v=0") throw malformed('it does not begin with "v=0"');
  const strange = lines.find((line) => !/^[a-z]=/.test(line));
  if (strange !== undefined) throw malformed(`${quoted(strange)} is no line of it`);
  const sections: Section[] = [];
  let sessionDirection: Direction = "sendrecv";
  for (const line of lines) {
    if (line.startsWith("m=")) sections.push(sectionOf(line, sessionDirection));
    const current = sections.at(-1);
    const direction = directionOf(line);
    if (direction !== undefined && current === undefined) sessionDirection = direction;
    if (direction !== undefined && current !== undefined) current.direction = direction;
    if (current === undefined) continue;
    if (line.startsWith("a=mid:")) current.mid = line.slice(6).trim();
    if (line.trim() === "a=bundle-only") current.isRejected = false;
  }
  const usernameFragment = attributeOf(lines, "ice-ufrag");
  const password = attributeOf(lines, "ice-pwd");
  if (usernameFragment === undefined || password === undefined) {
    throw malformed("it has no a=ice-ufrag, or no a=ice-pwd");
  }
  return { sdp, sections, ice: { usernameFragment, password } };
}

/** The value of the first attribute of that name; with BUNDLE that of all m-lines. */
export function attributeOf(lines: readonly string[], name: string): string | undefined {
  const prefix = `a=${name}:`;
  const value = lines.find((line) => line.startsWith(prefix))?.slice(prefix.length).trim();
  return value === "" ? undefined : value;
}

/**
 * What each m-line of a WHIP offer carries: the sound is a microphone's, the picture a camera's.
 * Throws HttpError 422 for what RFC 9725, sections 4.2 and 4.4.2 do not allow.
 */
export function publishedBy({ sections }: SessionOffer): PublishedMedia[] {
  const media = mediaOf(sections, "send", "Cannot publish");
  for (const kind of ["audio", "video"]) {
    if (media.filter((one) => one.kind === kind).length > 1) {
      throw unfit(`Cannot publish: the offer has more than one m-line of ${kind}`);
    }
  }
  return media.map(({ kind, mid }) => {
    if (mid === undefined) throw unfit(`Cannot publish: an m-line of ${kind} has no a=mid`);
    return { mid, source: kind === "audio" ? "microphone" : "camera" };
  });
}

/** Throws HttpError 422 unless a WHEP offer asks to receive something, and to send nothing. */
export function refuseUnfitForViewing({ sections }: SessionOffer): void {
  mediaOf(sections, "recv", "Cannot view");
}

/** The m-lines with sound or pictures: at least one, and all go the way that they have to. */
function mediaOf(
  sections: SessionOffer["sections"],
  way: "send" | "recv",
  attempt: string,
): readonly Readonly<Section>[] {
  const media = sections.filter(({ kind, isRejected }) =>
    (kind === "audio" || kind === "video") && !isRejected
  );
  if (media.length === 0) throw unfit(`${attempt}: the offer has no m-line of audio or video`);
  const wrong = media.find(({ direction }) =>
    direction !== `${way}only` && direction !== "sendrecv"
  );
  if (wrong === undefined) return media;
  throw unfit(`${attempt}: an m-line of ${wrong.kind} is ${wrong.direction}, not ${way}only`);
}

/** Port 0 rejects an m-line, unless it is `bundle-only` (RFC 9143, section 6). */
function sectionOf(line: string, direction: Direction): Section {
  const found = /^m=(\w+) (\d+)(?:\/\d+)? \S+ ?/.exec(line);
  if (found === null) throw malformed(`${quoted(line)} is no m-line`);
  const [, kind = "", port] = found;
  return { kind, mid: undefined, direction, isRejected: port === "0" };
}

function directionOf(line: string): Direction | undefined {
  const name = line.startsWith("a=") ? line.slice(2).trim() : "";
  return DIRECTIONS.includes(name) ? name as Direction : undefined; // The list holds all of them.
}

function malformed(reason: string): HttpError {
  return new HttpError(400, { code: "bad-message", message: `Cannot read the offer: ${reason}` });
}

function unfit(message: string): HttpError {
  return new HttpError(422, { code: "unfit-offer", message });
}
