/**
 * One publisher and many subscribers of a forwarder, in a process of their own: 1,000 packets of 1,200
 * bytes a second, each with the time at which it was sent. Prints one line of JSON when everybody is
 * connected, and one with what came when the time is over.
 */
import { parseArgs } from "node:util";
import { buildRtpPacket, isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { NativePeer, type Server } from "../../support/native_peer.ts";
import { answerTo, offerOf } from "../../media/support/descriptions.ts";
import { print } from "../output.ts";
import { LatencyHistogram } from "../statistics.ts";

/** Janus takes no connection at the loopback. */
const ANY_ADDRESS = "0.0.0.0";
/** Until everybody is connected. */
const CONNECT_MS = 60_000;
const SSRC = 600;
const PAYLOAD_TYPE = 96;
/** With a header of 12 bytes and an extension of 8: 1,200 bytes. */
const PAYLOAD_BYTES = 1_180;
/** A picture is a burst: four packets every four milliseconds. */
const BURST = 4;
/** Behind VP8's descriptor and the header of a key frame of 640 x 360. */
const SENT_AT = 20;
const DESCRIPTOR = [0x90, 0xe0, 0x80, 0, 0, 0x20];
const KEY_FRAME = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1];

const { values: { url = "", subscribers = "1", seconds = "5" } } = parseArgs({
  options: {
    url: { type: "string" },
    subscribers: { type: "string" },
    seconds: { type: "string" },
  },
});

const delays = new LatencyHistogram();
let received = 0;
let isMeasured = false;
const packet = new RtpPacket();

const deadline = setTimeout(() => {
  throw new Error(`Not everybody is connected after ${CONNECT_MS} ms`);
}, CONNECT_MS);
const publisher = await publish();
const receivers: NativePeer[] = [];
for (let n = 0; n < Number(subscribers); n++) receivers.push(await subscribe(`s${n}`));
clearTimeout(deadline);
let sequenceNumber = 0;
const timer = setInterval(() => {
  for (let n = 0; n < BURST; n++) send();
}, BURST);
// The first key frame, and what is compiled and grown once.
await new Promise((resolve) => setTimeout(resolve, 2_000));
print(JSON.stringify({ ready: true }));
isMeasured = true;
const sentBefore = sequenceNumber;
const receivedBefore = received;
const from = performance.now();
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1_000));
const ms = performance.now() - from;
print(JSON.stringify({
  ms,
  sent: sequenceNumber - sentBefore,
  received: received - receivedBefore,
  p50Us: delays.percentile(0.5),
  p99Us: delays.percentile(0.99),
}));
clearInterval(timer);
Deno.exit(0);

function send(): void {
  const payload = new Uint8Array(PAYLOAD_BYTES);
  payload.set(DESCRIPTOR);
  payload.set(KEY_FRAME, DESCRIPTOR.length);
  payload[3] = sequenceNumber & 0xff;
  payload[2] = 0x80 | (sequenceNumber >> 8 & 0x7f);
  new DataView(payload.buffer).setFloat64(SENT_AT, performance.now());
  publisher.send(buildRtpPacket({
    ssrc: SSRC,
    payloadType: PAYLOAD_TYPE,
    sequenceNumber: sequenceNumber & 0xffff,
    timestamp: sequenceNumber * 90 >>> 0,
    payload,
    extensions: [{ id: 3, bytes: new Uint8Array([sequenceNumber >> 8, sequenceNumber]) }],
  }));
  sequenceNumber++;
}

function heard(bytes: Uint8Array): void {
  if (isRtcp(bytes) || !packet.read(bytes)) return;
  received++;
  if (!isMeasured) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const sentAt = view.getFloat64(packet.payloadStart + SENT_AT);
  delays.record((performance.now() - sentAt) * 1_000);
}

async function publish(): Promise<NativePeer> {
  const peer = new NativePeer("publisher", false, () => {}, ANY_ADDRESS);
  const offer = offerOf("peer", [{ mid: "0", kind: "video", ssrc: SSRC }]);
  const answer = await ask("publish", asPeer(offer, peer));
  await peer.connect(serverIn(answer));
  return peer;
}

async function subscribe(user: string): Promise<NativePeer> {
  const peer = new NativePeer(user, false, heard, ANY_ADDRESS);
  const offer = await ask(`subscribe/${user}`, "");
  await ask(`answer/${user}`, asPeer(answerTo(offer, "peer"), peer));
  await peer.connect(serverIn(offer));
  return peer;
}

/** The description with what the peer is known by. */
function asPeer(sdp: string, { parameters }: NativePeer): string {
  const { usernameFragment, password, fingerprint } = parameters;
  return sdp.replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${usernameFragment}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}`)
    .replace(
      /^a=fingerprint:.*$/gm,
      `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    )
    .replace(/\r?\n/g, "\r\n");
}

function serverIn(sdp: string): Server {
  const value = (name: string) => RegExp(`^a=${name}:(.*?)\r?$`, "m").exec(sdp)?.[1] ?? "";
  const [algorithm = "", fingerprint = ""] = value("fingerprint").split(" ");
  const [, , , , address = "", port] = value("candidate").split(" ");
  return {
    ice: { usernameFragment: value("ice-ufrag"), password: value("ice-pwd") },
    fingerprint: { algorithm, value: fingerprint },
    address,
    port: Number(port),
  };
}

async function ask(path: string, body: string): Promise<string> {
  const response = await fetch(`${url}/${path}`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
}
