/** Sound that came over the socket. */
import assert from "node:assert/strict";
import type { RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { LEAST_DELAY_MS, Playout } from "../../../../static/call/relay/playout.ts";
import {
  AFRESH_MS,
  SoundReceiver,
  TOO_LATE_MS,
} from "../../../../static/call/relay/sound_receiver.ts";
import { FakeRelay, FakeSound } from "../../support/fake_relay.ts";

function setUp() {
  const relay = new FakeRelay();
  const faults: unknown[] = [];
  const playout = new Playout();
  const faulted = (fault: unknown) => faults.push(fault);
  const receiver = new SoundReceiver({ platform: relay, playout, faulted });
  return { relay, receiver, faults, playout };
}

function packet(number: number, timestampUs: number): RelayFrame {
  const payload = new Uint8Array(50);
  const size = { width: 0, height: 0, payload };
  return { kind: "opus", isKey: true, pictureId: 0, sourceId: 1, timestampUs, number, ...size };
}

Deno.test("SoundReceiver has each packet played when it is due", () => {
  const { relay, receiver } = setUp();

  receiver.take(packet(0, 0));
  relay.clock.advance(25);
  receiver.take(packet(1, 20_000));

  const [writer] = relay.soundWriters;
  assert.deepEqual(writer!.written.map(({ inMs }) => inMs), [
    LEAST_DELAY_MS,
    LEAST_DELAY_MS - 5,
  ]);
  assert.equal(receiver.track, writer!.track);
});

Deno.test("SoundReceiver counts what came and what is missing", () => {
  const { receiver } = setUp();

  for (const number of [7, 8, 11, 12]) receiver.take(packet(number, number * 20_000));
  receiver.take(packet(0, 300_000));

  assert.deepEqual(receiver.counts, { packets: 5, lost: 2, bytes: 250 });
});

Deno.test("SoundReceiver leaves out what is much too late", () => {
  const { relay, receiver, playout } = setUp();
  receiver.take(packet(0, 0));
  const [decoder] = relay.soundDecoders;

  relay.clock.advance(playout.delayMs + TOO_LATE_MS + 1);
  const late = new FakeSound(0);
  decoder!.events.made(late);

  assert.equal(relay.soundWriters[0]!.written.length, 1);
  assert.ok(late.isClosed);
});

Deno.test("SoundReceiver makes a decoder anew that failed, not at once", () => {
  const { relay, receiver, faults } = setUp();
  receiver.take(packet(0, 0));

  relay.soundDecoders[0]!.events.failed(new Error("Cannot decode"));
  receiver.take(packet(1, 20_000));
  const soon = relay.soundDecoders.length;
  relay.clock.advance(AFRESH_MS);
  receiver.take(packet(2, 40_000));

  assert.deepEqual([soon, relay.soundDecoders.length, faults.length], [1, 2, 1]);
});

Deno.test("SoundReceiver.close ends decoder and track", () => {
  const { relay, receiver } = setUp();
  receiver.take(packet(0, 0));

  receiver.close();

  assert.ok(relay.soundDecoders[0]!.isClosed && relay.soundWriters[0]!.isClosed);
});
