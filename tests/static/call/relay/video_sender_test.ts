/** Pictures for the socket: when they are encoded, left out, dropped, and when one is a key frame. */
import assert from "node:assert/strict";
import { decodeRelayFrame, type RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { FrameSink } from "../../../../static/call/relay/frame_sink.ts";
import { PathDelay } from "../../../../static/call/relay/path_delay.ts";
import {
  AFRESH_MS,
  DROP_BYTES,
  KEY_PERIOD_MS,
  MAX_WAITING,
  PAUSE_BYTES,
  PAUSE_MS,
  VideoSender,
} from "../../../../static/call/relay/video_sender.ts";
import { FakePicture, FakeRelay } from "../../support/fake_relay.ts";

const FRAME_MS = 40;

function setUp(kind: "vp8" | "h264" = "vp8") {
  const relay = new FakeRelay();
  const delay = new PathDelay({ clock: relay.clock, send: () => true });
  const socket = {
    bufferedAmount: 0,
    isOpen: true,
    frames: [] as RelayFrame[],
    sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean {
      if (socket.isOpen) socket.frames.push(decodeRelayFrame(bytes)!);
      return socket.isOpen;
    },
  };
  const sink = new FrameSink(socket, delay);
  const faults: unknown[] = [];
  const sender = new VideoSender({
    ...{ platform: relay, kind, sink },
    faulted: (fault) => faults.push(fault),
  });
  const show = (count = 1, picture = new FakePicture()) => {
    for (let n = 0; n < count; n++) {
      relay.clock.advance(FRAME_MS);
      sender.take(picture, relay.clock.elapsed() * 1_000);
    }
  };
  return { relay, socket, sink, delay, sender, faults, show };
}

Deno.test("[FR6] VideoSender sends each picture with its time and number, a key frame first", () => {
  const { socket, show } = setUp();

  show(3);

  const all = socket.frames.map(({ kind, isKey, number, timestampUs, width, height }) => [
    ...[kind, isKey, number, timestampUs, `${width}x${height}`],
  ]);
  assert.deepEqual(all, [
    ["vp8", true, 0, 40_000, "640x360"],
    ["vp8", false, 1, 80_000, "640x360"],
    ["vp8", false, 2, 120_000, "640x360"],
  ]);
});

Deno.test("VideoSender takes the other codec where it is told to", () => {
  const { socket, relay, show } = setUp("h264");

  show();

  assert.deepEqual([socket.frames[0]?.kind, relay.encoders[0]?.codecs[0]?.kind], ["h264", "h264"]);
});

Deno.test("[FR5] VideoSender makes a key frame when one is wanted, and not more often than its bound", () => {
  const { socket, sender, show } = setUp();
  show();

  for (let n = 0; n < 3 * KEY_PERIOD_MS / FRAME_MS; n++) {
    sender.wantKey();
    show();
  }

  const keys = socket.frames.filter(({ isKey }) => isKey);
  assert.equal(keys.length, 4);
});

Deno.test("VideoSender leaves pictures out while much waits in the socket, without a gap", () => {
  const { socket, show } = setUp();
  show(2);

  socket.bufferedAmount = PAUSE_BYTES + 1;
  show(10);
  socket.bufferedAmount = 0;
  show(2);

  assert.deepEqual(socket.frames.map(({ number }) => number), [0, 1, 2, 3]);
  assert.deepEqual(socket.frames.map(({ isKey }) => isKey), [true, false, false, false]);
});

Deno.test("VideoSender leaves pictures out while what it sends waits long on its way", () => {
  const { relay, socket, delay, show } = setUp();
  show(2);

  delay.setActive(true); // Its ping is never answered.
  show(PAUSE_MS / FRAME_MS + 40);
  const meanwhile = socket.frames.length;
  delay.setActive(false);
  show(2);

  assert.ok(meanwhile <= 2 + PAUSE_MS / FRAME_MS, `${meanwhile}`);
  assert.equal(socket.frames.length, meanwhile + 2);
  assert.ok(relay.encoders[0]!.codecs.at(-1)!.bitrate < relay.encoders[0]!.codecs[0]!.bitrate);
});

Deno.test("VideoSender leaves pictures out that the encoder would be late with, and too many of them", () => {
  const { relay, socket, sender, show } = setUp();
  show();
  relay.encoders[0]!.waiting = MAX_WAITING + 1;
  show(5);
  relay.encoders[0]!.waiting = 0;

  for (let n = 0; n < 60; n++) {
    relay.clock.advance(10);
    sender.take(new FakePicture(), relay.clock.elapsed() * 1_000);
  }

  assert.ok(socket.frames.length <= 1 + 600 / 26, `${socket.frames.length} pictures`);
});

Deno.test("VideoSender sends nothing before a key frame once it had to drop one", () => {
  const { socket, relay, show } = setUp();
  show(2);

  // It fills up while the encoder is at work.
  const { encode } = relay.encoders[0]!;
  relay.encoders[0]!.encode = function (...args) {
    socket.bufferedAmount = DROP_BYTES + 1;
    encode.apply(this, args);
    socket.bufferedAmount = 0;
    this.encode = encode;
  };
  show(40);

  const { isKey, number } = socket.frames[2]!;
  assert.ok(isKey, "a picture that nobody can decode");
  assert.ok(number > 3, `${number} hides the gap`);
});

Deno.test("[FR6] VideoSender sends no frame that is too long, and makes smaller ones", () => {
  const { relay, socket, sink, show } = setUp();
  sink.maxFrameBytes = 1_500;
  relay.chunkBytes = 5_000;
  const large = new FakePicture(0, 1280, 720);

  show(30, large);
  const none = socket.frames.length;
  relay.chunkBytes = 1_000;
  show(60, large);

  assert.equal(none, 0);
  assert.equal(socket.frames[0]?.isKey, true);
  const heights = relay.encoders.flatMap(({ codecs }) => codecs.map(({ height }) => height));
  assert.ok(heights.at(-1)! < heights[0]!, `${heights}`);
});

Deno.test("VideoSender makes a key frame of a picture of another shape", () => {
  const { socket, show } = setUp();
  show(2);

  show(2, new FakePicture(0, 360, 640));

  const { isKey, width, height } = socket.frames[2]!;
  assert.deepEqual([isKey, width, height], [true, 270, 480]);
});

Deno.test("VideoSender makes another encoder after a failure, and tells of it", () => {
  const { relay, socket, faults, show } = setUp();
  show(2);

  relay.encoders[0]!.events.failed(new Error("Cannot encode"));
  show(AFRESH_MS / FRAME_MS + 2);

  assert.equal(faults.length, 1);
  assert.equal(relay.encoders.length, 2);
  assert.ok(relay.encoders[0]!.isClosed);
  assert.equal(socket.frames[2]?.isKey, true);
});

Deno.test("VideoSender lives with an encoder that throws", () => {
  const { relay, socket, faults, show } = setUp();
  relay.isBroken = true;
  show(2);
  relay.isBroken = false;

  show(AFRESH_MS / FRAME_MS + 2);

  assert.ok(faults.length > 0 && socket.frames.length > 0);
});

Deno.test("VideoSender.close ends the encoder, and takes nothing any more", () => {
  const { relay, socket, sender, show } = setUp();
  show();

  sender.close();
  sender.close();
  show(3);

  assert.ok(relay.encoders[0]!.isClosed);
  assert.equal(socket.frames.length, 1);
});
