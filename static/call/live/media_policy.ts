/** What a forced rung means for the connections below: which servers they know, which paths they take. */
import type { MediaPath } from "../../../src/protocol/mod.ts";
import type { CallPlatform } from "../platform.ts";
import type { MediaPolicy } from "./live_view.ts";

/** The policy of a rung: `p2p` is without TURN, `turn` with nothing else. */
export function policyFor(forced: MediaPath | undefined): MediaPolicy {
  if (forced === "p2p") return { links: "direct" };
  return { links: forced === "turn" ? "relayed" : "any" };
}

/** The platform whose connections keep to a policy. */
export function heldTo({ links }: MediaPolicy, platform: CallPlatform): CallPlatform {
  if (links === "any") return platform;
  return {
    ...platform,
    connect: (configuration) =>
      platform.connect(
        links === "relayed"
          ? { ...configuration, iceTransportPolicy: "relay" }
          : { ...configuration, iceServers: withoutTurn(configuration.iceServers ?? []) },
      ),
  };
}

/** `?path=relay` as a rung; undefined where none is demanded, or none that there is. */
export function forcedPath(search: string): MediaPath | undefined {
  const wanted = new URLSearchParams(search).get("path");
  return (["p2p", "turn", "sfu", "relay"] as const).find((path) => path === wanted);
}

function withoutTurn(servers: readonly RTCIceServer[]): RTCIceServer[] {
  return servers.flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => !/^turns?:/i.test(url));
    return urls.length === 0 ? [] : [{ ...server, urls }];
  });
}
