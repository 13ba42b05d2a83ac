/** A real Chromium connects to transports of the addon by descriptions that are all ours. */
import assert from "node:assert/strict";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { answerPublisher } from "../../../src/media/sdp/publisher_answer.ts";
import { offerSubscriber, readSubscriberAnswer } from "../../../src/media/sdp/subscriber_offer.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { createIceParameters } from "../../../src/media/sfu/credentials.ts";
import type { Candidate, Fingerprint } from "../../../src/media/sfu/transport.ts";
import { BrowserPeer } from "../../support/browser_peer.ts";
import { BrowserTabs } from "../../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../../support/chromium.ts";
import { TransportLab } from "../../support/transport_lab.ts";
import { waitUntil } from "../../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });
const SSRC = 0x5eed;

/** What a description says of the transports of a laboratory. */
async function localSide(lab: TransportLab) {
  const shown = await lab.ask<{ fingerprint: Fingerprint; candidates: Candidate[] }>("shown");
  return { ice: createIceParameters(), ...shown };
}

async function untilConnected(peer: BrowserPeer): Promise<void> {
  await waitUntil(async () => {
    const state = await peer.run<string>("return connection.connectionState");
    return state === "connected" ? undefined : `the connection is ${state}`;
  });
}

Deno.test("[PB1] a publisher in Chromium connects, its packets arrive, and its data channel answers", async () => {
  await using lab = await TransportLab.start();
  const peer = await BrowserPeer.open(tabs);
  const offer = parseDescription(
    await peer.offer(`
      const stream = globalThis.stream = await capture();
      for (const track of stream.getTracks()) connection.addTransceiver(track, {
        direction: "sendonly", streams: [stream],
      });
      globalThis.heard = [];
      globalThis.channel = connection.createDataChannel("data");
      channel.onopen = () => channel.send("from the page");
      channel.onmessage = ({ data }) => heard.push(new TextDecoder().decode(data));
      channel.binaryType = "arraybuffer";
    `),
  );
  const local = await localSide(lab);
  const remote = remoteParametersOf(offer);

  await lab.create("ann", { local: local.ice, remote, hasData: true });
  await peer.take(answerPublisher({ offer, local, version: 1 }).sdp);
  await lab.until("ann", "opened");
  await lab.until("ann", "message from the page");
  await lab.ask("sendMessage", { id: "ann", text: "from the server" });

  const [, bytes = ""] = (await lab.until("ann", "packet")).split(" ");
  assert.ok(new RtpPacket().read(Uint8Array.fromHex(bytes)));
  await waitUntil(async () => {
    const heard = await peer.run<string[]>("return heard");
    return heard.includes("from the server") ? undefined : `the page has heard ${heard}`;
  });
  await untilConnected(peer);
  await peer.run("connection.close()");
  await lab.until("ann", "closed");
});

Deno.test("[SB1] a subscriber in Chromium connects after its answer, and gets our packets", async () => {
  await using lab = await TransportLab.start();
  const peer = await BrowserPeer.open(tabs);
  const local = await localSide(lab);
  const offer = offerSubscriber({
    local,
    version: 1,
    sections: [{
      mid: "a0",
      kind: "audio",
      ssrc: SSRC,
      streamId: "stream",
      trackId: "track",
      cname: "ann",
    }],
  });

  const { remote } = readSubscriberAnswer(await peer.answer(offer), ["a0"]);
  await lab.create("bob", { local: local.ice, remote, hasData: false });
  await lab.until("bob", "opened");
  await untilConnected(peer);
  let count = 0;
  await waitUntil(async () => {
    // DTX: an Opus packet of silence, 20 ms each.
    const header = `806f${(++count).toString(16).padStart(4, "0")}`;
    const timestamp = (count * 960).toString(16).padStart(8, "0");
    const ssrc = SSRC.toString(16).padStart(8, "0");
    await lab.ask("send", { id: "bob", bytes: `${header}${timestamp}${ssrc}f8fffe` });
    const received = await peer.run<number>(`
      const all = [...(await connection.getStats()).values()];
      return all.find(({ type }) => type === "inbound-rtp")?.packetsReceived ?? 0;
    `);
    return received > 5 ? undefined : `${received} of ${count} packets have come`;
  });
});
