/** Descriptions for these tests: what a real Chromium wrote, and small ones made by hand. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import { type Description, parseDescription } from "../../../src/media/sdp/description.ts";
import type { MediaSection } from "../../../src/media/sdp/media_section.ts";

/** What Chromium 156 wrote when it talked to us. */
export type ChromiumDescription =
  /** mid 0 microphone, 1 camera in layers l, m and h, 2 screen, 3 data channel. */
  | "publisher_offer"
  /** The same later: 1 is inactive, 2 is stopped, its place went to 4, which is stopped too; 5 is new. */
  | "publisher_reoffer"
  /** mid 0 and 1, recvonly. */
  | "viewer_offer"
  /** To pairs(2). */
  | "subscriber_answer"
  /** To pairs(3): v0 and a1 are inactive. */
  | "subscriber_reanswer";

/** The text, with the line ends that it had. */
export function chromiumText(name: ChromiumDescription): string {
  const file = new URL(`chromium_156/${name}.sdp`, import.meta.url);
  return Deno.readTextFileSync(file).replaceAll("\n", "\r\n");
}

/** The same, read. */
export function chromium(name: ChromiumDescription): Description {
  return parseDescription(chromiumText(name));
}

/** The transport of a client, for above all m-lines. */
export const TRANSPORT = [
  "a=ice-ufrag:abcd",
  "a=ice-pwd:abcdefghijklmnopqrstuv",
  `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
  "a=setup:actpass",
] as const;

/** A description of these lines, behind what stands at the beginning of each. */
export function text(...lines: readonly string[]): string {
  return ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", ...lines, ""].join("\r\n");
}

/** An m-line with these attributes, read. */
export function section(mLine: string, ...attributes: readonly string[]): MediaSection {
  const { media } = parseDescription(text(mLine, "a=mid:0", ...attributes));
  return media[0]!; // One m-line in, one out.
}

/** An m-line of video with these attributes, read. */
export function video(formats: string, ...attributes: readonly string[]): MediaSection {
  return section(`m=video 9 UDP/TLS/RTP/SAVPF ${formats}`, "a=rtcp-mux", ...attributes);
}

/** Asserts that `act` refuses a description, in words that match. */
export function assertRefused(act: () => unknown, reason: RegExp): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof MediaError, String(error));
    assert.equal(error.code, "bad-description");
    assert.match(error.message, /^Cannot take the description: /);
    assert.match(error.message, reason);
    return true;
  });
}

/** The lines of one m-line of a description, without the m-line itself. */
export function linesOf(sdp: string, mid: string): string[] {
  const parts = sdp.split(/\r\n(?=m=)/).slice(1).map((part) => part.trimEnd().split("\r\n"));
  const found = parts.find((lines) => lines.includes(`a=mid:${mid}`));
  assert.ok(found, `no m-line with a=mid:${mid}`);
  return found;
}
