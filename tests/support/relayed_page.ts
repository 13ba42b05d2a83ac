/** A tab whose connections may come through a TURN server alone, by one transport to it. */
import type { Page } from "playwright-core";

/** How a browser speaks with the TURN server. */
export type RelayTransport = "udp" | "tcp";

const script = (transport: RelayTransport) =>
  `{
  const connections = [];
  const wanted = "transport=${transport}";
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration = {}) {
      const iceServers = (configuration.iceServers ?? [])
        .map((server) => ({ ...server, urls: [server.urls].flat().filter((url) => url.includes(wanted)) }))
        .filter(({ urls }) => urls.length > 0);
      super({ ...configuration, iceServers, iceTransportPolicy: "relay" });
      connections.push(this);
    }
  };
  globalThis.relayedEnds = async () => {
    const ends = [];
    for (const connection of connections) {
      if (connection.connectionState !== "connected") continue;
      const all = [...(await connection.getStats()).values()];
      const selected = all.find(({ type }) => type === "transport")?.selectedCandidatePairId;
      const pair = all.find(({ id }) => id === selected);
      const local = all.find(({ id }) => id === pair?.localCandidateId);
      // Of candidates that come through a relay alone; through our media port they are seen anew.
      ends.push(local?.relayProtocol ?? "none " + JSON.stringify(local ?? selected));
    }
    return ends;
  };
}`;

/** Prepares a tab, before it opens a page. */
export async function allowOnlyRelays(page: Page, transport: RelayTransport): Promise<void> {
  await page.addInitScript(script(transport));
}

/** How our ends of the connections that stand in such a tab come to the relay; `none`: past it. */
export async function relayedEnds(page: Page): Promise<string[]> {
  return await page.evaluate("relayedEnds()");
}
