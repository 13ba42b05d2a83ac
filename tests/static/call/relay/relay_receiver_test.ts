/** The frames of one source as tracks, and what is measured of them. */
import assert from "node:assert/strict";
import { encodeRelayFrame, type RelayKind } from "../../../../src/protocol/relay_frame.ts";
import { RelayReceiver } from "../../../../static/call/relay/relay_receiver.ts";
import { FakeRelay } from "../../support/fake_relay.ts";

function setUp() {
  const relay = new FakeRelay();
  let changes = 0;
  const receiver = new RelayReceiver({
    platform: relay,
    needKey: () => {},
    changed: () => changes++,
  });
  const numbers: Record<string, number> = {};
  const come = (kind: RelayKind, sourceId = 7, bytes = 1_000) => {
    const number = numbers[kind] = (numbers[kind] ?? -1) + 1;
    const timestampUs = Math.round(relay.clock.elapsed() * 1_000);
    const size = { width: 640, height: 360, payload: new Uint8Array(bytes) };
    const isKey = number === 0;
    receiver.take(
      encodeRelayFrame({ kind, isKey, pictureId: 0, sourceId, timestampUs, number, ...size }),
    );
  };
  return { relay, receiver, come, changes: () => changes };
}

Deno.test("[FR2] RelayReceiver has no track before frames of its source come, and tells of each", () => {
  const { receiver, come, changes } = setUp();
  come("vp8");
  receiver.start(7);
  come("opus", 8);
  const before = receiver.tracksIn("camera");

  come("vp8");
  come("opus");
  come("opus");

  assert.deepEqual([before, changes()], [{}, 2]);
  assert.deepEqual(Object.keys(receiver.tracksIn("screen")), ["screen", "microphone"]);
  receiver.close();
});

Deno.test("RelayReceiver drops what is no frame, and single pictures", () => {
  const { relay, receiver, come } = setUp();
  receiver.start(7);

  receiver.take(new Uint8Array(3));
  receiver.take(new Uint8Array(40).fill(255));
  come("jpeg");

  assert.deepEqual([receiver.tracksIn("camera"), relay.decoders.length], [{}, 0]);
});

Deno.test("RelayReceiver measures what comes, a second after the other", () => {
  const { relay, receiver, come } = setUp();
  receiver.start(7);
  receiver.measure("camera");

  for (let n = 0; n < 50; n++) {
    if (n % 2 === 0) come("vp8", 7, 2_500);
    come("opus", 7, 100);
    relay.clock.advance(20);
  }
  const report = receiver.measure("camera");

  const [camera, sound] = report.received;
  assert.equal(report.path, "relay");
  assert.deepEqual(
    [camera?.slot, camera?.kbps, camera?.codec, camera?.height],
    ["camera", 500, "VP8", 360],
  );
  assert.ok(camera!.framesPerSecond! >= 20, `${camera!.framesPerSecond}`);
  assert.deepEqual([sound?.slot, sound?.kbps, sound?.loss], ["microphone", 40, 0]);
  assert.equal(report.kbpsDown, 540);
  assert.deepEqual(receiver.progressIn("camera"), { camera: camera!.frames, microphone: 50 });
  receiver.close();
});

Deno.test("RelayReceiver.close ends the tracks, and takes nothing any more", () => {
  const { relay, receiver, come } = setUp();
  receiver.start(7);
  come("vp8");
  come("opus");

  receiver.close();
  come("vp8");

  assert.ok(relay.writers[0]!.isClosed && relay.soundWriters[0]!.isClosed);
  assert.deepEqual(receiver.tracksIn("camera"), {});
});
