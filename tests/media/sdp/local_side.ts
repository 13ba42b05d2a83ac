/** The server's side of the descriptions in these tests. */
import type { LocalDescription } from "../../../src/media/sdp/local.ts";
import type { SubscriberSection } from "../../../src/media/sdp/subscriber_offer.ts";

/** A transport that nobody listens on. */
export const LOCAL: LocalDescription = {
  ice: { usernameFragment: "server01", password: "0123456789abcdefghijklmn" },
  fingerprint: {
    algorithm: "sha-256",
    value: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16)).join(":")
      .toUpperCase(),
  },
  candidates: [
    { address: "127.0.0.1", port: 50_000, priority: 2_130_706_431 },
    { address: "::1", port: 50_000, priority: 2_130_706_175 },
  ],
};

/** Pairs of m-lines as the SFU offers them: a0 v0 a1 v1 and so on. */
export function pairs(count: number): SubscriberSection[] {
  return Array.from({ length: count }, (_, index): SubscriberSection[] => {
    const shared = { streamId: `s${index}`, cname: `s${index}` };
    const ssrc = 1_000 + 10 * index;
    return [
      { kind: "audio", mid: `a${index}`, trackId: `a${index}`, ssrc, ...shared },
      {
        ...{ kind: "video", mid: `v${index}`, trackId: `v${index}`, ...shared },
        ...{ ssrc: ssrc + 1, rtxSsrc: ssrc + 2 },
      },
    ];
  }).flat();
}
