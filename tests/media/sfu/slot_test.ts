/** A slot is one even stream to its receiver, whatever its source does. */
import assert from "node:assert/strict";
import type { UserId } from "../../../src/protocol/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { Vp8Descriptor } from "../../../src/media/rtp/vp8.ts";
import type { Layer } from "../../../src/media/sfu/layer.ts";
import { Publication } from "../../../src/media/sfu/publication.ts";
import { Slot } from "../../../src/media/sfu/slot.ts";
import { MAX_SPATIAL_LAYERS } from "../../../src/media/sfu/layer.ts";

const none = {
  absSendTime: 0,
  transportCc: 0,
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};

function publish(codec: CodecName, ids: Partial<typeof none> = {}): Publication {
  return new Publication({
    trackId: "1",
    userId: "ann" as UserId, // A good user id.
    source: codec === "opus" ? "microphone" : "camera",
    media: {
      mid: "0",
      kind: codec === "opus" ? "audio" : "video",
      codec: { name: codec, payloadType: 100, rtxPayloadType: 101 },
      extensionIds: { ...none, ...ids },
      rids: [],
      ssrcs: [],
      rtxSsrcs: [],
    },
    qualitiesChanged() {},
  });
}

/** VP8 with a picture id of 15 bits and a TL0PICIDX; a key frame begins where `isKey`. */
function vp8Payload(pictureId: number, tl0: number, isKey: boolean): Uint8Array {
  const frame = isKey ? [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1] : [0x11, 0, 0];
  return new Uint8Array([0x90, 0xe0, 0x80 | pictureId >> 8, pictureId & 0xff, tl0, 0x20, ...frame]);
}

class Receiver {
  readonly sent: Uint8Array[] = [];
  readonly slot: Slot;

  constructor(isVideo: boolean) {
    const output = { send: (bytes: Uint8Array) => this.sent.push(bytes.slice()) > 0 };
    this.slot = new Slot({ mid: "v0", isVideo, ssrc: 7, rtxSsrc: isVideo ? 8 : 0, output });
    this.slot.isReady = true;
  }

  packets(): RtpPacket[] {
    return this.sent.map((bytes) => {
      const packet = new RtpPacket();
      assert.ok(packet.read(bytes));
      return packet;
    });
  }

  numbers(): number[] {
    const [first] = this.packets();
    return this.packets().map((one) => (one.sequenceNumber - first!.sequenceNumber) & 0xffff);
  }
}

type Fields = { n: number; ts?: number; payload: Uint8Array; marker?: boolean };

function send(publication: Publication, layer: Layer, { n, ts, payload, marker }: Fields, at = 0) {
  const packet = new RtpPacket();
  packet.read(buildRtpPacket({
    payloadType: 100,
    sequenceNumber: n,
    timestamp: ts ?? n * 3_000,
    ssrc: layer.ssrc,
    marker: marker ?? false,
    payload,
    extensions: [{ id: 5, bytes: new Uint8Array([1, 2]) }],
  }));
  layer.touched(at);
  publication.receive(packet, layer, at);
}

function select(slot: Slot, layer: Layer): void {
  slot.select({ layer, spatialId: MAX_SPATIAL_LAYERS });
}

Deno.test("Slot sends nothing before a key frame, and asks for one", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);

  send(publication, layer, { n: 1, payload: vp8Payload(1, 1, false) });
  assert.equal(receiver.sent.length, 0);
  assert.equal(layer.takeKeyFrameWish(0, 400), true);
  send(publication, layer, { n: 2, payload: vp8Payload(2, 1, true) });
  send(publication, layer, { n: 3, payload: vp8Payload(3, 1, false), marker: true });

  assert.deepEqual(receiver.numbers(), [0, 1]);
  assert.deepEqual(receiver.packets().map(({ ssrc }) => ssrc), [7, 7]);
  assert.deepEqual(receiver.packets().map(({ payloadType }) => payloadType), [96, 96]);
  assert.deepEqual(receiver.packets().map(({ marker }) => marker), [false, true]);
  assert.equal(layer.takeKeyFrameWish(1_000, 400), false);
});

