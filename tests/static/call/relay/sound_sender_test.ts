/** Sound for the socket. */
import assert from "node:assert/strict";
import { decodeRelayFrame, type RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { FrameSink } from "../../../../static/call/relay/frame_sink.ts";
import { PathDelay } from "../../../../static/call/relay/path_delay.ts";
import { SoundSender } from "../../../../static/call/relay/sound_sender.ts";
import { AFRESH_MS, DROP_BYTES } from "../../../../static/call/relay/video_sender.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakeRelay, FakeSound } from "../../support/fake_relay.ts";

function setUp() {
  const relay = new FakeRelay();
  const delay = new PathDelay({ clock: relay.clock, send: () => true });
  const frames: RelayFrame[] = [];
  const socket = {
    bufferedAmount: 0,
    sendFrame: (bytes: Uint8Array) => frames.push(decodeRelayFrame(bytes)!) > 0,
  };
  const track = new FakeTrack("audio").asTrack;
  const faults: unknown[] = [];
  const sender = new SoundSender([track], {
    platform: relay,
    sink: new FrameSink(socket, delay),
    faulted: (fault) => faults.push(fault),
  });
  const sounds: FakeSound[] = [];
  let at = 500_000;
  const lose = (us: number) => at += us;
  const say = (count: number, channels = 1) => {
    for (let n = 0; n < count; n++) {
      relay.clock.advance(10);
      const sound = new FakeSound(at, channels);
      at += 10_000;
      sounds.push(sound);
      relay.sound(track, sound);
    }
  };
  return { relay, frames, socket, sender, sounds, faults, say, lose };
}

Deno.test("[FR6] SoundSender sends packets whose times are those of the capture, and closes the sound", () => {
  const { frames, sounds, say } = setUp();

  say(3);

  assert.deepEqual(
    frames.map(({ kind, number, timestampUs, isKey, width }) => [
      ...[kind, number, timestampUs, isKey, width],
    ]),
    [["opus", 0, 0, true, 0], ["opus", 1, 10_000, true, 0], ["opus", 2, 20_000, true, 0]],
  );
  assert.ok(sounds.every(({ isClosed }) => isClosed));
});

Deno.test("SoundSender keeps to the clock of the page where the sound's own runs off", () => {
  const { relay, frames, say } = setUp();

  for (let n = 0; n < 2_000; n++) {
    say(1);
    if (n % 100 === 0) relay.clock.advance(1); // A thousandth slower than the page.
  }

  const { timestampUs } = frames.at(-1)!;
  const apartMs = relay.clock.elapsed() - 10 - timestampUs / 1_000;
  assert.ok(apartMs >= 0 && apartMs <= 10, `${apartMs} ms`);
});

Deno.test("SoundSender brings nothing forward where sound was lost on its way from the track", () => {
  const { relay, frames, say, lose } = setUp();
  say(10);

  relay.clock.advance(180);
  lose(180_000);
  say(10);

  const times = frames.map(({ timestampUs }) => timestampUs / 1_000);
  assert.equal(times[10]! - times[9]!, 190);
  assert.equal(relay.soundEncoders.length, 2);
});

Deno.test("SoundSender drops what the socket cannot take, and its number", () => {
  const { frames, socket, say } = setUp();
  say(1);

  socket.bufferedAmount = DROP_BYTES + 1;
  say(3);
  socket.bufferedAmount = 0;
  say(1);

  assert.deepEqual(frames.map(({ number }) => number), [0, 4]);
});

Deno.test("SoundSender takes another encoder for sound of another kind, and after a failure", () => {
  const { relay, faults, say } = setUp();
  say(1);
  say(1, 2);

  relay.soundEncoders[1]!.events.failed(new Error("Cannot encode"));
  say(1, 2);
  const soon = relay.soundEncoders.length;
  relay.clock.advance(AFRESH_MS);
  say(1, 2);

  assert.deepEqual([soon, relay.soundEncoders.length, faults.length], [2, 3, 1]);
  assert.deepEqual(relay.soundEncoders.map(({ isClosed }) => isClosed), [true, true, false]);
});

Deno.test("SoundSender.close reads nothing any more", () => {
  const { relay, frames, sender, say } = setUp();
  say(1);

  sender.close();
  say(1);

  assert.deepEqual([relay.reading.length, frames.length], [0, 1]);
  assert.ok(relay.soundEncoders[0]!.isClosed);
});
