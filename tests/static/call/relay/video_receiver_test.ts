/** Pictures that came over the socket: gaps, key frames, decoders that fail, and the time of each. */
import assert from "node:assert/strict";
import type { RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { LEAST_DELAY_MS, Playout } from "../../../../static/call/relay/playout.ts";
import {
  ASK_MS,
  MAX_PENDING,
  MAX_WAITING,
  VideoReceiver,
} from "../../../../static/call/relay/video_receiver.ts";
import { FakePicture, FakeRelay } from "../../support/fake_relay.ts";

function setUp() {
  FakePicture.open = 0;
  const relay = new FakeRelay();
  const asked: number[] = [];
  const faults: unknown[] = [];
  const receiver = new VideoReceiver({
    platform: relay,
    playout: new Playout(),
    needKey: () => asked.push(relay.clock.elapsed()),
    faulted: (fault) => faults.push(fault),
  });
  const come = (number: number, isKey = false, kind: "vp8" | "h264" = "vp8") => {
    receiver.take(frame(number, isKey, relay.clock.elapsed() * 1_000), kind);
  };
  const decoded = () => relay.decoders.flatMap(({ decoded }) => decoded.map(({ isKey }) => isKey));
  return { relay, receiver, asked, faults, come, decoded };
}

function frame(number: number, isKey: boolean, timestampUs: number): RelayFrame {
  const size = { width: 640, height: 360 };
  const payload = new Uint8Array(100);
  return { kind: "vp8", isKey, pictureId: 0, sourceId: 1, timestampUs, number, ...size, payload };
}

Deno.test("[FR2] VideoReceiver decodes from a key frame on, and asks for none at first", () => {
  const { receiver, asked, come, decoded } = setUp();

  come(4);
  come(5);
  come(6, true);
  come(7);

  assert.deepEqual(decoded(), [true, false]);
  assert.deepEqual(asked, []);
  receiver.close();
});

Deno.test("[FR7] VideoReceiver waits for a key frame after a gap, and asks for it now and then", () => {
  const { relay, receiver, asked, come, decoded } = setUp();
  relay.clock.advance(ASK_MS);
  come(1, true);

  for (let n = 3; n < 63; n++) {
    relay.clock.advance(40);
    come(n);
  }
  come(63, true);
  come(64);

  assert.deepEqual(decoded(), [true, true, false]);
  assert.equal(asked.length, Math.floor(60 * 40 / ASK_MS) + 1);
  receiver.close();
});

Deno.test("VideoReceiver knows the next number where numbers begin anew", () => {
  const { receiver, come, decoded } = setUp();

  come(0xffff_ffff, true);
  come(0);

  assert.deepEqual(decoded(), [true, false]);
  receiver.close();
});

Deno.test("VideoReceiver shows each picture when it is due, and counts it then", () => {
  const { relay, receiver, come } = setUp();
  come(1, true);

  relay.clock.advance(LEAST_DELAY_MS - 1);
  const early = receiver.counts.frames;
  relay.clock.advance(1);

  const [writer] = relay.writers;
  assert.deepEqual([early, receiver.counts.frames], [0, 1]);
  assert.equal(writer?.written[0]?.at, LEAST_DELAY_MS);
  assert.equal(receiver.track, writer?.track);
  assert.deepEqual(receiver.counts, {
    ...{ frames: 1, bytes: 100, codec: "VP8", width: 640, height: 360 },
  });
  receiver.close();
});

Deno.test("VideoReceiver makes a decoder anew that failed, and asks for a key frame", () => {
  const { relay, receiver, asked, faults, come, decoded } = setUp();
  come(1, true);
  relay.clock.advance(ASK_MS);

  relay.decoders[0]!.events.failed(new Error("Cannot decode"));
  come(2);
  come(3, true);

  assert.deepEqual([asked.length, faults.length, relay.decoders.length], [1, 1, 2]);
  assert.deepEqual(decoded(), [true, true]);
  receiver.close();
});

Deno.test("VideoReceiver lives with a decoder that throws", () => {
  const { relay, receiver, faults, come } = setUp();
  relay.isBroken = true;
  come(1, true);
  relay.isBroken = false;

  come(2);
  come(3, true);

  assert.deepEqual([faults.length, relay.decoders.length], [1, 2]);
  receiver.close();
});

Deno.test("VideoReceiver takes another decoder for another codec", () => {
  const { relay, receiver, come } = setUp();
  come(1, true);

  come(1, true, "h264");

  assert.equal(relay.decoders.length, 2);
  assert.ok(relay.decoders[0]!.isClosed);
  assert.equal(receiver.counts.codec, "H264");
  receiver.close();
});

Deno.test("VideoReceiver gives up what a slow decoder would never catch up with", () => {
  const { relay, receiver, come, decoded } = setUp();
  come(1, true);
  relay.decoders[0]!.waiting = MAX_WAITING + 1;

  come(2);
  come(3);
  come(4, true);

  assert.deepEqual(decoded(), [true, true]);
  assert.equal(relay.decoders.length, 2);
  receiver.close();
});

Deno.test("VideoReceiver holds a bounded number of pictures, and closes them all", () => {
  const { relay, receiver, come } = setUp();
  come(1, true);

  for (let n = 2; n < 2 * MAX_PENDING; n++) come(n);
  const open = FakePicture.open;
  receiver.close();

  assert.deepEqual([open, FakePicture.open, relay.clock.pending], [MAX_PENDING, 0, 0]);
  assert.ok(relay.writers[0]!.isClosed && relay.decoders[0]!.isClosed);
});

Deno.test("VideoReceiver closes what a decoder still gives after its end", () => {
  const { relay, receiver, come } = setUp();
  come(1, true);
  receiver.close();

  relay.decoders[0]!.events.made(new FakePicture());

  assert.equal(FakePicture.open, 0);
});