Deno.test("Slot sends nothing while its receiver does not know it, and sound at once when it does", () => {
  const publication = publish("opus");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(false);
  receiver.slot.isReady = false;
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  send(publication, layer, { n: 1, payload: new Uint8Array([1, 2, 3]) });
  assert.equal(receiver.sent.length, 0);

  receiver.slot.isReady = true;
  select(receiver.slot, layer);
  send(publication, layer, { n: 2, payload: new Uint8Array([1, 2, 3]) });

  assert.equal(receiver.sent.length, 1);
  assert.deepEqual([...receiver.sent[0]!.slice(-3)], [1, 2, 3]);
});

Deno.test("Slot goes on in number, time and picture id when its quality changes", () => {
  const publication = publish("VP8");
  const low = publication.layerOf(1_000, "l");
  const high = publication.layerOf(2_000, "h");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, low);
  send(publication, low, { n: 10, ts: 0, payload: vp8Payload(10, 4, true) }, 0);
  send(publication, low, { n: 11, ts: 3_000, payload: vp8Payload(11, 5, false) }, 33);

  select(receiver.slot, high);
  send(publication, low, { n: 12, ts: 6_000, payload: vp8Payload(12, 6, false) }, 66);
  send(publication, high, { n: 900, ts: 777_000, payload: vp8Payload(300, 90, true) }, 100);
  send(publication, low, { n: 13, ts: 9_000, payload: vp8Payload(13, 7, false) }, 100);
  send(publication, high, { n: 901, ts: 780_000, payload: vp8Payload(301, 91, false) }, 133);

  assert.deepEqual(receiver.numbers(), [0, 1, 2, 3, 4]);
  const times = receiver.packets().map(({ timestamp }) => timestamp);
  assert.deepEqual(times.map((time) => (time - times[0]!) >>> 0), [0, 3_000, 6_000, 9_060, 12_060]);
  const vp8 = new Vp8Descriptor();
  const pictures = receiver.packets().map(({ bytes, payloadStart, payloadEnd }) => {
    assert.ok(vp8.read(bytes, payloadStart, payloadEnd));
    return [vp8.pictureId, vp8.tl0PicIdx];
  });
  const [id = 0, tl0 = 0] = pictures[0]!;
  assert.deepEqual(
    pictures.map(([one = 0, other = 0]) => [one - id, (other - tl0) & 0xff]),
    [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]],
  );
  assert.equal(receiver.slot.switches, 2);
});

Deno.test("Slot serves several receivers from one packet, each with its own numbers", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receivers = [1, 2, 3].map(() => new Receiver(true));
  for (const { slot } of receivers) {
    slot.assign(publication);
    select(slot, layer);
  }
  for (let n = 0; n < 5; n++) {
    send(publication, layer, { n, payload: vp8Payload(n, n, n === 0) });
    if (n === 2) receivers[1]!.slot.assign(undefined);
  }

  assert.deepEqual(receivers[0]!.numbers(), [0, 1, 2, 3, 4]);
  assert.deepEqual(receivers[1]!.numbers(), [0, 1, 2]);
  assert.deepEqual(receivers[2]!.numbers(), [0, 1, 2, 3, 4]);
  assert.equal(layer.outputs.length, 2);
});

Deno.test("Slot sends again what is asked for, as RFC 4588 has it", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const [receiver, other] = [new Receiver(true), new Receiver(true)];
  for (const { slot } of [receiver, other]) {
    slot.assign(publication);
    select(slot, layer);
  }
  for (let n = 0; n < 4; n++) {
    send(publication, layer, { n, payload: vp8Payload(n, n, n === 0), marker: n === 2 });
  }
  const original = receiver.packets()[2]!;

  receiver.slot.resend([original.sequenceNumber], 100, () => true);

  const again = receiver.packets()[4]!;
  assert.equal(again.payloadType, 97);
  assert.equal(again.ssrc, 8);
  assert.equal(again.timestamp, original.timestamp);
  assert.equal(again.marker, true);
  const payload = again.bytes.slice(again.payloadStart);
  assert.equal(payload[0]! << 8 | payload[1]!, original.sequenceNumber);
  assert.deepEqual(payload.slice(2), original.bytes.slice(original.payloadStart));
  assert.equal(receiver.slot.retransmitted, 1);
});

