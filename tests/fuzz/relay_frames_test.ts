/**
 * Relayed frames, broken in 100,000 ways: read as what they say or not at all, by the decoder alone
 * and by a whole hub, where what is none is answered and what is one arrives as it was sent.
 */
import assert from "node:assert/strict";
import { decodeRelayFrame, encodeRelayFrame, RELAY_FACTOR } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { HubFixture } from "../support/hub_fixture.ts";
import { roomId, userId } from "../support/messages.ts";
import { relayFrame } from "../support/relay_frames.ts";
import { mutateBytes, SeededChoice } from "./mutate_bytes.ts";

const MUTANTS = 100_000;
/** A join is shorter. */
const MAX_MESSAGE_BYTES = 130;
const MAX_FRAME_BYTES = RELAY_FACTOR * MAX_MESSAGE_BYTES;
const SEEDS = [
  relayFrame({ isKey: true, number: 1, timestampUs: 1_000_000, length: MAX_FRAME_BYTES }),
  relayFrame({ number: 0xffff_ffff, timestampUs: Number.MAX_SAFE_INTEGER }),
  relayFrame({ kind: "h264", isKey: true, width: 0xffff, height: 0xffff, length: 90 }),
  relayFrame({ kind: "opus", width: 0, height: 0, number: 7, length: 60 }),
  relayFrame({ kind: "jpeg", pictureId: 1, length: 120 }),
  relayFrame({ kind: "jpeg", pictureId: 0xffff, sourceId: 0xffff_ffff }),
];

Deno.test("[FR6] 100,000 broken frames are read as what they say, or not at all", () => {
  const choice = new SeededChoice(1);
  let read = 0;
  for (let n = 0; n < MUTANTS; n++) {
    const bytes = mutateBytes(choice.of(SEEDS), choice);
    const before = bytes.slice();

    const frame = decodeRelayFrame(bytes);

    assert.deepEqual(bytes, before, `mutant ${n} was written to`);
    if (frame === undefined) continue;
    read++;
    const again = encodeRelayFrame(frame);
    // Sound and single pictures are key frames, whether their flag says so or not.
    again[1] = bytes[1]!;
    assert.deepEqual(again, bytes, `mutant ${n}`);
  }
  assert.ok(read > MUTANTS / 10 && read < MUTANTS * 0.95, `${read} were read`);
});

Deno.test("[CO7] [FR6] 100,000 broken frames get an error or go on as they are, and nothing breaks", () => {
  const clock = new FakeClock();
  const fixture = new HubFixture({ clock, limits: { maxMessageBytes: MAX_MESSAGE_BYTES } });
  const choice = new SeededChoice(2);
  const bob = fixture.join("live", "bob");
  const ann = fixture.join("live", "ann", { role: "broadcaster", relay: true });
  bob.say({ type: "request-relay", roomId: "live" });
  let pictures = 0;
  fixture.hub.watchPictures({
    ...{ roomId: roomId("live"), userId: userId("ann"), width: 320, framesPerSecond: 30 },
    received: () => pictures++,
    ended() {},
  });
  let passed = 0;
  let refused = 0;
  for (let n = 0; n < MUTANTS; n++) {
    // A second of rest for each hundred, so that no bucket is the one that refuses.
    if (n % 100 === 0) clock.advance(1_000);
    const bytes = mutateBytes(choice.of(SEEDS), choice);
    const expected = decodeRelayFrame(bytes.slice());

    ann.sayBytes(bytes);

    const codes = ann.heard().flatMap((message) => message.type === "error" ? [message.code] : []);
    const isTooLong = bytes.length > MAX_FRAME_BYTES;
    const code = isTooLong ? "message-too-large" : expected === undefined ? "bad-message" : [];
    assert.deepEqual(codes, [code].flat(), `mutant ${n}`);
    refused += codes.length;
    for (const received of bob.socket.bytes.splice(0)) {
      passed++;
      assert.equal(received.length, bytes.length, `mutant ${n}`);
      const { sourceId: _source, ...frame } = decodeRelayFrame(received)!;
      const { sourceId: _sent, ...sent } = expected!;
      assert.deepEqual(frame, sent, `mutant ${n}`);
    }
  }
  const all = [passed, refused, pictures];
  assert.ok(all.every((count) => count > 500), `${all}`);
});
