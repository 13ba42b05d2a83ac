/** Single pictures for those who watch over HTTP. */
import assert from "node:assert/strict";
import { decodeRelayFrame, type RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { FrameSink } from "../../../../static/call/relay/frame_sink.ts";
import { PathDelay } from "../../../../static/call/relay/path_delay.ts";
import { PictureSender } from "../../../../static/call/relay/picture_sender.ts";
import { FULL_BYTES } from "../../../../static/call/relay/relay_rate.ts";
import { settle } from "../../support/fake_media.ts";
import { FakePicture, FakeRelay } from "../../support/fake_relay.ts";

function setUp() {
  FakePicture.open = 0;
  const relay = new FakeRelay();
  const delay = new PathDelay({ clock: relay.clock, send: () => true });
  const frames: RelayFrame[] = [];
  const socket = {
    bufferedAmount: 0,
    sendFrame: (bytes: Uint8Array) => frames.push(decodeRelayFrame(bytes)!) > 0,
  };
  const sink = new FrameSink(socket, delay);
  const faults: unknown[] = [];
  const options = { platform: relay, sink, faulted: (fault: unknown) => faults.push(fault) };
  const sender = new PictureSender(options);
  let at = 0;
  const show = async (ms: number, everyMs = 33) => {
    for (const end = at + ms; at < end; at += everyMs) {
      const picture = new FakePicture(at * 1_000);
      sender.take(picture, at * 1_000);
      picture.close();
      await settle();
    }
  };
  return { relay, frames, socket, sink, sender, faults, show };
}

for (const framesPerSecond of [0.5, 5, 10, 25]) {
  Deno.test(`[FR4] PictureSender makes ${framesPerSecond} pictures a second of a camera's thirty`, async () => {
    const { frames, sender, show } = setUp();
    sender.setWanted([{ pictureId: 3, width: 320, framesPerSecond }]);

    await show(10_000);

    const wanted = 10 * framesPerSecond;
    assert.ok(Math.abs(frames.length - wanted) <= 1 + wanted / 20, `${frames.length} of ${wanted}`);
    const [{ kind, pictureId, width, height } = frames[0]!] = frames;
    assert.deepEqual([kind, pictureId, width, height], ["jpeg", 3, 320, 180]);
    assert.equal(FakePicture.open, 0);
  });
}

Deno.test("[FR4] PictureSender makes no picture wider than what is shown", async () => {
  const { frames, sender, show } = setUp();
  sender.setWanted([{ pictureId: 1, width: 1920, framesPerSecond: 5 }]);

  await show(1);

  assert.equal(frames[0]?.width, 640);
});

Deno.test("[FR4] PictureSender serves each wish by itself, and only as long as it lasts", async () => {
  const { frames, sender, show } = setUp();
  const small = { pictureId: 1, width: 160, framesPerSecond: 10 };
  const large = { pictureId: 2, width: 640, framesPerSecond: 2 };
  sender.setWanted([small, large]);

  await show(2_000);
  sender.setWanted([{ ...large, width: 480 }]);
  const before = frames.length;
  await show(2_000);

  const ids = frames.slice(before).map(({ pictureId, width }) => `${pictureId} ${width}`);
  assert.deepEqual(new Set(ids), new Set(["2 480"]));
  const smalls = frames.filter(({ pictureId }) => pictureId === 1).length;
  assert.ok(Math.abs(smalls - 20) <= 1, `${smalls} small ones in two seconds`);
  sender.setWanted([]);
  assert.equal(sender.isWanted, false);
});

Deno.test("PictureSender encodes one picture at a time for one wish", async () => {
  const { relay, frames, sender, show } = setUp();
  relay.isQuick = false;
  sender.setWanted([{ pictureId: 1, width: 320, framesPerSecond: 25 }]);

  await show(1_000);
  const [first] = relay.jpegs;
  const begun = relay.jpegs.length;
  first!.done();
  await settle();

  assert.deepEqual([begun, frames.length, FakePicture.open], [1, 1, 0]);
});

Deno.test("PictureSender sends nothing that nobody wants any more, or while much waits", async () => {
  const { relay, frames, socket, sender, show } = setUp();
  relay.isQuick = false;
  sender.setWanted([{ pictureId: 1, width: 320, framesPerSecond: 25 }]);
  await show(1);
  sender.setWanted([]);
  relay.jpegs[0]!.done();
  await settle();
  sender.setWanted([{ pictureId: 1, width: 320, framesPerSecond: 25 }]);

  socket.bufferedAmount = FULL_BYTES + 1;
  await show(1_000);

  assert.deepEqual([frames.length, relay.jpegs.length], [0, 1]);
});

Deno.test("[FR6] PictureSender makes narrower pictures where one is too long", async () => {
  const { relay, frames, sink, sender, show } = setUp();
  sink.maxFrameBytes = 1_000;
  sender.setWanted([{ pictureId: 1, width: 320, framesPerSecond: 25 }]);
  await show(300);

  relay.jpegBytes = 500;
  await show(300);

  assert.ok(frames[0]!.width < 200, `${frames[0]!.width}`);
});

Deno.test("PictureSender goes on after a picture that could not be made", async () => {
  const { relay, frames, sender, faults, show } = setUp();
  sender.setWanted([{ pictureId: 1, width: 320, framesPerSecond: 25 }]);
  relay.isBroken = true;
  await show(100);
  relay.isBroken = false;

  await show(100);

  assert.ok(faults.length > 0 && frames.length > 0);
  assert.equal(FakePicture.open, 0);
});