Deno.test("Slot sends nothing again that is gone, too soon, or beyond the budget", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  for (let n = 0; n < 600; n++) {
    send(publication, layer, { n, payload: vp8Payload(n, n & 0xff, n === 0) });
  }
  const numbers = receiver.packets().map(({ sequenceNumber }) => sequenceNumber);
  const before = receiver.sent.length;

  receiver.slot.resend([numbers[0]!, numbers[599]! + 5], 0, () => true);
  assert.equal(receiver.sent.length, before);
  receiver.slot.resend([numbers[598]!], 0, () => false);
  assert.equal(receiver.sent.length, before);
  receiver.slot.resend([numbers[599]!, numbers[599]!], 0, () => true);
  assert.equal(receiver.sent.length, before + 1);
  receiver.slot.resend([numbers[599]!], 30, () => true);
  assert.equal(receiver.sent.length, before + 2);
});

Deno.test("Slot leaves out nothing but padding, and closes its gap", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);

  send(publication, layer, { n: 1, payload: vp8Payload(1, 1, true) });
  send(publication, layer, { n: 2, payload: new Uint8Array(0) });
  send(publication, layer, { n: 3, payload: vp8Payload(2, 1, false) });

  assert.deepEqual(receiver.numbers(), [0, 1]);
});

Deno.test("Slot forwards the loudness and the time of sending, and nothing else of the header", () => {
  const publication = publish("opus", { audioLevel: 1 });
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(false);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  const packet = new RtpPacket();
  packet.read(buildRtpPacket({
    payloadType: 100,
    sequenceNumber: 1,
    timestamp: 1,
    ssrc: 1_000,
    payload: new Uint8Array([9]),
    extensions: [{ id: 1, bytes: new Uint8Array([0x85]) }, {
      id: 4,
      bytes: new Uint8Array([1, 2]),
    }],
  }));

  publication.receive(packet, layer, 1_000);

  const [sent] = receiver.packets();
  assert.ok(sent!.findExtension(2) > 0);
  assert.deepEqual([...sent!.bytes.slice(sent!.findExtension(2)).slice(0, 3)], [4, 0, 0]);
  assert.equal(sent!.bytes[sent!.findExtension(12)], 0x85);
  assert.equal(sent!.findExtension(4), -1);
});

Deno.test("Slot reports in the time of its source", () => {
  const publication = publish("opus");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(false);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  assert.equal(receiver.slot.senderReport(0), undefined);
  send(publication, layer, { n: 1, ts: 48_000, payload: new Uint8Array([1]) }, 1_000);
  assert.equal(receiver.slot.senderReport(1_000), undefined);
  layer.clock = { ntpMs: 1_767_225_600_000, rtpTimestamp: 48_000, at: 1_000, middle: 5 };

  const report = receiver.slot.senderReport(1_500);

  const [first] = receiver.packets();
  const view = new DataView(report!.buffer);
  assert.equal(view.getUint32(4), 7);
  assert.equal(view.getUint32(16), (first!.timestamp + 24_000) >>> 0);
  const block = {
    ssrc: 7,
    fractionLost: 0,
    packetsLost: 3,
    highestSequenceNumber: 1,
    jitter: 0,
    lastSenderReport: view.getUint32(10),
    delaySinceLastSenderReport: 655,
  };
  receiver.slot.reported(block, 1_550);
  assert.equal(Math.round(receiver.slot.roundTripMs), 40);
  assert.equal(receiver.slot.lost, 3);
  receiver.slot.reported({ ...block, lastSenderReport: 123 }, 9_000);
  assert.equal(Math.round(receiver.slot.roundTripMs), 40);
});

Deno.test("Slot that is taken away carries nothing more", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  send(publication, layer, { n: 1, payload: vp8Payload(1, 1, true) });

  receiver.slot.assign(undefined);
  send(publication, layer, { n: 2, payload: vp8Payload(2, 1, true) });
  receiver.slot.requestKeyFrame();

  assert.equal(receiver.sent.length, 1);
  assert.equal(layer.outputs.length, 0);
});

