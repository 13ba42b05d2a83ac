/**
 * Descriptions as far as the media plane in memory needs them: m-lines with their names and who sent
 * them. What it writes is a description to whoever looks no closer, and nothing to connect to.
 */
import { MediaError } from "../port.ts";

/** An m-line. */
export type FakeLine = { readonly mid: string; readonly kind: string; readonly sends: boolean };

/** What a description says. */
export type FakeDescription = {
  /** Another one is another connection. */
  readonly usernameFragment: string;
  readonly lines: readonly FakeLine[];
};

/** Reads a description; throws MediaError `bad-description`. */
export function readFake(sdp: string): FakeDescription {
  const [session = "", ...sections] = sdp.split(/^(?=m=)/m);
  if (!session.startsWith("v=0")) throw bad("it does not begin with v=0");
  if (sections.length === 0) throw bad("it has no m-line");
  const usernameFragment = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  if (usernameFragment === undefined) throw bad("it has no a=ice-ufrag");
  const lines = sections.map((section) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    if (mid === undefined) throw bad("an m-line has no a=mid");
    const kind = /^m=(\S+)/.exec(section)?.[1] ?? "";
    return { mid, kind, sends: !/^a=(recvonly|inactive)\s*$/m.test(section) };
  });
  if (new Set(lines.map(({ mid }) => mid)).size < lines.length) throw bad("two m-lines are one");
  return { usernameFragment, lines };
}

/** Writes one. */
export function writeFake({ usernameFragment, lines }: FakeDescription): string {
  return [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${lines.map(({ mid }) => mid).join(" ")}`,
    ...lines.flatMap(({ mid, kind, sends }) => [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
      "c=IN IP4 0.0.0.0",
      `a=mid:${mid}`,
      `a=ice-ufrag:${usernameFragment}`,
      sends ? "a=sendonly" : "a=recvonly",
    ]),
    "",
  ].join("\r\n");
}

function bad(why: string): MediaError {
  return new MediaError("bad-description", `Cannot read the description: ${why}`);
}
