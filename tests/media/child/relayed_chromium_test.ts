/** A real Chromium reaches transports through a real relay, by UDP and by TCP. */
import assert from "node:assert/strict";
import { createIceParameters } from "../../../src/media/sfu/credentials.ts";
import type { Candidate, Fingerprint } from "../../../src/media/sfu/transport.ts";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { answerPublisher } from "../../../src/media/sdp/publisher_answer.ts";
import { BrowserPeer } from "../../support/browser_peer.ts";
import { BrowserTabs } from "../../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../../support/chromium.ts";
import { Coturn } from "../../support/coturn.ts";
import { TransportLab } from "../../support/transport_lab.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

for (const [protocol, start] of [["udp", "start"], ["tcp", "startRelayed"]] as const) {
  Deno.test(`a browser that may come through TURN over ${protocol} alone is connected`, async () => {
    await using coturn = await Coturn.start();
    await using lab = await TransportLab[start]();
    const peer = await BrowserPeer.open(tabs);
    const urls = `turn:127.0.0.1:${coturn.port}?transport=${protocol}`;
    const { username, credential } = coturn;
    const configuration = {
      iceTransportPolicy: "relay",
      iceServers: [{ urls, username, credential }],
    };
    const offer = parseDescription(
      await peer.offer(`
        globalThis.connection = new RTCPeerConnection(${JSON.stringify(configuration)});
        const stream = await capture();
        for (const track of stream.getTracks()) connection.addTransceiver(track, {
          direction: "sendonly", streams: [stream],
        });
      `),
    );
    const shown = await lab.ask<{ fingerprint: Fingerprint; candidates: Candidate[] }>("shown");
    const local = { ice: createIceParameters(), ...shown };

    const remote = remoteParametersOf(offer);
    await lab.create("ann", { local: local.ice, remote, hasData: false });
    await peer.take(answerPublisher({ offer, local, version: 1 }).sdp);

    await lab.until("ann", "opened");
    await lab.until("ann", "packet");
    const relayProtocol = await peer.run<string>(`
      const all = [...(await connection.getStats()).values()];
      const { localCandidateId } = all.find((one) => one.type === "candidate-pair" && one.nominated);
      return all.find(({ id }) => id === localCandidateId).relayProtocol;
    `);
    assert.equal(relayProtocol, protocol);
  });
}