Deno.test("Slot follows a source that begins anew under another SSRC", () => {
  const publication = publish("VP8");
  const before = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, before);
  send(publication, before, { n: 1, payload: vp8Payload(1, 1, true) }, 0);

  const after = publication.layerOf(1_001, "");
  send(publication, after, { n: 500, payload: vp8Payload(1, 1, false) }, 40);
  send(publication, after, { n: 501, payload: vp8Payload(2, 1, true) }, 80);

  assert.deepEqual(receiver.numbers(), [0, 1]);
  assert.deepEqual(publication.layers, [after]);
});

/** A VP9 packet of one spatial layer that is a whole frame (RFC 9628); no picture id. */
function vp9Payload(spatialId: number, isKey: boolean): Uint8Array {
  const isInter = !isKey || spatialId > 0;
  const flags = 0x20 | 0x08 | 0x04 | (isInter && !isKey ? 0x40 : 0);
  return new Uint8Array([flags, spatialId << 1 | (spatialId > 0 && isKey ? 1 : 0), 0, 0x86, 0]);
}

function sendPicture(publication: Publication, layer: Layer, n: number, isKey: boolean): void {
  for (const spatialId of [0, 1, 2]) {
    const payload = vp9Payload(spatialId, isKey);
    send(publication, layer, {
      n: n * 3 + spatialId,
      ts: n * 3_000,
      payload,
      marker: spatialId === 2,
    });
  }
}

Deno.test("Slot leaves out the spatial layers that are not chosen, and marks the end without them", () => {
  const publication = publish("VP9");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  receiver.slot.select({ layer, spatialId: 1 });

  sendPicture(publication, layer, 0, true);
  sendPicture(publication, layer, 1, false);

  assert.deepEqual(receiver.numbers(), [0, 1, 2, 3]);
  assert.deepEqual(receiver.packets().map(({ marker }) => marker), [false, true, false, true]);
  assert.deepEqual(receiver.packets().map(({ payloadType }) => payloadType), [98, 98, 98, 98]);
});

Deno.test("Slot goes down a spatial layer with any picture, and up with a key frame alone", () => {
  const publication = publish("VP9");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  receiver.slot.select({ layer, spatialId: 2 });
  sendPicture(publication, layer, 0, true);
  assert.equal(receiver.sent.length, 3);

  receiver.slot.select({ layer, spatialId: 0 });
  sendPicture(publication, layer, 1, false);
  assert.equal(receiver.sent.length, 4);
  receiver.slot.select({ layer, spatialId: 2 });
  sendPicture(publication, layer, 2, false);
  assert.equal(receiver.sent.length, 5);
  assert.equal(layer.takeKeyFrameWish(0, 400), true);
  sendPicture(publication, layer, 3, true);

  assert.equal(receiver.sent.length, 8);
  assert.deepEqual(receiver.numbers(), [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("Slot forwards VP9 that has no layers as it is", () => {
  const publication = publish("VP9");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);

  send(publication, layer, { n: 1, payload: new Uint8Array([0x0c, 0x82, 0x49]) });
  send(publication, layer, { n: 2, payload: new Uint8Array([0x4c, 0x86, 0]) });

  assert.deepEqual(receiver.numbers(), [0, 1]);
});

Deno.test("Slot repeats what it sent of a source that is gone, or has another codec than the one now", () => {
  const publication = publish("VP8");
  const layer = publication.layerOf(1_000, "");
  const receiver = new Receiver(true);
  receiver.slot.assign(publication);
  select(receiver.slot, layer);
  send(publication, layer, { n: 1, payload: vp8Payload(1, 1, true) });
  const [original] = receiver.packets();

  receiver.slot.assign(undefined);
  receiver.slot.resend([original!.sequenceNumber], 0, () => true);
  receiver.slot.assign(publish("H264"));
  receiver.slot.resend([original!.sequenceNumber], 100, () => true);

  assert.deepEqual(receiver.packets().map(({ payloadType }) => payloadType), [96, 97, 97]);
});
